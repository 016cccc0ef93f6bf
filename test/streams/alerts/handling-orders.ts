/**
 * Handles a log in every way the runtime may: each topic in its own order, a timer due at D at any
 * moment at which everything logged before D has been handled (T1). Enumerated, not sampled.
 */
import { factOf } from '../../../streams/alerts/order-facts';
import {
  judge,
  readUntil,
  takeFact,
  type OpenOrderAlerts,
} from '../../../streams/alerts/order-alerts';
import type { AlertEvent } from '../../../streams/alerts/alert';
import type { AlertsSettings } from '../../../streams/alerts/settings';
import { ORDER_ID, isOrderEvent, type Logged } from './sample-log';

export interface Handled {
  readonly order: OpenOrderAlerts | undefined;
  readonly events: readonly AlertEvent[];
}

interface Progress extends Handled {
  readonly queues: readonly (readonly Logged[])[];
  readonly timers: readonly number[];
}

/** Every different outcome of the ways to handle the log. */
export function handleInEveryOrder(
  log: readonly Logged[],
  settings: AlertsSettings,
): readonly Handled[] {
  const queues = [
    log.filter(({ event }) => isOrderEvent(event)),
    log.filter(({ event }) => !isOrderEvent(event)),
  ];
  const outcomes: Handled[] = [];
  let frontier: readonly Progress[] = [{ queues, order: undefined, events: [], timers: [] }];
  while (frontier.length > 0) {
    const after = frontier.map((progress) => ({ progress, next: waysOn(progress, settings) }));
    outcomes.push(...after.flatMap(({ progress, next }) => (next.length === 0 ? [progress] : [])));
    frontier = distinct(after.flatMap(({ next }) => next));
  }
  return outcomes;
}

/** Ways that came to the same, to the byte, go on as one; only the order among the rules is left out. */
function distinct(ways: readonly Progress[]): readonly Progress[] {
  const keyed = ways.map((way) => {
    const written = way.events.map((event) => JSON.stringify(event)).sort();
    const left = way.queues.map(({ length }) => length);
    return [JSON.stringify([left, way.timers, way.order, written]), way] as const;
  });
  return [...new Map(keyed).values()];
}

/** What may be handled next. */
function waysOn(progress: Progress, settings: AlertsSettings): readonly Progress[] {
  const { queues } = progress;
  const next = queues.flatMap((queue, index) => {
    const [head, ...rest] = queue;
    if (head === undefined) return [];
    const left = queues.map((other, place) => (place === index ? rest : other));
    return [handleRecord({ ...progress, queues: left }, head, settings)];
  });
  const due = Math.min(...progress.timers);
  const unread = Math.min(...queues.flatMap(([head]) => head?.position.timestamp ?? []));
  if (due < Infinity && unread >= due) next.push(fireTimer(progress, due, settings));
  return next;
}

function handleRecord(
  progress: Progress,
  { event, position }: Logged,
  settings: AlertsSettings,
): Progress {
  const taken = takeFact(progress.order, ORDER_ID, factOf(event, position));
  return taken.kind === 'taken' ? settle(progress, taken.order, settings) : progress;
}

function fireTimer(progress: Progress, due: number, settings: AlertsSettings): Progress {
  if (progress.order === undefined) throw new Error('a timer without an order');
  return settle(progress, readUntil(progress.order, due), settings);
}

function settle(progress: Progress, order: OpenOrderAlerts, settings: AlertsSettings): Progress {
  const judgement = judge(order, settings);
  return {
    ...progress,
    order: judgement.order,
    events: [...progress.events, ...judgement.events],
    timers: [...judgement.needs.values()],
  };
}
