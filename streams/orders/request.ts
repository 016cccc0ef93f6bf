/**
 * What orders asks of inventory and accounts. A release follows the reservation it undoes on the
 * same partition, so it can be asked whether or not the answer has come. The role of each request
 * is its type and its sku, so one cause makes each of them once.
 */
import { orderHeader, type Cause } from '../../schemas/header';
import type { FundsRequest, OrdersOutput, StockRequest } from './decision';
import type { FailedOrder, OpenOrder, Order, PaidOrder, PendingOrder, WaitingOrder } from './order';
import { pricingOf } from './pricing';

export type Funds = Pick<WaitingOrder, 'totalAmount' | 'currency'>;

export function reservationRequests(order: PendingOrder, cause: Cause): readonly OrdersOutput[] {
  return stockRequests('StockReservationRequested', order, cause);
}

export function holdRequest(order: PendingOrder, funds: Funds, cause: Cause): OrdersOutput {
  const pieces = order.items.reduce((sum, { quantity }) => sum + quantity, 0);
  const fields = fundsFields('FundsHoldRequested', order, funds, cause);
  return { type: 'FundsHoldRequested', ...fields, pieces };
}

/** Of a paid order: what is reserved is sold, what is held is used. */
export function settlementRequests(order: WaitingOrder, cause: Cause): readonly OrdersOutput[] {
  return [
    ...stockRequests('StockConfirmationRequested', order, cause),
    fundsRequest('FundsCaptureRequested', order, order, cause),
  ];
}

/** Of a failed order: every sku and every hold that was ever asked for. */
export function releaseRequests(order: OpenOrder, cause: Cause): readonly OrdersOutput[] {
  return [
    ...stockRequests('StockReleaseRequested', order, cause),
    ...fundsAskedFor(order).map((funds) =>
      fundsRequest('FundsReleaseRequested', order, funds, cause),
    ),
  ];
}

/** The same once more, of an order whose release may have been lost. */
export function releaseAgainRequests(order: FailedOrder, cause: Cause): readonly OrdersOutput[] {
  return [
    ...stockRequests('StockReleaseRequested', order, cause),
    ...(order.totalAmount > 0 ? [fundsRequest('FundsReleaseRequested', order, order, cause)] : []),
  ];
}

/** Of a paid order that is rolled back: what is sold and used, as far as it is not back yet. */
export function returnRequests(
  order: PaidOrder,
  left: { readonly skusLeft: readonly string[]; readonly fundsLeft: boolean },
  cause: Cause,
): readonly OrdersOutput[] {
  const items = order.items.filter(({ sku }) => left.skusLeft.includes(sku));
  return [
    ...stockRequests('StockReturnRequested', { ...order, items }, cause),
    ...(left.fundsLeft ? [fundsRequest('FundsReturnRequested', order, order, cause)] : []),
  ];
}

export function fundsAskedFor(order: OpenOrder): readonly Funds[] {
  if (order.type === 'WaitingOrderState') return [order];
  const pricing = pricingOf(order);
  return pricing.kind === 'complete' ? [pricing] : [];
}

function stockRequests(
  type: StockRequest['type'],
  { orderId, items }: Pick<Order, 'orderId' | 'items'>,
  cause: Cause,
): readonly OrdersOutput[] {
  return items.map(({ sku, quantity }) => ({
    type,
    ...orderHeader(cause, `${type}/${sku}`, orderId),
    sku,
    quantity,
  }));
}

function fundsRequest(
  type: Exclude<FundsRequest['type'], 'FundsHoldRequested'>,
  order: Order,
  funds: Funds,
  cause: Cause,
): OrdersOutput {
  return { type, ...fundsFields(type, order, funds, cause) };
}

function fundsFields(
  type: FundsRequest['type'],
  { orderId, userId }: Order,
  { totalAmount, currency }: Funds,
  cause: Cause,
) {
  return { ...orderHeader(cause, type, orderId), userId, amount: totalAmount, currency };
}
