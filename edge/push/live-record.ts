/** A record of the log, as clients get it. */
import type { AnyEvent } from '../../schemas/event';
import type { LogRecord } from '../../streams/runtime/broker';
import type { TimelineEntry } from '../api';

/** Undefined for a record that is no event of an order, which no room shows. */
export function timelineEntryOf(record: LogRecord, event: AnyEvent): TimelineEntry | undefined {
  if (!('eventId' in event) || !('occurredAt' in event)) return undefined;
  const { type, ...payload } = event;
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
