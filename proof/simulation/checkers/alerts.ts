/** Every alert is one that the oracle expects of the whole history: none missing, none too many. */
import { alertsLifecycle, alertsRaised } from '../../../topics/alerts';
import { ordersEvents } from '../../../topics/orders';
import { paymentsEvents } from '../../../topics/payments';
import type { AlertEvent } from '../../../streams/alerts/alert';
import type { AlertsSettings } from '../../../streams/alerts/settings';
import { alertsIn, expectedAlerts, type ExpectedAlert, type FactEvent } from './alert-oracle';
import { grouped, type CommittedLog, type Logged, type LoggedEvent } from './committed-log';

const FACTS: ReadonlySet<string> = new Set<FactEvent['type']>([
  'OrderWaitingPayment',
  'OrderPaid',
  'OrderFailed',
  'PaymentSucceeded',
  'PaymentFailed',
  'PaymentExpired',
  'PaymentRefunded',
]);

/** Also over a part of the log. */
export function checkAlerts(log: CommittedLog, settings: AlertsSettings): readonly string[] {
  const logged: readonly Logged[] = [...log.on(ordersEvents), ...log.on(paymentsEvents)];
  const facts = logged
    .flatMap(({ event, record }) => (isFact(event) ? [{ event, position: record }] : []))
    .sort((a, b) => a.position.timestamp - b.position.timestamp);
  const written = [...log.on(alertsRaised), ...log.on(alertsLifecycle)]
    .map(({ event }) => event)
    .filter(isOfAnAlert);
  const factsOf = grouped(facts, ({ event }) => event.orderId);
  const alertsOf = grouped(written, ({ orderId }) => orderId);
  const stuckOf = grouped(
    log
      .on(paymentsEvents)
      .flatMap(({ event }) => (event.type === 'PaymentAuthorizationStuck' ? [event] : [])),
    ({ orderId }) => orderId,
  );
  const orders = new Set([...factsOf.keys(), ...alertsOf.keys(), ...stuckOf.keys()]);
  return [...orders].flatMap((orderId) => {
    const own = alertsOf.get(orderId) ?? [];
    const touched = rulesTouched(own, log);
    const stuck = stuckOf.get(orderId) ?? [];
    const expected = textsOf(expectedAlerts(factsOf.get(orderId) ?? [], settings), touched);
    // RULE_F judges what was asked for, of which the oracle knows nothing.
    const judged = alertsIn(own).filter(({ rule }) => rule !== 'RULE_F');
    const seen = textsOf(judged, touched);
    const told = own.map(({ causationId }) => causationId);
    return [
      ...stuck
        .filter(({ eventId }) => !told.includes(eventId))
        .map(({ eventId }) => `order ${orderId}: no alert about ${eventId}, money that is stuck`),
      ...without(expected, seen).map((text) => `order ${orderId} lacks the alert ${text}`),
      ...without(seen, expected).map((text) => `order ${orderId} has the false alert ${text}`),
    ];
  });
}

/** Rules of which an operator resolved or reopened an alert. */
function rulesTouched(own: readonly AlertEvent[], log: CommittedLog): ReadonlySet<string> {
  const reopened = new Set(
    log
      .on(alertsLifecycle)
      .flatMap(({ event }) => (event.type === 'AlertReopened' ? [event.alertId] : [])),
  );
  return new Set(
    own.flatMap((event) => {
      if (event.type === 'AlertRaised') return reopened.has(event.alertId) ? [event.rule] : [];
      return event.type === 'AlertResolved' && event.resolvedBy === 'OPERATOR' ? [event.rule] : [];
    }),
  );
}

function isFact(event: LoggedEvent): event is FactEvent {
  return FACTS.has(event.type);
}

function isOfAnAlert(event: LoggedEvent): event is AlertEvent {
  return ['AlertRaised', 'AlertRepeated', 'AlertResolved'].includes(event.type);
}

/**
 * Whether a trigger raises or repeats depends on what operators made of the alert before; that it
 * does one of the two does not.
 */
function textsOf(
  alerts: readonly ExpectedAlert[],
  touched: ReadonlySet<string>,
): readonly string[] {
  return alerts.flatMap((alert) => {
    const { rule, trigger, repeatedBy } = alert;
    if (!touched.has(rule)) return [JSON.stringify(alert)];
    return [trigger, ...repeatedBy].map((by) => `${rule} triggered by ${by}`);
  });
}

/** What is in the one and not in the other, each as often as that. */
function without(these: readonly string[], those: readonly string[]): readonly string[] {
  const left = [...those];
  return these.filter((text) => {
    const place = left.indexOf(text);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
}
