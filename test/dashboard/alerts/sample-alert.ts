/** Alerts and their events, as the edge hands them on. */
import type { AlertView, TimelineEntry } from '../../../edge/contract/api-types';
import type { EventOf } from '../../../schemas/event';

type LifecycleType =
  | 'AlertRepeated'
  | 'AlertAcknowledged'
  | 'AlertNoted'
  | 'AlertActionStarted'
  | 'AlertActionSucceeded'
  | 'AlertResolved'
  | 'AlertReopened';

/** The fields that the page reads; the rest says nothing to it. */
type Telling<T extends LifecycleType> = Partial<Omit<EventOf<T>, 'type' | 'alertId'>>;

export function sampleAlert(fields: Partial<AlertView> = {}): AlertView {
  return {
    alertId: 'alert-1',
    rule: 'RULE_A',
    orderId: 'order-1',
    severity: 'P1',
    status: 'OPEN',
    version: 1,
    count: 1,
    owner: null,
    detectedAt: 1_000,
    deadline: 1_000,
    moneyAtRisk: 1_200,
    currency: 'JPY',
    expected: 'Order PAID or FAILED within 30 s of the payment',
    observed: 'Customer paid ¥1,200, order still WAITING_PAYMENT',
    raisedAt: 1_100,
    acknowledgedAt: null,
    resolvedAt: null,
    resolvedBy: null,
    resolution: null,
    action: null,
    actionStatus: null,
    actionDetail: null,
    ...fields,
  };
}

export function raised(alertId = 'alert-1', loggedAt = 1_100): TimelineEntry {
  const { rule, orderId, severity, detectedAt, deadline } = sampleAlert();
  const { moneyAtRisk, currency, expected, observed } = sampleAlert();
  const topic = 'alerts.order_payment_inconsistency.v1';
  return entry(topic, 'AlertRaised', loggedAt, {
    ...{ alertId, rule, orderId, severity, detectedAt, deadline },
    ...{ moneyAtRisk, currency, expected, observed },
    evidence: [],
  });
}

export function lifecycle<T extends LifecycleType>(
  type: T,
  fields: Telling<T>,
  { alertId = 'alert-1', loggedAt = 2_000 } = {},
): TimelineEntry {
  return entry('alerts.lifecycle.v1', type, loggedAt, { alertId, ...fields });
}

let offset = 0;

function entry(
  topic: string,
  type: string,
  loggedAt: number,
  payload: Record<string, unknown>,
): TimelineEntry {
  const place = { topic, partition: 0, offset: offset++ };
  return {
    ...place,
    type,
    eventId: `event-${String(place.offset)}`,
    occurredAt: loggedAt,
    loggedAt,
    payload: { orderId: 'order-1', occurredAt: loggedAt, ...payload },
  };
}
