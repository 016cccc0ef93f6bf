/**
 * Every sequence of up to so many of some events of one order, handled in log order with the
 * production decision. Sequences that begin alike share their beginning: each is one step from the
 * one before it, so that a quarter of a million of them take seconds.
 */
import type { AlertEvent } from '../../../streams/alerts/alert';
import {
  judge,
  readUntil,
  takeFact,
  type OpenOrderAlerts,
} from '../../../streams/alerts/order-alerts';
import { factOf } from '../../../streams/alerts/order-facts';
import type { AlertsSettings } from '../../../streams/alerts/settings';
import { ORDER_ID, isOrderEvent, logOf, type Logged, type SampleEvent } from './sample-log';

export interface Handled {
  readonly order: OpenOrderAlerts | undefined;
  readonly events: readonly AlertEvent[];
  /** When the rules must look again. */
  readonly timers: readonly number[];
}

export interface Sequence {
  readonly log: readonly Logged[];
  /** With every timer fired that the log leaves. */
  readonly events: readonly AlertEvent[];
}

export interface Enumeration {
  readonly cast: readonly SampleEvent[];
  readonly lengthMax: number;
  readonly settings: AlertsSettings;
  /** Between one event and the next. */
  readonly stepMs: number;
  readonly isPossible: (sequence: readonly SampleEvent[]) => boolean;
}

const STARTS_AT = 1_000;
const NOTHING: Handled = { order: undefined, events: [], timers: [] };

/** Calls `visit` for every sequence; gives their number. */
export function everySequence(
  { cast, lengthMax, settings, stepMs, isPossible }: Enumeration,
  visit: (sequence: Sequence) => void,
): number {
  let count = 0;
  const extend = (sequence: readonly SampleEvent[], handled: Handled): void => {
    count += 1;
    const times = sequence.map((_, index) => STARTS_AT + index * stepMs);
    visit({ log: logOf(sequence, times), events: finished(handled, settings).events });
    if (sequence.length === lengthMax) return;
    for (const event of cast) {
      if (sequence.includes(event)) continue;
      const longer = [...sequence, event];
      if (!isPossible(longer)) continue;
      const next = logOf(longer, [...times, STARTS_AT + sequence.length * stepMs]).at(-1);
      if (next !== undefined) extend(longer, handleRecord(handled, next, settings));
    }
  };
  extend([], NOTHING);
  return count;
}

/** The same log with all of one topic read before the other, as far as timers allow (T1). */
export function handledWith(
  first: 'orders' | 'payments',
  log: readonly Logged[],
  settings: AlertsSettings,
): readonly AlertEvent[] {
  const isFirst = ({ event }: Logged) => isOrderEvent(event) === (first === 'orders');
  const records = [...log.filter(isFirst), ...log.filter((logged) => !isFirst(logged))];
  let handled = NOTHING;
  for (const [index, logged] of records.entries()) {
    const unread = Math.min(...records.slice(index).map(({ position }) => position.timestamp));
    handled = take(fired(handled, unread, settings), logged, settings);
  }
  return finished(handled, settings).events;
}

function handleRecord(before: Handled, logged: Logged, settings: AlertsSettings): Handled {
  return take(fired(before, logged.position.timestamp, settings), logged, settings);
}

function take(before: Handled, { event, position }: Logged, settings: AlertsSettings): Handled {
  const taken = takeFact(before.order, ORDER_ID, factOf(event, position));
  return taken.kind === 'taken' ? settle(before, taken.order, settings) : before;
}

/** A timer fires before the records of its own time. */
function fired(before: Handled, until: number, settings: AlertsSettings): Handled {
  let handled = before;
  for (;;) {
    const due = Math.min(...handled.timers);
    if (handled.order === undefined || due === Infinity || due > until) return handled;
    handled = settle(handled, readUntil(handled.order, due), settings);
  }
}

function finished(handled: Handled, settings: AlertsSettings): Handled {
  return fired(handled, Number.MAX_SAFE_INTEGER, settings);
}

function settle(before: Handled, order: OpenOrderAlerts, settings: AlertsSettings): Handled {
  const { order: after, events, needs } = judge(order, settings);
  return { order: after, events: [...before.events, ...events], timers: [...needs.values()] };
}
