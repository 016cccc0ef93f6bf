/**
 * The payments app: reads orders, webhooks and the gateway's answers; asks the gateway and tells
 * the verdicts. Its decisions stand in the files beside this one; here they meet the log.
 */
import type { EventOf } from '../../schemas/event';
import { alertsActionResults, alertsConditions, alertsLifecycle } from '../../topics/alerts';
import { paymentsChangelog } from '../../topics/changelogs';
import { deadLetters } from '../../topics/dead-letters';
import { ordersEvents } from '../../topics/orders';
import {
  paymentsEvents,
  paymentsGatewayRequests,
  paymentsGatewayResults,
  paymentsNotifications,
  paymentsRequests,
  paymentsSettlements,
} from '../../topics/payments';
import type { EventOn } from '../../topics/topic';
import {
  defineApp,
  type HandlerContext,
  type StateOf,
  type StreamApp,
  type Timer,
  type TimerContext,
} from '../runtime/app';
import { revertAnswered, tellStuck } from './authorization';
import { close, proceed } from './closing';
import { codeCreated, codeFailed, nextCode, open } from './codes';
import { hinted, notified } from './notification';
import { statusObserved } from './observation';
import {
  actionStarted,
  checkRequested,
  isForPayments,
  readAnswered,
  readLost,
  refundsMoved,
  refuseUnknown,
} from './operator-action';
import { givenUp, park } from './parked-notification';
import type { Payment } from './payment';
import { askRefundsAgain, refundAnswered } from './refund';
import type { PaymentsSettings } from './settings';
import { PARKED_COUNT_KEY, SILENCE_KEY, TALLY_KEY, type OrderState, type State } from './state-key';
import { askNext, poll, unanswered, watch } from './status-reads';
import { Turn, type TimerName } from './turn';
import { countSuccesses, judgeCounts, reportTally } from './webhook-watch';
import { withdrawAgain, withdrawalFailed, withdrawn } from './withdrawal';

const NAME = 'payments';
const PARK_TIMER = 'park';

type Input =
  | EventOn<typeof ordersEvents>
  | EventOn<typeof paymentsNotifications>
  | EventOn<typeof paymentsRequests>
  | EventOn<typeof paymentsGatewayResults>
  | EventOn<typeof paymentsSettlements>
  | EventOn<typeof alertsLifecycle>;
type SetAside = EventOf<'WebhookSetAside'>;
/** Of the alerts only what is to be done concerns payments, of webhooks what is about our orders. */
type Heeded =
  | Exclude<Input, EventOn<typeof alertsLifecycle> | SetAside>
  | Extract<Input, { readonly type: 'AlertActionStarted' }>;
type OrderInput = Exclude<Heeded, EventOn<typeof paymentsSettlements>>;

export function paymentsApp(settings: PaymentsSettings): StreamApp {
  return defineApp({
    name: NAME,
    inputs: [
      ordersEvents,
      paymentsNotifications,
      paymentsRequests,
      paymentsGatewayResults,
      paymentsSettlements,
      alertsLifecycle,
    ],
    outputs: [
      paymentsGatewayRequests,
      paymentsEvents,
      paymentsSettlements,
      alertsActionResults,
      alertsConditions,
      deadLetters,
    ],
    changelog: paymentsChangelog,
    keys: (event) => (isHeeded(event) ? keysOf(event) : []),
    handle(event, context) {
      if (event.type === 'WebhookSetAside') rejectUnreadable(event, context);
      if (!isHeeded(event)) return;
      if (event.type === 'SettlementsCounted') judgeCounts(event, context, settings);
      else handle(event, context, settings);
    },
    timerKeys: ({ name }) => (name === PARK_TIMER ? [PARKED_COUNT_KEY] : []),
    onTimer: (timer, context) => onTimer(timer, context, settings),
  });
}

function isHeeded(event: Input): event is Heeded {
  return event.type === 'AlertActionStarted'
    ? isForPayments(event)
    : event.type !== 'WebhookSetAside' &&
        !alertsLifecycle.types.some((type) => type === event.type);
}

/** D1: what cannot be read at all is for people to look at; the rest of what was set aside is not. */
function rejectUnreadable({ verdict, reason }: SetAside, context: HandlerContext<State>): void {
  if (verdict === 'UNREADABLE') context.reject('UNREADABLE_WEBHOOK', reason);
}

function keysOf(event: Heeded): readonly string[] {
  switch (event.type) {
    case 'SettlementsCounted':
      return [SILENCE_KEY];
    case 'OrderWaitingPayment':
      return [event.orderId, PARKED_COUNT_KEY];
    case 'PaymentNotificationReceived':
      return [event.orderId, PARKED_COUNT_KEY, TALLY_KEY];
    case 'PaymentStatusObserved':
      return [event.orderId, TALLY_KEY];
    default:
      return [event.orderId];
  }
}

function handle(
  event: OrderInput,
  context: HandlerContext<State>,
  settings: PaymentsSettings,
): void {
  const state = context.get(event.orderId) as StateOf<OrderState> | undefined;
  if (state?.type !== 'PaymentState') {
    handleUnknown(event, state, context, settings);
    return;
  }
  const turn = new Turn(context.cause, settings);
  carryOut(state, decide(state, event, turn), turn, context);
  countSuccesses(turn.events, context, settings);
}

function decide(payment: Payment, event: OrderInput, turn: Turn): Payment {
  switch (event.type) {
    case 'OrderCancellationStarted':
    case 'OrderFailed':
      return close(payment, 'CANCELLED', turn);
    case 'PaymentNotificationReceived':
      return notified(payment, event, turn);
    case 'PaymentCheckRequested':
      return checkRequested(payment, turn);
    case 'CodeCreated':
      return codeCreated(payment, event, turn);
    case 'CodeCreationFailed':
      return codeFailed(payment, event, turn);
    case 'CodeDeleted':
      return proceed(withdrawn(payment, event.attempt), turn);
    case 'CodeDeletionFailed':
      return proceed(withdrawalFailed(payment, event, turn), turn);
    case 'PaymentStatusObserved':
      return refundsMoved(readAnswered(statusObserved(payment, event, turn), event, turn), turn);
    case 'PaymentStatusUnavailable':
      return readAnswered(unanswered(payment, event.causationId, turn), event, turn);
    case 'RefundAccepted':
    case 'RefundCompleted':
    case 'RefundFailed':
      return refundsMoved(refundAnswered(payment, event, turn), turn);
    case 'AuthorizationReverted':
    case 'AuthorizationRevertFailed':
      return revertAnswered(payment, event, turn);
    case 'AlertActionStarted':
      return actionStarted(payment, event, turn);
    // The payment has begun, or has had its say.
    case 'OrderCreated':
    case 'OrderWaitingPayment':
    case 'OrderPaid':
    case 'OrderPaymentRecorded':
    case 'OrderRefunded':
    case 'OrderRolledBack':
      return payment;
  }
}

function handleUnknown(
  event: OrderInput,
  parked: StateOf<'ParkedNotification'> | undefined,
  context: HandlerContext<State>,
  settings: PaymentsSettings,
): void {
  const turn = new Turn(context.cause, settings);
  switch (event.type) {
    case 'OrderWaitingPayment': {
      const payment = open(event, turn);
      if (parked === undefined) {
        carryOut(undefined, payment, turn, context);
        return;
      }
      context.clearTimer(event.orderId, PARK_TIMER);
      countParked(context, -1);
      carryOut(undefined, hinted(payment, [], turn), turn, context);
      return;
    }
    case 'PaymentNotificationReceived':
      if (parked === undefined) parkNotification(event, context, settings);
      return;
    case 'AlertActionStarted':
      refuseUnknown(event, turn);
      for (const answer of turn.answers) context.emit(alertsActionResults, answer);
      return;
    case 'OrderCreated':
    case 'OrderCancellationStarted':
    case 'OrderPaid':
    case 'OrderFailed':
    case 'OrderPaymentRecorded':
    case 'OrderRefunded':
    case 'OrderRolledBack':
      // The order never came as far as payment.
      return;
    default:
      context.reject('UNKNOWN_PAYMENT', `${event.type} for ${event.orderId}, never asked for`);
  }
}

function parkNotification(
  event: EventOf<'PaymentNotificationReceived'>,
  context: HandlerContext<State>,
  settings: PaymentsSettings,
): void {
  const parked = park(event, context.position);
  if (parkedCount(context) >= settings.parkedMax) {
    context.emit(deadLetters, givenUp(NAME, parked, 'PARKING_FULL', context.cause));
    return;
  }
  context.put(event.orderId, parked);
  context.setTimer(event.orderId, PARK_TIMER, context.now + settings.parkMs);
  countParked(context, 1);
}

function onTimer(timer: Timer, context: TimerContext<State>, settings: PaymentsSettings): void {
  const state = context.get(timer.key);
  switch (state?.type) {
    case 'ParkedNotification':
      context.emit(deadLetters, givenUp(NAME, state, 'ORDER_NEVER_CAME', context.cause));
      context.delete(timer.key);
      countParked(context, -1);
      return;
    case 'PaymentState': {
      const turn = new Turn(context.cause, settings);
      carryOut(state, onPaymentTimer(state, timer.name as TimerName, turn), turn, context);
      return;
    }
    case 'SettlementTally':
      reportTally(state, context);
      return;
    case 'ParkedCount':
    case 'WebhookSilence':
    case undefined:
      throw new Error(`timer ${timer.name} at ${timer.key}, where nothing sets one`);
  }
}

function onPaymentTimer(payment: Payment, name: TimerName, turn: Turn): Payment {
  switch (name) {
    case 'code':
      return nextCode(payment, turn);
    case 'expiry':
      return close(payment, 'EXPIRED', turn);
    case 'poll':
      return poll(payment, turn);
    case 'read':
      return askNext(payment, turn);
    case 'answer':
      return payment.asked === null
        ? payment
        : unanswered(readLost(payment, turn), payment.asked.requestId, turn);
    case 'withdraw':
      return withdrawAgain(payment, turn);
    case 'stuck':
      return tellStuck(payment, turn);
    case 'watch':
      return watch(payment, turn);
    case 'refund':
      return askRefundsAgain(payment, turn);
  }
}

/** Writes what a turn decided. The state goes first, because timers live on it. */
function carryOut(
  before: Payment | undefined,
  after: Payment,
  turn: Turn,
  context: TimerContext<State>,
): void {
  if (after !== before) context.put(after.orderId, after);
  for (const request of turn.requests) context.emit(paymentsGatewayRequests, request);
  for (const event of turn.events) context.emit(paymentsEvents, event);
  for (const answer of turn.answers) context.emit(alertsActionResults, answer);
  for (const [name, timer] of turn.timers) {
    if (timer === 'cleared') context.clearTimer(after.orderId, name);
    else context.setTimer(after.orderId, name, timer.dueAt);
  }
}

function parkedCount(context: TimerContext<State>): number {
  const count = context.get(PARKED_COUNT_KEY);
  return count?.type === 'ParkedCount' ? count.parked : 0;
}

function countParked(context: TimerContext<State>, change: 1 | -1): void {
  const parked = parkedCount(context) + change;
  context.put(PARKED_COUNT_KEY, { type: 'ParkedCount', parked });
}
