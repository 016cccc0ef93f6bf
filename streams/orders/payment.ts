/**
 * What news of the payment does to an order. Only WAITING_PAYMENT moves: to PAID by a success of
 * the right amount, to FAILED by a failure or an expiry, and when money of another amount has all
 * gone back, because nobody can pay any more. All other news is recorded and left to the alerts,
 * and a refund is a fact on the order.
 */
import type { EventOf } from '../../schemas/event';
import { orderHeader, type Cause } from '../../schemas/header';
import {
  ABSORBED,
  decided,
  rejected,
  type Decided,
  type Decision,
  type OrdersOutput,
} from './decision';
import { fail, type Failure } from './failure';
import {
  statusOf,
  type Order,
  type PaidOrder,
  type PendingOrder,
  type WaitingOrder,
} from './order';
import { isGivenBack, judge, type PaymentNews, type Success } from './payment-facts';
import { settlementRequests } from './request';

/** An order that has asked for a payment, or ended. */
type KnowingOrder = Exclude<Order, PendingOrder>;

export function takePaymentNews(order: Order, news: PaymentNews, cause: Cause): Decision {
  // Payments starts with OrderWaitingPayment, so this cannot be; if it is, it must not be lost.
  if (order.type === 'PendingOrderState') {
    return rejected('PAYMENT_TOO_EARLY', `${news.type} of order ${order.orderId}`);
  }
  const judgement = judge(order.payment, news);
  switch (judgement.kind) {
    case 'stale':
      return ABSORBED;
    case 'too-many':
      return rejected('TOO_MUCH_PAYMENT_NEWS', `${news.type} of order ${order.orderId}`);
    case 'news':
      return apply({ ...order, payment: judgement.payment }, news, cause);
  }
}

function apply(order: KnowingOrder, news: PaymentNews, cause: Cause): Decided {
  if (news.type === 'PaymentRefunded') return giveBack(order, news, cause);
  if (order.type !== 'WaitingOrderState') return record(order, news, cause);
  switch (news.type) {
    case 'PaymentSucceeded':
      return isTheRightAmount(order, news) ? pay(order, news, cause) : record(order, news, cause);
    case 'PaymentFailed':
    case 'PaymentExpired':
      return fail(order, failureOf(order, news), cause);
  }
}

function giveBack(order: KnowingOrder, news: EventOf<'PaymentRefunded'>, cause: Cause): Decided {
  const said = refunded(news, cause);
  if (order.type !== 'WaitingOrderState' || !isGivenBack(order.payment)) {
    return decided(order, order, [said]);
  }
  const detail = 'what was paid was refunded';
  const failed = fail(order, { reason: 'PAYMENT_FAILED', detail }, cause);
  return { ...failed, outputs: [said, ...failed.outputs] };
}

export function isTheRightAmount(
  order: WaitingOrder,
  { amount, currency }: Pick<Success, 'amount' | 'currency'>,
): boolean {
  return amount === order.totalAmount && currency === order.currency;
}

/** `success` may be of another amount than the order's, once an operator has accepted it. */
export function pay(order: WaitingOrder, success: Success, cause: Cause): Decided {
  const { orderId, userId, totalAmount, payment } = order;
  const paid: PaidOrder = {
    type: 'PaidOrderState',
    orderId,
    userId,
    items: order.items.map(({ sku, quantity }) => ({ sku, quantity })),
    totalAmount,
    currency: order.currency,
    payment,
    rollBack: null,
  };
  const header = orderHeader(cause, 'OrderPaid', orderId);
  const { paymentId, amount, currency, paidAt } = success;
  return decided(order, paid, [
    { type: 'OrderPaid', ...header, userId, paymentId, amount, currency, paidAt },
    ...settlementRequests(order, cause),
  ]);
}

/** A cancellation that PayPay carried out is the owner's; any other end is the payment's. */
function failureOf(
  order: WaitingOrder,
  news: EventOf<'PaymentFailed' | 'PaymentExpired'>,
): Failure {
  if (news.type === 'PaymentExpired') {
    return { reason: 'PAYMENT_EXPIRED', detail: 'the payment deadline has passed' };
  }
  return order.cancelling && news.reason === 'CANCELLED'
    ? { reason: 'CANCELLED', detail: 'cancelled by its owner before it was paid' }
    : { reason: 'PAYMENT_FAILED', detail: `${news.reason}: ${news.detail}` };
}

function record(order: KnowingOrder, news: PaymentNews, cause: Cause): Decided {
  const { orderId } = order;
  return decided(order, order, [
    {
      type: 'OrderPaymentRecorded',
      ...orderHeader(cause, 'OrderPaymentRecorded', orderId),
      orderStatus: statusOf(order),
      paymentEventId: news.eventId,
      paymentEventType: news.type,
      detail: detailOf(news),
    },
  ]);
}

function detailOf(news: PaymentNews): string {
  switch (news.type) {
    case 'PaymentSucceeded':
      return `payment ${news.paymentId} took ${news.amount} ${news.currency}`;
    case 'PaymentFailed':
      return `${news.reason}: ${news.detail}`;
    case 'PaymentExpired':
      return 'the payment deadline has passed';
    case 'PaymentRefunded':
      return `payment ${news.paymentId} refunded ${news.amount} ${news.currency}`;
  }
}

function refunded(news: EventOf<'PaymentRefunded'>, cause: Cause): OrdersOutput {
  const { orderId, paymentId, merchantRefundId, amount, currency } = news;
  const header = orderHeader(cause, 'OrderRefunded', orderId);
  return { type: 'OrderRefunded', ...header, paymentId, merchantRefundId, amount, currency };
}
