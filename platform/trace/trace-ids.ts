/**
 * Ids of traces and spans (W3C Trace Context), derived as all ids are: every process, and every
 * replay, gives a record the same span, and nobody has to remember who its parent was.
 *
 *   trace       what belongs together: the orderId, which is the correlationId of all its events
 *   span        a record: its eventId; or what a reader made of it: that and the reader's name
 *   its parent  the record that led to it: its causationId
 *
 * So the webhook of an order, a poll that a timer began and an operator's repair a week later stand
 * in the order's one trace, which no context handed from call to call would give.
 */
import { eventId } from '../avro/event-id';

const UUID = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/;

/** 32 hexadecimal digits; undefined for what is no UUID and so no trace. */
export function traceIdOf(correlationId: string): string | undefined {
  return UUID.test(correlationId) ? correlationId.replaceAll('-', '') : undefined;
}

/** 16 hexadecimal digits; undefined for an id from outside that is no UUID. */
export function spanIdOf(id: string): string | undefined {
  const groups = UUID.exec(id);
  // The first half of a UUID has its version, which all of them share.
  return groups === null ? undefined : `${groups[4] ?? ''}${groups[5] ?? ''}`;
}

/** Of what `reader` did with the record. */
export function readerSpanIdOf(id: string, reader: string): string | undefined {
  return spanIdOf(eventId(id, `span/${reader}`));
}

/** The header of a record, for whoever reads it with a tracer of its own. */
export const TRACE_HEADER = 'traceparent';

export function traceparent({ traceId, spanId }: Readonly<Record<'traceId' | 'spanId', string>>) {
  return `00-${traceId}-${spanId}-01`;
}
