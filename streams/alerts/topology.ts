/**
 * Alerts: joins what orders say with what payments say, and raises an alert where they contradict
 * each other. Owns the memory of every order's facts and alerts; its key is the orderId.
 *
 *   grace 30,000; log time, ms  0  OrderWaitingPayment
 *                           5,000  PaymentSucceeded      timer RULE_A at 35,000
 *                          35,000  timer RULE_A fires    -> AlertRaised RULE_A
 *                          60,000  OrderPaid             -> AlertResolved; timer CLOSE in a week
 *
 * The facts may be read in any order between two timers; the rules do not notice (signal.ts).
 * (test: "an order that is paid too late raises rule A and resolves it")
 *
 * Operators ask on a third input, and how their actions went comes on a fourth. (test:
 * "a second payment is refunded from its alert")
 */
import {
  alertsActionResults,
  alertsLifecycle,
  alertsRaised,
  alertsRequests,
} from '../../topics/alerts';
import { alertsChangelog } from '../../topics/changelogs';
import { ordersEvents } from '../../topics/orders';
import { paymentsEvents } from '../../topics/payments';
import type { EventOf } from '../../schemas/event';
import type { EventOn } from '../../topics/topic';
import { defineApp, type HandlerContext, type StreamApp, type TimerContext } from '../runtime/app';
import { takeResult, type ActionResult } from './action-result';
import type { AlertEvent } from './alert';
import { takeCommand } from './alert-command';
import type { AlertRequest, LifecycleEvent } from './command-step';
import {
  close,
  closesAt,
  judge,
  readUntil,
  takeFact,
  takeStuck,
  type OpenOrderAlerts,
  type OrderAlerts,
} from './order-alerts';
import { FACT_TYPES, factOf, isFact, type FactEvent } from './order-facts';
import { takeRefundEnd, takeRefundOfRolledBack } from './rule-f';
import type { AlertsSettings } from './settings';

const inputs = [ordersEvents, paymentsEvents, alertsRequests, alertsActionResults] as const;
type Input = EventOn<(typeof inputs)[number]>;

type State = OrderAlerts['type'];

/** The timer that ends the retention; the other timers bear the name of the rule that waits. */
const CLOSE = 'CLOSE';
const STUCK = 'PaymentAuthorizationStuck';

export function alertsApp(settings: AlertsSettings): StreamApp {
  return defineApp({
    name: 'alerts',
    inputs,
    outputs: [alertsRaised, alertsLifecycle],
    changelog: alertsChangelog,
    heeds: [...alertsRequests.types, ...alertsActionResults.types, ...FACT_TYPES, STUCK],
    keys: ({ orderId }) => [orderId],
    handle(event, context) {
      if (isFact(event)) handleFact(event, settings, context);
      else if (isRequest(event)) handleRequest(event, settings, context);
      else if (isResult(event)) handleResult(event, settings, context);
      else if (event.type === STUCK) handleStuck(event, settings, context);
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

function isRequest(event: Input): event is AlertRequest {
  return alertsRequests.types.some((type) => type === event.type);
}

function isResult(event: Input): event is ActionResult {
  return alertsActionResults.types.some((type) => type === event.type);
}

function handleFact(
  event: FactEvent,
  settings: AlertsSettings,
  context: HandlerContext<State>,
): void {
  const { orderId } = event;
  const fact = factOf(event, context.position);
  const taken = takeFact(context.get(orderId), orderId, fact);
  if (taken.kind === 'refused') context.reject(taken.errorCode, taken.reason);
  if (taken.kind !== 'taken') return;
  const ended = takeRefundEnd(taken.order, fact);
  const returned = takeRefundOfRolledBack(ended.order, fact);
  for (const said of [...ended.events, ...returned.events]) emit(said, context);
  settle(returned.order, settings, context);
}

function handleRequest(
  request: AlertRequest,
  settings: AlertsSettings,
  context: HandlerContext<State>,
): void {
  const taken = takeCommand(context.get(request.orderId), request, context.position);
  if (taken.kind === 'refused') emit(taken.event, context);
  if (taken.kind !== 'taken') return;
  for (const event of taken.events) emit(event, context);
  settle(taken.order, settings, context);
}

function handleStuck(
  event: EventOf<'PaymentAuthorizationStuck'>,
  settings: AlertsSettings,
  context: HandlerContext<State>,
): void {
  const taken = takeStuck(context.get(event.orderId), event, context.position);
  if (taken === undefined) return;
  for (const alert of taken.events) emit(alert, context);
  settle(taken.order, settings, context);
}

function handleResult(
  result: ActionResult,
  settings: AlertsSettings,
  context: HandlerContext<State>,
): void {
  const taken = takeResult(context.get(result.orderId), result, context.position);
  if (taken.kind !== 'taken') return;
  for (const event of taken.events) emit(event, context);
  settle(taken.order, settings, context);
}

function settle(
  before: OpenOrderAlerts,
  settings: AlertsSettings,
  context: TimerContext<State>,
): void {
  const judgement = judge(before, settings);
  const { order, events, needs } = judgement;
  context.put(order.orderId, order);
  for (const event of events) emit(event, context);
  const closing = closesAt(judgement, settings);
  const timers: Record<string, number> = {};
  for (const [rule, dueAt] of needs) timers[rule] = dueAt;
  if (closing !== undefined) timers[CLOSE] = closing;
  context.setTimers(order.orderId, timers);
}

function emit(event: AlertEvent | LifecycleEvent, context: TimerContext<State>): void {
  if (event.type === 'AlertRaised') context.emit(alertsRaised, event);
  else context.emit(alertsLifecycle, event);
}
