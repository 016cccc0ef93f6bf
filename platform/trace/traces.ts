/**
 * Whether and where spans are collected. There is nobody unless OTEL_EXPORTER_OTLP_ENDPOINT names a
 * collector; without it no record is looked at.
 */
import { EnvironmentError } from '../environment-error';
import type * as Otel from './otel-traces';
import type { Traces } from './spans';

export interface TraceSettings {
  readonly endpoint: string;
  /** Share of orders, 0 to 1. */
  readonly ratio: number;
}

/** Undefined where tracing is off, which is the default. Throws EnvironmentError on a ratio that is none. */
export function readTraceSettings(env: NodeJS.ProcessEnv): TraceSettings | undefined {
  const endpoint = env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (endpoint === undefined || endpoint === '') return undefined;
  const text = env['OTEL_TRACES_SAMPLER_ARG'] ?? '1';
  const ratio = Number(text);
  if (text === '' || !(ratio >= 0 && ratio <= 1)) {
    throw new EnvironmentError(
      `OTEL_TRACES_SAMPLER_ARG: is ${text}, and it takes a share of orders from 0 to 1`,
    );
  }
  return { endpoint, ratio };
}

/** Undefined where tracing is off. Throws EnvironmentError. */
export function openTraces(env: NodeJS.ProcessEnv): Traces | undefined {
  const settings = readTraceSettings(env);
  if (settings === undefined) return undefined;
  const { endpoint, ratio } = settings;
  // Only now: OpenTelemetry takes 16 MB and as long as a third of a start.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { OtelTraces, otlpExporter } = require('./otel-traces') as typeof Otel;
  return new OtelTraces(() => otlpExporter(endpoint), ratio);
}
