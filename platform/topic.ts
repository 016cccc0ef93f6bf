import type { EventOf, EventType } from './avro/event';

/**
 * A topic as a typed constant: what may be written to it, under which key, and how it is kept.
 * `T` is the union of the event types it carries.
 */
export interface Topic<T extends EventType = EventType> {
  readonly name: string;
  /** The events that may stand on it; any other is a dead letter. */
  readonly types: readonly T[];
  /** The record's key: a UTF-8 string; equal keys meet in equal partitions of all topics. */
  // A method, so that a Topic of some events is a Topic.
  key(event: EventOf<T>): string;
  readonly cleanup: TopicCleanup;
}

export type TopicCleanup =
  /** Event topics keep everything: every store and view is rebuilt from them. */
  | { readonly kind: 'keep' }
  /** The newest record of a key stands for it; a null value deletes it. */
  | {
      readonly kind: 'compact';
      readonly deleteRetentionMs: number;
      /** Nothing is dropped before it is that old; absent: as soon as the broker gets to it. */
      readonly minCompactionLagMs?: bigint;
    };

/** The events that stand on a topic: a union that switches on `type`. */
export type EventOn<T extends Topic> = T extends Topic<infer Type> ? EventOf<Type> : never;

export const KEEP: TopicCleanup = { kind: 'keep' };

/**
 * A tombstone stays readable for a day, so that a reader that was away for less than that never
 * resurrects what was deleted meanwhile (S1 rebuilds a store that is older than half of it).
 */
export const COMPACT: TopicCleanup = { kind: 'compact', deleteRetentionMs: 24 * 60 * 60 * 1_000 };

/**
 * The newest record of a key stands for it and all the others are kept, because they say who changed
 * what: the lag is the longest that Kafka knows.
 */
export const COMPACT_WITH_HISTORY: TopicCleanup = {
  ...COMPACT,
  minCompactionLagMs: 2n ** 63n - 1n,
};

export function defineTopic<const T extends EventType>(topic: Topic<T>): Topic<T> {
  return topic;
}
