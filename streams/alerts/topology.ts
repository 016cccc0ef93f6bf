/**
 * Alerts: joins what orders say with what payments say, and raises an alert where they contradict
 * each other. Owns the memory of every order's facts and alerts; its key is the orderId.
 *
 *   grace 30,000; log time, ms  0  OrderWaitingPayment
 *                           5,000  PaymentSucceeded      timer RULE_A at 35,000
 *                          35,000  timer RULE_A fires    -> AlertRaised RULE_A
 *                          60,000  OrderPaid             -> AlertResolved; timer CLOSE in a week
 *
 * Both inputs may be read in any order between two timers; the rules do not notice (signal.ts).
 * (test: "an order that is paid too late raises rule A and resolves it")
 */
import { alertsLifecycle, alertsRaised } from '../../topics/alerts';
import { alertsChangelog } from '../../topics/changelogs';
import { ordersEvents } from '../../topics/orders';
import { paymentsEvents } from '../../topics/payments';
import { defineApp, type StreamApp, type TimerContext } from '../runtime/app';
import type { AlertEvent } from './alert';
import {
  close,
  closesAt,
  judge,
  readUntil,
  takeFact,
  type OpenOrderAlerts,
  type OrderAlerts,
} from './order-alerts';
import { factOf, isFact } from './order-facts';
import type { AlertsSettings } from './settings';

type Context = TimerContext<OrderAlerts['type']>;

/** The timer that ends the retention; the other timers bear the name of the rule that waits. */
const CLOSE = 'CLOSE';

export function alertsApp(settings: AlertsSettings): StreamApp {
  return defineApp({
    name: 'alerts',
    inputs: [ordersEvents, paymentsEvents],
    outputs: [alertsRaised, alertsLifecycle],
    changelog: alertsChangelog,
    keys: (event) => (isFact(event) ? [event.orderId] : []),
    handle(event, context) {
      if (!isFact(event)) return;
      const { orderId } = event;
      const taken = takeFact(context.get(orderId), orderId, factOf(event, context.position));
      if (taken.kind === 'refused') context.reject(taken.errorCode, taken.reason);
      if (taken.kind === 'taken') settle(taken.order, settings, context);
    },
    onTimer({ key, name, dueAt }, context) {
      const before = context.get(key);
      if (before?.type !== 'OrderAlertsState') throw new Error(`order ${key} waits for no ${name}`);
      const order = readUntil(before, dueAt);
      if (name === CLOSE) context.put(key, close(order));
      else settle(order, settings, context);
    },
  });
}

function settle(before: OpenOrderAlerts, settings: AlertsSettings, context: Context): void {
  const judgement = judge(before, settings);
  const { order, events, needs } = judgement;
  context.put(order.orderId, order);
  for (const event of events) emit(event, context);
  const closing = closesAt(judgement, settings);
  const timers = new Map<string, number>(needs);
  if (closing !== undefined) timers.set(CLOSE, closing);
  for (const name of Object.keys(context.timers(order.orderId))) {
    if (!timers.has(name)) context.clearTimer(order.orderId, name);
  }
  for (const [name, dueAt] of timers) context.setTimer(order.orderId, name, dueAt);
}

function emit(event: AlertEvent, context: Context): void {
  switch (event.type) {
    case 'AlertRaised':
      context.emit(alertsRaised, event);
      break;
    case 'AlertRepeated':
    case 'AlertResolved':
      context.emit(alertsLifecycle, event);
      break;
  }
}
