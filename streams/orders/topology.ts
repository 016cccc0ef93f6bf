/**
 * Orders: takes purchases in, asks inventory and accounts, waits for payments, and says on
 * orders.events what became of each order. Owns the state of the order; its key is the orderId.
 *
 *   log time, ms    0  PurchaseRequested    -> OrderCreated, StockReservationRequested of a, of b
 *                  10  StockReserved a      (b is still out)
 *                  12  StockReserved b      -> FundsHoldRequested of the total
 *                  20  FundsHeld            -> OrderWaitingPayment
 *              30,000  PaymentSucceeded     -> OrderPaid, StockConfirmationRequested of a, of b,
 *                                              FundsCaptureRequested
 *
 * Had b not been answered: at 60,000 the deadline of PENDING fires -> OrderFailed(TIMED_OUT),
 * StockReleaseRequested of a and of b. (tests: "an order of two items is paid", "an order that
 * gets no answer fails at its deadline")
 */
import type { Cause } from '../../schemas/header';
import { accountsEvents, accountsRequests } from '../../topics/accounts';
import { alertsActionResults, alertsLifecycle } from '../../topics/alerts';
import { ordersChangelog } from '../../topics/changelogs';
import { inventoryEvents, inventoryRequests } from '../../topics/inventory';
import { ordersEvents, ordersRequests } from '../../topics/orders';
import { paymentsEvents } from '../../topics/payments';
import type { EventOn } from '../../topics/topic';
import { defineApp, type StreamApp, type TimerContext } from '../runtime/app';
import { takeCancellation } from './cancellation';
import {
  ABSORBED,
  unknownOrder,
  type Absorbed,
  type Decided,
  type Decision,
  type OrdersOutput,
  type Rejected,
} from './decision';
import { timeOut } from './failure';
import { takeAction } from './operator-action';
import type { Order } from './order';
import { takePaymentNews } from './payment';
import { takePurchase } from './purchase';
import { takeFundsReply, takeStockReply } from './reply';
import { isRollBackAwaited, takeReturn, timeOutRollBack } from './roll-back';
import type { OrdersSettings } from './settings';

const inputs = [
  ordersRequests,
  inventoryEvents,
  accountsEvents,
  paymentsEvents,
  alertsLifecycle,
] as const;
type Input = EventOn<(typeof inputs)[number]>;
type Heeded =
  | Exclude<Input, EventOn<typeof alertsLifecycle>>
  | Extract<Input, { readonly type: 'AlertActionStarted' }>;

/** Stands on a PENDING order and on no other. */
const PENDING_DEADLINE = 'pending-deadline';
/** Stands on a PAID order that an operator has rolled back and on no other. */
const ROLL_BACK_DEADLINE = 'roll-back-deadline';

export function ordersApp(settings: OrdersSettings): StreamApp {
  return defineApp({
    name: 'orders',
    inputs,
    outputs: [ordersEvents, inventoryRequests, accountsRequests, alertsActionResults],
    changelog: ordersChangelog,
    keys: (event) => (isHeeded(event) ? [event.orderId] : []),
    handle(event, context) {
      if (!isHeeded(event)) return;
      const before = context.get(event.orderId);
      const decision = decide(before, event, context.cause);
      if (decision.kind === 'rejected') context.reject(decision.code, decision.reason);
      else carryOut(before, decision, settings, context);
    },
    onTimer({ key, name }, context) {
      const before = context.get(key);
      const decision = onDeadline(before, key, name, context.cause);
      carryOut(before, decision, settings, context);
    },
  });
}

/** Of the alerts only what is to be done concerns orders. */
function isHeeded(event: Input): event is Heeded {
  return (
    event.type === 'AlertActionStarted' ||
    !alertsLifecycle.types.some((type) => type === event.type)
  );
}

function onDeadline(
  order: Order | undefined,
  orderId: string,
  name: string,
  cause: Cause,
): Absorbed | Decided {
  if (order?.type === 'PendingOrderState' && name === PENDING_DEADLINE) {
    return timeOut(order, cause);
  }
  if (order?.type === 'PaidOrderState' && name === ROLL_BACK_DEADLINE) {
    return timeOutRollBack(order, cause);
  }
  throw new Error(`order ${orderId} has no ${name}`);
}

function decide(order: Order | undefined, event: Heeded, cause: Cause): Decision {
  if (event.type === 'PurchaseRequested') return takePurchase(order, event, cause);
  if (event.type === 'AlertActionStarted') return takeAction(order, event, cause);
  if (order === undefined) return unknownOrder(event);
  switch (event.type) {
    case 'CancellationRequested':
      return takeCancellation(order, event, cause);
    case 'StockReserved':
    case 'StockReservationRejected':
      return takeStockReply(order, event, cause);
    case 'FundsHeld':
    case 'FundsHoldRejected':
      return takeFundsReply(order, event, cause);
    case 'PaymentSucceeded':
    case 'PaymentFailed':
    case 'PaymentExpired':
    case 'PaymentRefunded':
      return takePaymentNews(order, event, cause);
    case 'StockReturned':
    case 'FundsReturned':
      return order.type === 'PaidOrderState' ? takeReturn(order, event, cause) : ABSORBED;
    case 'StockConfirmed':
    case 'StockReleased':
    case 'FundsCaptured':
    case 'FundsReleased':
    case 'PaymentCodeIssued':
    case 'PaymentRefundPending':
    case 'PaymentRefundFailed':
    case 'PaymentAuthorizationStuck':
      return ABSORBED;
  }
}

function carryOut(
  before: Order | undefined,
  decision: Exclude<Decision, Rejected>,
  settings: OrdersSettings,
  context: TimerContext<Order['type']>,
): void {
  switch (decision.kind) {
    case 'absorbed':
      return;
    case 'decided':
      context.put(decision.order.orderId, decision.order);
      keepDeadlines(before, decision.order, settings, context);
      break;
    case 'answered':
      break;
  }
  for (const output of decision.outputs) emit(output, context);
}

function keepDeadlines(
  before: Order | undefined,
  order: Order,
  { pendingDeadlineMs, rollBackDeadlineMs }: OrdersSettings,
  context: TimerContext<Order['type']>,
): void {
  const { orderId } = order;
  if (before === undefined) {
    context.setTimer(orderId, PENDING_DEADLINE, context.now + pendingDeadlineMs);
  } else if (order.type !== 'PendingOrderState') {
    context.clearTimer(orderId, PENDING_DEADLINE);
  }
  const isAwaited = order.type === 'PaidOrderState' && isRollBackAwaited(order);
  const wasAwaited = before?.type === 'PaidOrderState' && isRollBackAwaited(before);
  if (isAwaited && !wasAwaited) {
    context.setTimer(orderId, ROLL_BACK_DEADLINE, context.now + rollBackDeadlineMs);
  } else if (!isAwaited && wasAwaited) {
    context.clearTimer(orderId, ROLL_BACK_DEADLINE);
  }
}

function emit(output: OrdersOutput, context: TimerContext<Order['type']>): void {
  switch (output.type) {
    case 'StockReservationRequested':
    case 'StockConfirmationRequested':
    case 'StockReleaseRequested':
    case 'StockReturnRequested':
      context.emit(inventoryRequests, output);
      break;
    case 'FundsHoldRequested':
    case 'FundsCaptureRequested':
    case 'FundsReleaseRequested':
    case 'FundsReturnRequested':
      context.emit(accountsRequests, output);
      break;
    case 'OrderActionAnswered':
      context.emit(alertsActionResults, output);
      break;
    case 'OrderCreated':
    case 'OrderWaitingPayment':
    case 'OrderCancellationStarted':
    case 'OrderPaid':
    case 'OrderFailed':
    case 'OrderPaymentRecorded':
    case 'OrderRefunded':
    case 'OrderRolledBack':
      context.emit(ordersEvents, output);
      break;
  }
}
