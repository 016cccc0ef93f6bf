/**
 * A record of the log, as clients get it: without what its sender wrote at any length, which is for
 * whoever asks for that record alone. The timeline of the read models leaves out the same.
 */
import type { AnyEvent } from '../../schemas/event';
import type { LogRecord } from '../../streams/runtime/broker';
import type { TimelineEntry } from '../contract/api-types';

/** Undefined for a record that is no event of an order, which no room shows. */
export function timelineEntryOf(record: LogRecord, event: AnyEvent): TimelineEntry | undefined {
  if (!('eventId' in event) || !('occurredAt' in event)) return undefined;
  const { type, ...payload } = withoutBody(event);
  return {
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    eventId: event.eventId,
    type,
    occurredAt: event.occurredAt,
    loggedAt: record.timestamp,
    payload,
  };
}

/** A webhook's body may have 64 KiB, and an order may have hundreds of them. */
function withoutBody(event: AnyEvent): AnyEvent {
  return event.type === 'PaymentNotificationReceived'
    ? (Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'body')) as AnyEvent)
    : event;
}
