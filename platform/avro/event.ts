/**
 * The events that a program knows, by the name of their record. Whoever has schemas adds theirs:
 *
 *   declare module '…/platform/avro/event' {
 *     interface EventsByType { WordSeen: { readonly type: 'WordSeen'; readonly word: string } }
 *   }
 */
export interface EventsByType {
  DeadLetter: DeadLetter;
}

/** The runtime's own record (`runtime/DeadLetter.avsc`): what an app could not process, and why. */
export interface DeadLetter {
  readonly type: 'DeadLetter';
  readonly eventId: string;
  /** Ms since the epoch. */
  readonly occurredAt: number;
  readonly causationId: string;
  readonly correlationId: string;
  /** The app that could not process it. */
  readonly app: string;
  /** Where the record stands. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: null | Buffer;
  /** Cut at a limit; `valueBytes` is the length of the whole. */
  readonly value: null | Buffer;
  readonly valueBytes: number;
  readonly headers: Record<string, Buffer>;
  readonly errorCode: string;
  /** For people. */
  readonly reason: string;
}

/** The name of a record; it discriminates the union of events. */
export type EventType = keyof EventsByType;

/** The event, or union of events, of a type: the record's fields and `type`. */
export type EventOf<T extends EventType> = EventsByType[T];

export type AnyEvent = EventOf<EventType>;

/** Distributes over a union: the fields of each event but `K`. */
export type EventWithout<E extends AnyEvent, K extends PropertyKey> = E extends AnyEvent
  ? Omit<E, K>
  : never;
