/**
 * What a participant declares: its inputs, its outputs, the state keys that an event needs, and
 * pure synchronous functions. The runtime does the rest. No await, no clock, no chance inside: the
 * same log gives the same outputs, on every machine and in every replay.
 */
import type { AnyEvent, EventOf, EventType } from '../../platform/avro/event';
import type { Cause } from '../../platform/avro/header';
import type { Changelog } from '../../platform/changelog';
import type { EventOn, Topic } from '../../platform/topic';

/** A state record without the timers, which the runtime keeps in it. */
export type StateOf<S extends EventType> = S extends EventType ? Omit<EventOf<S>, 'timers'> : never;

/** Where a fact stands in the log. */
export interface LogPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Log-append time, ms since the epoch. */
  readonly timestamp: number;
}

/** A timer that came due. It is gone before `onTimer` runs; set it again to go on. */
export interface Timer {
  readonly key: string;
  readonly name: string;
  readonly dueAt: number;
}

export interface TimerContext<S extends EventType> {
  /** Log-append time of the record, or due time of the timer; ms since the epoch. */
  readonly now: number;
  readonly cause: Cause;
  /** The state at a declared key. Never change what it returns; `put` a new value. */
  get(key: string): StateOf<S> | undefined;
  put(key: string, state: StateOf<S>): void;
  /** Deletes the state and all its timers. */
  delete(key: string): void;
  emit<T extends Topic>(topic: T, event: EventOn<T>): void;
  /**
   * A timer lives on the state at `key`, one per name; setting it again moves it. It fires at
   * `dueAt` of log time (T1), never before all that was logged until then has been handled.
   */
  setTimer(key: string, name: string, dueAt: number): void;
  clearTimer(key: string, name: string): void;
  /** These and no others, by name: what is not among them is cleared. */
  setTimers(key: string, timers: Readonly<Record<string, number>>): void;
  /** Due times of the timers at `key`, by name. */
  timers(key: string): Readonly<Record<string, number>>;
}

export interface HandlerContext<S extends EventType> extends TimerContext<S> {
  readonly position: LogPosition;
  /**
   * D1: discards what this handler has written so far and sends the record to the dead letters.
   * For input that decodes but makes no sense here; never returns.
   */
  reject(errorCode: string, reason: string): never;
}

/** `I`: events of the inputs; `S`: state records. Built with `defineApp`. */
export interface StreamApp<I extends AnyEvent = AnyEvent, S extends EventType = EventType> {
  /** Name of the consumer group, of the changelog, and of the transactional ids `<name>-<p>`. */
  readonly name: string;
  /** Co-partitioned: task p reads partition p of each. */
  readonly inputs: readonly Topic[];
  readonly outputs: readonly Topic[];
  readonly changelog: Changelog<S>;
  /** The types that `handle` heeds; records of others are passed over undecoded. All without it. */
  readonly heeds?: readonly I['type'][];
  /** Every key that `handle` may touch for this event. Touching another is a bug and dies. */
  keys(event: I): readonly string[];
  handle(event: I, context: HandlerContext<S>): void;
  /** Keys that `onTimer` may touch besides the timer's own. */
  timerKeys?(timer: Timer): readonly string[];
  onTimer(timer: Timer, context: TimerContext<S>): void;
}

/** Ties the types of inputs and state together; gives back what it was given. */
export function defineApp<const T extends Topic, S extends EventType>(
  app: Omit<StreamApp<EventOn<T>, S>, 'inputs'> & { readonly inputs: readonly T[] },
): StreamApp {
  return app;
}
