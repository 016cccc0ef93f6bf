/**
 * Spans by OpenTelemetry's SDK, to an OTLP collector over HTTP as a rule, in batches. What cannot be
 * sent is dropped: a collector that is away costs spans and nothing else.
 */
import {
  ROOT_CONTEXT,
  SpanKind,
  TraceFlags,
  trace,
  type Link,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  SamplingDecision,
  TraceIdRatioBasedSampler,
  type IdGenerator,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import type { FinishedSpan, Traces } from './spans';

const KINDS = {
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** One second's worth under load; more is dropped (B1). */
const QUEUED_SPANS_MAX = 8_192;
const BATCH_SPANS_MAX = 1_024;
const BATCH_EVERY_MS = 1_000;
const EXPORT_WITHIN_MS = 3_000;

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/;

/** Gives the ids that it is told: ours derive from the records. */
class GivenIds implements IdGenerator {
  next = { traceId: '', spanId: '' };

  readonly generateTraceId = (): string => this.next.traceId;
  readonly generateSpanId = (): string => this.next.spanId;
}

export function otlpExporter(endpoint: string): SpanExporter {
  return new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_WITHIN_MS,
  });
}

export class OtelTraces implements Traces {
  private readonly ids = new GivenIds();
  private readonly sampler: TraceIdRatioBasedSampler;
  private readonly providers = new Map<string, BasicTracerProvider>();
  private readonly tracers = new Map<string, Tracer>();

  /** `exporter`: one for each service. `ratio`: the share of traces that is wanted, 0 to 1. */
  constructor(
    private readonly exporter: () => SpanExporter,
    ratio: number,
  ) {
    this.sampler = new TraceIdRatioBasedSampler(ratio);
  }

  isSampled(traceId: string): boolean {
    const { decision } = this.sampler.shouldSample(ROOT_CONTEXT, traceId);
    return decision === SamplingDecision.RECORD_AND_SAMPLED;
  }

  finished(service: string, span: FinishedSpan): void {
    const { traceId, spanId, parentSpanId, startedAt, endedAt } = span;
    this.ids.next = { traceId, spanId };
    const parent = parentSpanId === undefined ? undefined : contextOf(traceId, parentSpanId);
    this.tracer(service)
      .startSpan(
        span.name,
        {
          kind: KINDS[span.kind],
          startTime: new Date(startedAt),
          attributes: { ...span.attributes },
          links: linksOf(span.link),
        },
        parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent),
      )
      // Clocks differ between machines; a span never ends before it began.
      .end(new Date(Math.max(startedAt, endedAt)));
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.providers.values()].map((provider) => provider.shutdown()));
  }

  private tracer(service: string): Tracer {
    const known = this.tracers.get(service);
    if (known !== undefined) return known;
    const provider = new BasicTracerProvider({
      idGenerator: this.ids,
      resource: resourceFromAttributes({ 'service.name': service }),
      spanProcessors: [
        new BatchSpanProcessor(this.exporter(), {
          maxQueueSize: QUEUED_SPANS_MAX,
          maxExportBatchSize: BATCH_SPANS_MAX,
          scheduledDelayMillis: BATCH_EVERY_MS,
          exportTimeoutMillis: EXPORT_WITHIN_MS,
        }),
      ],
    });
    const tracer = provider.getTracer('paypay-order-streams');
    this.providers.set(service, provider);
    this.tracers.set(service, tracer);
    return tracer;
  }
}

function contextOf(traceId: string, spanId: string): SpanContext {
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
}

/** Of a header that anybody may send: what is no context is left out. */
function linksOf(header: string | undefined): Link[] {
  const [, traceId, spanId] = TRACEPARENT.exec(header ?? '') ?? [];
  if (traceId === undefined || spanId === undefined) return [];
  return [{ context: contextOf(traceId, spanId) }];
}
