/**
 * What inventory and accounts answer to a PENDING order. Later answers change nothing: the order
 * has its stock and funds, or it failed and their release was asked on the partition of the
 * request. All or nothing: the first rejection fails the order.
 */
import type { EventOf } from '../../schemas/event';
import { orderHeader, type Cause } from '../../schemas/header';
import { ABSORBED, decided, rejected, type Decision, type Rejected } from './decision';
import { fail, type Failure } from './failure';
import type { Order, PendingOrder, WaitingOrder } from './order';
import { NOTHING_KNOWN } from './payment-facts';
import { pricingOf } from './pricing';
import { holdRequest } from './request';

type StockReply = EventOf<'StockReserved' | 'StockReservationRejected'>;
type FundsReply = EventOf<'FundsHeld' | 'FundsHoldRejected'>;

export function takeStockReply(order: Order, reply: StockReply, cause: Cause): Decision {
  if (order.type !== 'PendingOrderState') return ABSORBED;
  const item = order.items.find(({ sku }) => sku === reply.sku);
  if (item?.quantity !== reply.quantity)
    return notAskedFor(reply, `${reply.quantity} ${reply.sku}`);
  if (order.reserved.some(({ sku }) => sku === reply.sku)) return ABSORBED;
  return reply.type === 'StockReserved'
    ? reserve(order, reply, cause)
    : fail(order, stockFailure(reply), cause);
}

export function takeFundsReply(order: Order, reply: FundsReply, cause: Cause): Decision {
  if (order.type !== 'PendingOrderState') return ABSORBED;
  const pricing = pricingOf(order);
  if (pricing.kind === 'incomplete' || pricing.totalAmount !== reply.amount) {
    return notAskedFor(reply, `${reply.amount} ${reply.currency}`);
  }
  if (reply.type === 'FundsHoldRejected') return fail(order, fundsFailure(reply), cause);
  const { orderId, userId } = order;
  const { items, totalAmount, currency } = pricing;
  const bill = { items, totalAmount, currency };
  const waiting: WaitingOrder = {
    type: 'WaitingOrderState',
    orderId,
    userId,
    ...bill,
    cancelling: false,
    payment: NOTHING_KNOWN,
  };
  const header = orderHeader(cause, 'OrderWaitingPayment', orderId);
  return decided(order, waiting, [{ type: 'OrderWaitingPayment', ...header, userId, ...bill }]);
}

function reserve(order: PendingOrder, reply: EventOf<'StockReserved'>, cause: Cause): Decision {
  const { sku, unitPrice, currency } = reply;
  if (order.reserved.some((other) => other.currency !== currency)) {
    return rejected('MIXED_CURRENCIES', `${sku} of order ${order.orderId} costs ${currency}`);
  }
  const reserved = { ...order, reserved: [...order.reserved, { sku, unitPrice, currency }] };
  const pricing = pricingOf(reserved);
  const outputs = pricing.kind === 'complete' ? [holdRequest(reserved, pricing, cause)] : [];
  return decided(order, reserved, outputs);
}

function stockFailure(reply: EventOf<'StockReservationRejected'>): Failure {
  const { sku, quantity, available } = reply;
  switch (reply.reason) {
    case 'OUT_OF_STOCK':
      return {
        reason: 'OUT_OF_STOCK',
        detail: `${quantity} ${sku} requested, ${available} available`,
      };
    case 'UNKNOWN_SKU':
      return { reason: 'UNKNOWN_SKU', detail: `${sku} is not for sale` };
    case 'RELEASED_BEFORE':
      return { reason: 'OUT_OF_STOCK', detail: `${sku} had been released before it was reserved` };
  }
}

function fundsFailure(reply: EventOf<'FundsHoldRejected'>): Failure {
  switch (reply.reason) {
    case 'OVER_LIMIT':
      return { reason: 'OVER_LIMIT', detail: excessWords(reply) };
    case 'RELEASED_BEFORE':
      return { reason: 'OVER_LIMIT', detail: 'the funds had been released before they were held' };
  }
}

function excessWords(reply: EventOf<'FundsHoldRejected'>): string {
  const { amount, available, currency, exceeded, allowed, open } = reply;
  switch (exceeded) {
    case 'SPENDING_LIMIT':
      return `${amount} ${currency} to be held, ${available} available`;
    case 'OPEN_ORDERS':
      return `${open} orders wait for their payment already, at most ${allowed} may; pay or cancel one first`;
    case 'HELD_PIECES':
      return `${open} pieces are held for open orders already, at most ${allowed} may be; pay or cancel one first`;
  }
}

function notAskedFor(reply: StockReply | FundsReply, what: string): Rejected {
  return rejected('NOT_ASKED_FOR', `${reply.type} of ${what} to order ${reply.orderId}`);
}
