import type { EventsByType } from './generated';

/** The name of a record in schemas/; it discriminates the union of events. */
export type EventType = keyof EventsByType;

/** The event, or union of events, of a type: the record's fields and `type`. */
export type EventOf<T extends EventType> = EventsByType[T];

export type AnyEvent = EventOf<EventType>;

/** Distributes over a union: the fields of each event but `K`. */
export type EventWithout<E extends AnyEvent, K extends PropertyKey> = E extends AnyEvent
  ? Omit<E, K>
  : never;
