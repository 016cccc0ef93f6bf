/**
 * The life of the alerts that one rule raises on one order: what a signal of the rule makes of the
 * newest alert, and the event that says so.
 *
 *                triggered                 cleared
 *     (none) ---------------> OPEN -------------------> RESOLVED
 *                             |  ^                       |  |  ^
 *                             +--+ triggered: repeated   |  +--+ cleared: nothing is left to do
 *                              ^                         |
 *                              +------- triggered: a new alert with an id of its own
 *
 * What always holds:
 * - At most one alert of a rule is open on an order.
 * - Ids derive from facts: a replay, and any order of reading, raises the same alert. An alert's
 *   id is that of (rule, order, triggering event).
 * - Every event of an alert raises its version by one.
 */
import type { EventOf } from '../../schemas/event';
import { eventId } from '../../schemas/event-id';
import { ordersEvents } from '../../topics/orders';
import { paymentsEvents } from '../../topics/payments';
import type { StateOf } from '../runtime/app';
import type { Fact } from './order-facts';
import type { Cleared, Rule, Signal, Triggered } from './signal';

/** The newest alert of a rule on an order, and how many signals of the rule it has taken. */
export type AlertMemory = StateOf<'OrderAlertsState'>['alerts'][number];
export type AlertEvent = EventOf<'AlertRaised' | 'AlertRepeated' | 'AlertResolved'>;

export interface AlertStep {
  readonly alert: AlertMemory;
  readonly events: readonly AlertEvent[];
}

/** Throws on a rule that clears what it never triggered. */
export function takeSignal(
  alert: AlertMemory | undefined,
  signal: Signal,
  rule: Rule,
  orderId: string,
): AlertStep {
  const signalsApplied = (alert?.signalsApplied ?? 0) + 1;
  switch (signal.kind) {
    case 'triggered':
      return alert?.status === 'OPEN'
        ? repeat({ ...alert, signalsApplied }, signal, orderId)
        : raise(signal, rule, orderId, signalsApplied);
    case 'cleared':
      if (alert === undefined) throw new Error(`${rule.name} cleared before it triggered`);
      return alert.status === 'OPEN'
        ? resolve({ ...alert, signalsApplied }, signal, orderId)
        : { alert: { ...alert, signalsApplied }, events: [] };
  }
}

function raise(
  signal: Triggered,
  { name, severity }: Rule,
  orderId: string,
  signalsApplied: number,
): AlertStep {
  const { trigger, at, deadline, moneyAtRisk, currency, expected, observed } = signal;
  const alertId = eventId(trigger.eventId, `${name}/${orderId}`);
  const event: EventOf<'AlertRaised'> = {
    type: 'AlertRaised',
    ...headerOf(trigger, `${alertId}/raised`, at, orderId),
    alertId,
    rule: name,
    severity,
    detectedAt: at,
    deadline,
    moneyAtRisk,
    currency,
    expected,
    observed,
    evidence: signal.evidence.map(evidenceOf),
  };
  const alert: AlertMemory = {
    rule: name,
    alertId,
    status: 'OPEN',
    version: 1,
    count: 1,
    signalsApplied,
  };
  return { alert, events: [event] };
}

function repeat(alert: AlertMemory, { trigger, at }: Triggered, orderId: string): AlertStep {
  const { alertId } = alert;
  const version = alert.version + 1;
  const count = alert.count + 1;
  const event: EventOf<'AlertRepeated'> = {
    type: 'AlertRepeated',
    ...headerOf(trigger, `${alertId}/repeated`, at, orderId),
    alertId,
    version,
    count,
    evidence: [evidenceOf(trigger)],
  };
  return { alert: { ...alert, version, count }, events: [event] };
}

function resolve(alert: AlertMemory, signal: Cleared, orderId: string): AlertStep {
  const { alertId, rule } = alert;
  const { fact, at, resolvedBy, detail } = signal;
  const version = alert.version + 1;
  const event: EventOf<'AlertResolved'> = {
    type: 'AlertResolved',
    ...headerOf(fact, `${alertId}/resolved`, at, orderId),
    alertId,
    rule,
    version,
    resolvedBy,
    actor: null,
    detail,
    evidence: [evidenceOf(fact)],
  };
  return { alert: { ...alert, status: 'RESOLVED', version }, events: [event] };
}

/**
 * The cause is the fact, never the record or timer that happened to be handled: that one depends
 * on the order of reading.
 */
function headerOf(fact: Fact, role: string, at: number, orderId: string) {
  return {
    eventId: eventId(fact.eventId, role),
    orderId,
    occurredAt: at,
    causationId: fact.eventId,
    correlationId: orderId,
  };
}

function evidenceOf(fact: Fact): EventOf<'AlertRaised'>['evidence'][number] {
  const { partition, offset, eventId: id, type, occurredAt, loggedAt } = fact;
  const topic = isOrderFact(fact) ? ordersEvents.name : paymentsEvents.name;
  return { topic, partition, offset, eventId: id, type, occurredAt, loggedAt };
}

function isOrderFact({ type }: Fact): boolean {
  return ordersEvents.types.some((orderType) => orderType === type);
}
