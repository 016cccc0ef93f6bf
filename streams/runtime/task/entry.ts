/** What stands at a key of a task's state: nothing, or a state with its timers. */
import type { AnyEvent } from '../../../platform/avro/event';
import type { Timer } from '../app';

/** Due times by name; ms since the epoch. */
export type Timers = Readonly<Record<string, number>>;

/** `state` is a state record without its timers. */
export type Entry =
  | { readonly kind: 'absent' }
  | { readonly kind: 'present'; readonly state: AnyEvent; readonly timers: Timers };

export const ABSENT: Entry = { kind: 'absent' };
export const NO_TIMERS: Timers = Object.freeze({});

export function timersOf(entry: Entry): Timers {
  return entry.kind === 'present' ? entry.timers : NO_TIMERS;
}

/** Calls with each timer of `key` that is not in `other` with the same due time. */
export function eachTimerNotIn(
  other: Timers,
  key: string,
  timers: Timers,
  call: (timer: Timer) => void,
): void {
  if (timers === other) return;
  for (const name in timers) {
    const dueAt = timers[name];
    if (dueAt !== undefined && other[name] !== dueAt) call({ key, name, dueAt });
  }
}
