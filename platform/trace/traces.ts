/**
 * Whether and where spans are collected. There is nobody unless OTEL_EXPORTER_OTLP_ENDPOINT names a
 * collector; without it no record is looked at.
 */
import type * as Otel from './otel-traces';
import type { Traces } from './spans';

/** Undefined where tracing is off, which is the default. Throws on a ratio that is none. */
export function openTraces(env: NodeJS.ProcessEnv): Traces | undefined {
  const endpoint = env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (endpoint === undefined || endpoint === '') return undefined;
  const text = env['OTEL_TRACES_SAMPLER_ARG'] ?? '1';
  const ratio = Number(text);
  if (text === '' || !(ratio >= 0 && ratio <= 1)) {
    throw new Error(`OTEL_TRACES_SAMPLER_ARG is ${text}; it takes a share of orders from 0 to 1`);
  }
  // Only now: OpenTelemetry takes 16 MB and as long as a third of a start.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { OtelTraces, otlpExporter } = require('./otel-traces') as typeof Otel;
  return new OtelTraces(() => otlpExporter(endpoint), ratio);
}
