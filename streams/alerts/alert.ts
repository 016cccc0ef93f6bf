/**
 * The life of the alerts that one rule raises on one order: what a signal of the rule makes of the
 * newest alert, and the event that says so. What operators add to it stands in alert-command.ts.
 *
 *                triggered            cleared, or by hand
 *     (none) ---------------> OPEN -------------------> RESOLVED
 *                             |  ^                       |  |  ^
 *                             +--+ triggered: repeated   |  +--+ cleared: nothing is left to do
 *                             |  | revalued: the money at risk changed
 *                              ^                         |
 *                              +------- triggered: a new alert with an id of its own
 *                              +------- reopened by hand: the same alert
 *
 * What always holds:
 * - At most one alert of a rule is open on an order.
 * - Ids derive from facts: a replay, and any order of reading, raises the same alert. An alert's
 *   id is that of (rule, order, triggering event).
 * - Every event of an alert raises its version by one.
 */
import type { EventOf, EventType } from '../../schemas/event';
import { eventId } from '../../schemas/event-id';
import { alertsActionResults } from '../../topics/alerts';
import { ordersEvents } from '../../topics/orders';
import { paymentsEvents } from '../../topics/payments';
import type { Topic } from '../../topics/topic';
import type { StateOf } from '../runtime/app';
import type { Evident } from './order-facts';
import type { Cleared, Revalued, Rule, Signal, Triggered } from './signal';

/** The newest alert of a rule on an order, and how many signals of the rule it has taken. */
export type AlertMemory = StateOf<'OrderAlertsState'>['alerts'][number];
export type AlertEvent = EventOf<
  'AlertRaised' | 'AlertRepeated' | 'AlertMoneyAtRiskChanged' | 'AlertResolved'
>;

export interface AlertStep {
  readonly alert: AlertMemory;
  readonly events: readonly AlertEvent[];
}

/** What an alert's event needs to know of its rule. */
export type AlertKind = Pick<Rule, 'name' | 'severity'>;

/** Throws on a rule that clears what it never triggered. */
export function takeSignal(
  alert: AlertMemory | undefined,
  signal: Signal,
  rule: AlertKind,
  orderId: string,
): AlertStep {
  const signalsApplied = (alert?.signalsApplied ?? 0) + 1;
  switch (signal.kind) {
    case 'triggered':
      return alert?.status === 'OPEN'
        ? repeat({ ...alert, signalsApplied }, signal, orderId)
        : raise(signal, rule, orderId, signalsApplied);
    case 'revalued':
      if (alert === undefined) throw new Error(`${rule.name} revalued before it triggered`);
      return alert.status === 'OPEN'
        ? revalue({ ...alert, signalsApplied }, signal, orderId)
        : { alert: { ...alert, signalsApplied }, events: [] };
    case 'cleared':
      if (alert === undefined) throw new Error(`${rule.name} cleared before it triggered`);
      return alert.status === 'OPEN'
        ? resolve({ ...alert, signalsApplied }, signal, orderId)
        : { alert: { ...alert, signalsApplied }, events: [] };
  }
}

function raise(
  signal: Triggered,
  { name, severity }: AlertKind,
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
    action: null,
    commands: [],
    commandFingerprints: {},
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

function revalue(alert: AlertMemory, signal: Revalued, orderId: string): AlertStep {
  const { alertId, rule } = alert;
  const { fact, at, moneyAtRisk, currency, observed } = signal;
  const version = alert.version + 1;
  const event: EventOf<'AlertMoneyAtRiskChanged'> = {
    type: 'AlertMoneyAtRiskChanged',
    ...headerOf(fact, `${alertId}/revalued`, at, orderId),
    alertId,
    rule,
    version,
    moneyAtRisk,
    currency,
    observed,
    evidence: [evidenceOf(fact)],
  };
  return { alert: { ...alert, version }, events: [event] };
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
function headerOf(fact: Evident, role: string, at: number, orderId: string) {
  return {
    eventId: eventId(fact.eventId, role),
    orderId,
    occurredAt: at,
    causationId: fact.eventId,
    correlationId: orderId,
  };
}

export function evidenceOf(fact: Evident): EventOf<'AlertRaised'>['evidence'][number] {
  const { partition, offset, eventId: id, type, occurredAt, loggedAt } = fact;
  return { topic: topicOf(type), partition, offset, eventId: id, type, occurredAt, loggedAt };
}

const EVIDENCE_TOPICS: readonly Topic[] = [ordersEvents, paymentsEvents, alertsActionResults];

function topicOf(type: EventType): string {
  const topic = EVIDENCE_TOPICS.find(({ types }) => types.includes(type));
  if (topic === undefined) throw new Error(`no topic of the alerts app carries ${type}`);
  return topic.name;
}
