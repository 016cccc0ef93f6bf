import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { header } from '../../../platform/avro/header';
import {
  readerSpanIdOf,
  spanIdOf,
  traceIdOf,
  traceparent,
} from '../../../platform/trace/trace-ids';
import { spanOf, type FinishedSpan, type Traces } from '../../../platform/trace/spans';
import { openTraces } from '../../../platform/trace/traces';
import { OtelTraces } from '../../../platform/trace/otel-traces';
import { orderPaid } from '../../streams/views/sample-events';

const ORDER = 'b5a34a53-68b1-5b8a-9a55-0f7e9a3d6d11';
const all: Pick<Traces, 'isSampled'> = { isSampled: () => true };

test('an order is a trace, an event a span of it, and its cause the parent', () => {
  const event = orderPaid(ORDER);
  const span = spanOf(all as Traces, event);
  expect(span).toMatchObject({
    traceId: 'b5a34a5368b15b8a9a550f7e9a3d6d11',
    spanId: event.eventId.slice(-17).replace('-', ''),
    startedAt: event.occurredAt,
  });
  const next = { ...event, ...header({ id: event.eventId, at: 0 }, 'next', ORDER) };
  expect(spanOf(all as Traces, next)?.parentSpanId).toBe(span?.spanId);
});

test('what is of no order, or caused by what is no record, stands alone', () => {
  const event = orderPaid(ORDER);
  expect(spanOf(all as Traces, { ...event, correlationId: 'orders-0@7' })).toBeUndefined();
  const caused = spanOf(all as Traces, { ...event, causationId: 'orders-0@7' });
  expect(caused).toMatchObject({ parentSpanId: undefined });
});

test('a header is one that other tracers read', () => {
  const traceId = traceIdOf(ORDER) ?? '';
  const spanId = readerSpanIdOf(ORDER, 'views') ?? '';
  expect(traceparent({ traceId, spanId })).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  expect(spanId).not.toBe(spanIdOf(ORDER));
});

test('without a collector there are no traces, and a share that is none is refused', () => {
  expect(openTraces({})).toBeUndefined();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_TRACES_SAMPLER_ARG: '2' };
  expect(() => openTraces(env)).toThrow('it takes a share of orders from 0 to 1');
});

/** What the collector would be sent. */
class KeepingExporter implements SpanExporter {
  readonly kept: object[] = [];

  export(spans: readonly ReadableSpan[], done: (result: { code: number }) => void): void {
    for (const span of spans) {
      const { name, parentSpanContext, resource, links, startTime, endTime } = span;
      const { traceId, spanId } = span.spanContext();
      this.kept.push({
        ...{ service: resource.attributes['service.name'], name, traceId, spanId },
        parentSpanId: parentSpanContext?.spanId,
        startedAt: startTime[0] * 1_000 + startTime[1] / 1e6,
        endedAt: endTime[0] * 1_000 + endTime[1] / 1e6,
        links: links.map(({ context }) => context.traceId),
      });
    }
    done({ code: 0 });
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

const span: FinishedSpan = {
  name: 'OrderPaid orders.events.v1',
  kind: 'producer',
  traceId: 'b5a34a5368b15b8a9a550f7e9a3d6d11',
  spanId: '0123456789abcdef',
  parentSpanId: 'fedcba9876543210',
  startedAt: 1_000,
  endedAt: 990,
  attributes: {},
  link: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
};

test('a span is exported with the ids and times that it is given, by its service', async () => {
  const exporter = new KeepingExporter();
  const traces = new OtelTraces(() => exporter, 1);
  traces.finished('orders', span);
  traces.finished('edge', { ...span, spanId: '00f067aa0ba902b7', parentSpanId: undefined });
  await traces.close();
  expect(exporter.kept).toEqual([
    {
      ...{ service: 'orders', name: span.name, traceId: span.traceId, spanId: span.spanId },
      parentSpanId: span.parentSpanId,
      // It never ends before it began, whatever two clocks say.
      ...{ startedAt: 1_000, endedAt: 1_000 },
      links: ['4bf92f3577b34da6a3ce929d0e0e4736'],
    },
    expect.objectContaining({ service: 'edge', spanId: '00f067aa0ba902b7' }),
  ]);
});

test('half of the orders are half of the traces, the same half everywhere', async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_TRACES_SAMPLER_ARG: '0.5' };
  const [one, other] = [openTraces(env), openTraces(env)];
  const ids = Array.from(
    { length: 400 },
    (_, n) => traceIdOf(header({ id: String(n), at: 0 }, 'x', '').eventId) ?? '',
  );
  const sampled = ids.filter((id) => one?.isSampled(id));
  expect(sampled.length).toBeGreaterThan(140);
  expect(sampled.length).toBeLessThan(260);
  expect(ids.filter((id) => other?.isSampled(id))).toEqual(sampled);
  await Promise.all([one?.close(), other?.close()]);
});
