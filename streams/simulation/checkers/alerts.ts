/** Every alert is one that the oracle expects of the whole history: none missing, none too many. */
import { alertsLifecycle, alertsRaised } from '../../../topics/alerts';
import { ordersEvents } from '../../../topics/orders';
import { paymentsEvents } from '../../../topics/payments';
import type { AlertEvent } from '../../alerts/alert';
import { simulationSettings } from '../settings';
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

export function checkAlerts(log: CommittedLog): readonly string[] {
  const logged: readonly Logged[] = [...log.on(ordersEvents), ...log.on(paymentsEvents)];
  const facts = logged
    .flatMap(({ event, record }) => (isFact(event) ? [{ event, position: record }] : []))
    .sort((a, b) => a.position.timestamp - b.position.timestamp);
  const written = [...log.on(alertsRaised), ...log.on(alertsLifecycle)]
    .map(({ event }) => event)
    .filter(isOfTheRules);
  const factsOf = grouped(facts, ({ event }) => event.orderId);
  const alertsOf = grouped(written, ({ orderId }) => orderId);
  const orders = new Set([...factsOf.keys(), ...alertsOf.keys()]);
  return [...orders].flatMap((orderId) => {
    const expected = textsOf(expectedAlerts(factsOf.get(orderId) ?? [], simulationSettings.alerts));
    const seen = textsOf(alertsIn(alertsOf.get(orderId) ?? []));
    return [
      ...without(expected, seen).map((text) => `order ${orderId} lacks the alert ${text}`),
      ...without(seen, expected).map((text) => `order ${orderId} has the false alert ${text}`),
    ];
  });
}

function isFact(event: LoggedEvent): event is FactEvent {
  return FACTS.has(event.type);
}

function isOfTheRules(event: LoggedEvent): event is AlertEvent {
  return ['AlertRaised', 'AlertRepeated', 'AlertResolved'].includes(event.type);
}

function textsOf(alerts: readonly ExpectedAlert[]): readonly string[] {
  return alerts.map((alert) => JSON.stringify(alert));
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
