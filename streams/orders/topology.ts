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
import { ordersChangelog } from '../../topics/changelogs';
import { inventoryEvents, inventoryRequests } from '../../topics/inventory';
import { ordersEvents, ordersRequests } from '../../topics/orders';
import { paymentsEvents } from '../../topics/payments';
import type { EventOn } from '../../topics/topic';
import { defineApp, type StreamApp, type TimerContext } from '../runtime/app';
import { takeCancellation } from './cancellation';
import { ABSORBED, unknownOrder, type Decided, type Decision, type OrdersOutput } from './decision';
import { timeOut } from './failure';
import type { Order } from './order';
import { takePaymentNews } from './payment';
import { takePurchase } from './purchase';
import { takeFundsReply, takeStockReply } from './reply';
import type { OrdersSettings } from './settings';

const inputs = [ordersRequests, inventoryEvents, accountsEvents, paymentsEvents] as const;
type Input = EventOn<(typeof inputs)[number]>;

/** Stands on a PENDING order and on no other. */
const PENDING_DEADLINE = 'pending-deadline';

export function ordersApp(settings: OrdersSettings): StreamApp {
  return defineApp({
    name: 'orders',
    inputs,
    outputs: [ordersEvents, inventoryRequests, accountsRequests],
    changelog: ordersChangelog,
    keys: ({ orderId }) => [orderId],
    handle(event, context) {
      const before = context.get(event.orderId);
      const decision = decide(before, event, context.cause);
      if (decision.kind === 'rejected') context.reject(decision.code, decision.reason);
      if (decision.kind === 'decided') carryOut(before, decision, settings, context);
    },
    onTimer({ key }, context) {
      const before = context.get(key);
      if (before?.type !== 'PendingOrderState') throw new Error(`order ${key} has no deadline`);
      carryOut(before, timeOut(before, context.cause), settings, context);
    },
  });
}

function decide(order: Order | undefined, event: Input, cause: Cause): Decision {
  if (event.type === 'PurchaseRequested') return takePurchase(order, event, cause);
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
    case 'StockConfirmed':
    case 'StockReleased':
    case 'StockReturned':
    case 'FundsCaptured':
    case 'FundsReleased':
    case 'FundsReturned':
    case 'PaymentCodeIssued':
    case 'PaymentRefundFailed':
      return ABSORBED;
  }
}

function carryOut(
  before: Order | undefined,
  { order, outputs }: Decided,
  { pendingDeadlineMs }: OrdersSettings,
  context: TimerContext<Order['type']>,
): void {
  context.put(order.orderId, order);
  if (before === undefined) {
    context.setTimer(order.orderId, PENDING_DEADLINE, context.now + pendingDeadlineMs);
  } else if (order.type !== 'PendingOrderState') {
    context.clearTimer(order.orderId, PENDING_DEADLINE);
  }
  for (const output of outputs) emit(output, context);
}

function emit(output: OrdersOutput, context: TimerContext<Order['type']>): void {
  switch (output.type) {
    case 'StockReservationRequested':
    case 'StockConfirmationRequested':
    case 'StockReleaseRequested':
      context.emit(inventoryRequests, output);
      break;
    case 'FundsHoldRequested':
    case 'FundsCaptureRequested':
    case 'FundsReleaseRequested':
      context.emit(accountsRequests, output);
      break;
    case 'OrderCreated':
    case 'OrderWaitingPayment':
    case 'OrderCancellationStarted':
    case 'OrderPaid':
    case 'OrderFailed':
    case 'OrderPaymentRecorded':
    case 'OrderRefunded':
      context.emit(ordersEvents, output);
      break;
  }
}
