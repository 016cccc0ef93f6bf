/**
 * The decision of the alerts app: the facts of one order go through every rule, and what a rule
 * says beyond what it said before becomes alerts. Also decides how long an order stays in full.
 *
 *     (none) --fact--> OrderAlertsState --retention over--> ClosedOrderAlertsState
 *                             ^                                   |
 *                             +------------ new fact -------------+
 *
 * What always holds:
 * - A rule's history only grows (signal.ts); one that shrank throws, because alerts would be lost.
 * - An order with an open alert, a repair in progress, or a rule that awaits a deadline, is never
 *   closed.
 * - A closed order raises the same alerts about money that moves late as an open one would.
 *
 *   retention 7 days, log time  day 0  OrderFailed           (the rules are content)
 *                               day 7                        closed: the facts that still matter
 *                               day 9  PaymentSucceeded      opened again, rule C fires
 *   (test: "money that comes after the retention still raises rule C")
 */
import type { EventOf } from '../../schemas/event';
import type { LogPosition, StateOf } from '../runtime/app';
import { takeSignal, type AlertEvent } from './alert';
import { newestAlertOf, withAlert } from './alert-memory';
import {
  endingOf,
  factsOf,
  knows,
  withFact,
  type Fact,
  type OrderFacts,
  type PaymentFact,
} from './order-facts';
import { ruleB } from './rule-b';
import {
  authorizationEnded,
  authorizationStuck,
  repairOvertaken,
  takeRepairSignal,
} from './rule-f';
import { RULES } from './rules';
import { PAYMENT_FACTS_MAX, type AlertsSettings } from './settings';
import type { RuleName } from './signal';

export type OrderAlerts = StateOf<'OrderAlertsState' | 'ClosedOrderAlertsState'>;
export type OpenOrderAlerts = StateOf<'OrderAlertsState'>;

/** An order of which no alert has been raised. */
function unheardOf(orderId: string): OpenOrderAlerts {
  return {
    type: 'OrderAlertsState',
    orderId,
    waiting: null,
    paid: null,
    failed: null,
    payments: [],
    readUntil: 0,
    alerts: [],
    failedRepairs: [],
    isRolledBack: false,
    overtakenBy: '',
    stuckBy: '',
  };
}

export type FactTaken =
  | { readonly kind: 'taken'; readonly order: OpenOrderAlerts }
  /** Known already; nothing changes. */
  | { readonly kind: 'absorbed' }
  | { readonly kind: 'refused'; readonly errorCode: AlertsErrorCode; readonly reason: string };

export type AlertsErrorCode =
  /** PAID and FAILED of one order, or either twice with different ids. Look at the orders app. */
  | 'ORDER_ENDED_TWICE'
  /** More news of payments than an order can have. Look at the payments app. */
  | 'TOO_MANY_PAYMENT_FACTS';

export interface Judgement {
  readonly order: OpenOrderAlerts;
  readonly events: readonly AlertEvent[];
  /** When each rule must look again; rules that wait for nothing are not in it. */
  readonly needs: ReadonlyMap<RuleName, number>;
}

export function takeFact(before: OrderAlerts | undefined, orderId: string, fact: Fact): FactTaken {
  const facts = before ?? unheardOf(orderId);
  if (knows(facts, fact)) return { kind: 'absorbed' };
  const ending = endingOf(facts);
  // The first word stands; to an order that has ended it can only be a redelivery.
  const waits = facts.waiting !== null || ending !== null;
  if (fact.type === 'OrderWaitingPayment' && waits) return { kind: 'absorbed' };
  if (ending !== null && (fact.type === 'OrderPaid' || fact.type === 'OrderFailed')) {
    return {
      kind: 'refused',
      errorCode: 'ORDER_ENDED_TWICE',
      reason: `${fact.type} after ${ending.type}, order ${orderId}`,
    };
  }
  const after = withFact(facts, fact);
  if (after.payments.length > PAYMENT_FACTS_MAX) {
    return {
      kind: 'refused',
      errorCode: 'TOO_MANY_PAYMENT_FACTS',
      reason: `order ${orderId} has ${String(PAYMENT_FACTS_MAX)} already`,
    };
  }
  return { kind: 'taken', order: opened(facts, after) };
}

function opened(order: OrderAlerts, facts: OrderFacts): OpenOrderAlerts {
  const { orderId, waiting, paid, failed, payments, readUntil } = facts;
  const { alerts, failedRepairs, isRolledBack, overtakenBy, stuckBy } = order;
  return {
    type: 'OrderAlertsState',
    orderId,
    waiting,
    paid,
    failed,
    payments,
    readUntil,
    alerts,
    failedRepairs,
    isRolledBack,
    overtakenBy,
    stuckBy,
  };
}

/** A timer proved that everything logged before `time` is known. */
export function readUntil(order: OpenOrderAlerts, time: number): OpenOrderAlerts {
  return { ...order, readUntil: Math.max(order.readUntil, time) };
}

export function judge(before: OpenOrderAlerts, settings: AlertsSettings): Judgement {
  const needs = new Map<RuleName, number>();
  const events: AlertEvent[] = [];
  let { alerts } = before;
  for (const rule of RULES) {
    const history = rule.history(before, settings);
    if (history.kind === 'undecided') needs.set(rule.name, history.needs);
    const { signals } = history;
    const applied = newestAlertOf(alerts, rule.name)?.signalsApplied ?? 0;
    if (signals.length < applied) {
      throw new Error(`${rule.name} retracted what it said of order ${before.orderId}`);
    }
    if (signals.length === applied) continue;
    for (const signal of signals.slice(applied)) {
      const step = takeSignal(newestAlertOf(alerts, rule.name), signal, rule, before.orderId);
      alerts = withAlert(alerts, step.alert);
      events.push(...step.events);
    }
  }
  const judged = alerts === before.alerts ? before : { ...before, alerts };
  const rollBack = judgeRollBack(judged, settings);
  const stuck = judgeStuck(rollBack.order);
  events.push(...rollBack.events, ...stuck.events);
  return { order: stuck.order, events, needs };
}

/** Money stays authorized for an order that is over; undefined when that is known. */
export function takeStuck(
  before: OrderAlerts | undefined,
  event: EventOf<'PaymentAuthorizationStuck'>,
  { partition, offset, timestamp }: LogPosition,
): { readonly order: OpenOrderAlerts; readonly events: readonly AlertEvent[] } | undefined {
  const { type, orderId, eventId, occurredAt } = event;
  const known = before ?? unheardOf(orderId);
  if (known.stuckBy === eventId || known.payments.some(isEnd)) return undefined;
  const fact = { type, eventId, occurredAt, partition, offset, loggedAt: timestamp };
  const order = { ...known, type: 'OrderAlertsState' as const, stuckBy: eventId };
  return takeRepairSignal(order, authorizationStuck(event, fact));
}

/** Payments tells that it is stuck before any end, so any end is the end of that. */
function judgeStuck(order: OpenOrderAlerts): {
  readonly order: OpenOrderAlerts;
  readonly events: readonly AlertEvent[];
} {
  const end = order.payments.find(isEnd);
  if (order.stuckBy === '' || end === undefined) return { order, events: [] };
  return authorizationEnded(order, end);
}

function isEnd({ type }: PaymentFact): boolean {
  return type === 'PaymentSucceeded' || type === 'PaymentFailed' || type === 'PaymentExpired';
}

/** The payment of an order that was rolled back must not stand: rule F, once for each success. */
function judgeRollBack(
  order: OpenOrderAlerts,
  settings: AlertsSettings,
): { readonly order: OpenOrderAlerts; readonly events: readonly AlertEvent[] } {
  if (!order.isRolledBack || order.paid === null) return { order, events: [] };
  const last = ruleB.history(order, settings).signals.at(-1);
  const isNews =
    last?.kind === 'cleared' &&
    last.fact.type === 'PaymentSucceeded' &&
    last.fact.eventId !== order.overtakenBy;
  if (!isNews) return { order, events: [] };
  const after = { ...order, overtakenBy: last.fact.eventId };
  return takeRepairSignal(after, repairOvertaken(order.paid, last.fact));
}

/** When the order may be closed; undefined while something is still to be waited for. */
export function closesAt(
  { order, needs }: Judgement,
  settings: AlertsSettings,
): number | undefined {
  if (endingOf(order) === null || needs.size > 0) return undefined;
  if (order.alerts.some(({ status, action }) => status === 'OPEN' || action !== null)) {
    return undefined;
  }
  const last = Math.max(...factsOf(order).map(({ loggedAt }) => loggedAt));
  return last + settings.retentionMs;
}

/**
 * What the rules can still be asked about. An order that raised an alert keeps its facts, because
 * its alerts were counted on them; they are few. Of any other, a PAID one names the amount itself,
 * and to a FAILED one it no longer matters which payments failed.
 */
export function close(order: OpenOrderAlerts): StateOf<'ClosedOrderAlertsState'> {
  const closed = { ...order, type: 'ClosedOrderAlertsState' as const };
  if (order.alerts.length > 0) return closed;
  if (order.paid !== null) return { ...closed, waiting: null };
  return { ...closed, payments: order.payments.filter(movesMoney) };
}

function movesMoney({ type }: PaymentFact): boolean {
  return type === 'PaymentSucceeded' || type === 'PaymentRefunded';
}
