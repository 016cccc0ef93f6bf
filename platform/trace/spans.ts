/** What a span is here, and the port to whoever collects them. */
import type { AnyEvent } from '../avro/event';
import { spanIdOf, traceIdOf } from './trace-ids';

export interface FinishedSpan {
  readonly name: string;
  readonly kind: 'server' | 'producer' | 'consumer';
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** The caller's own trace, as its `traceparent` says. */
  readonly link?: string;
}

export interface Traces {
  /** Whether spans of this trace are wanted: every process says the same. */
  isSampled(traceId: string): boolean;
  /** `service`: who did it, such as an app. Never throws and never waits. */
  finished(service: string, span: FinishedSpan): void;
  /** Sends what waits, for at most some seconds. */
  close(): Promise<void>;
}

export interface RecordSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  /** When the record that led to it was appended, or when the request came. */
  readonly startedAt: number;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** The span of an event's record; undefined for what belongs to no trace that is wanted. */
export function spanOf(traces: Traces, event: AnyEvent): RecordSpan | undefined {
  if (!('eventId' in event) || !('correlationId' in event)) return undefined;
  const { eventId, causationId, correlationId, occurredAt } = event;
  const traceId = traceIdOf(correlationId);
  const spanId = spanIdOf(eventId);
  if (traceId === undefined || spanId === undefined || !traces.isSampled(traceId)) return undefined;
  const attributes = {
    'event.id': eventId,
    'event.type': event.type,
    ...('orderId' in event ? { 'order.id': event.orderId } : {}),
  };
  return {
    traceId,
    spanId,
    parentSpanId: spanIdOf(causationId),
    startedAt: occurredAt,
    attributes,
  };
}
