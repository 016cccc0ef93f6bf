/** A timeline entry as the event it carries, so that a switch over its type knows its fields. */
import type { TimelineEntry } from '../../edge/contract/api-types';
import type { AnyEvent, EventOf, EventType } from '../../schemas/event';

/** The edge decoded the payload by the schema that `type` names. */
export function eventOf<T extends EventType = EventType>(
  entry: Pick<TimelineEntry, 'type' | 'payload'>,
): EventOf<T> {
  return { type: entry.type, ...entry.payload } as AnyEvent as EventOf<T>;
}
