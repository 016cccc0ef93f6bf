/**
 * What orders asks of inventory and accounts. A release follows the reservation it undoes on the
 * same partition, so it can be asked whether or not the answer has come. The role of each request
 * is its type and its sku, so one cause makes each of them once.
 */
import { orderHeader, type Cause } from '../../schemas/header';
import type { OrdersOutput } from './decision';
import type { OpenOrder, PendingOrder, WaitingOrder } from './order';
import { pricingOf } from './pricing';

export type Funds = Pick<WaitingOrder, 'totalAmount' | 'currency'>;

export function reservationRequests(order: PendingOrder, cause: Cause): readonly OrdersOutput[] {
  return stockRequests('StockReservationRequested', order, cause);
}

export function holdRequest(order: PendingOrder, funds: Funds, cause: Cause): OrdersOutput {
  return fundsRequest('FundsHoldRequested', order, funds, cause);
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

function fundsAskedFor(order: OpenOrder): readonly Funds[] {
  if (order.type === 'WaitingOrderState') return [order];
  const pricing = pricingOf(order);
  return pricing.kind === 'complete' ? [pricing] : [];
}

function stockRequests(
  type: 'StockReservationRequested' | 'StockConfirmationRequested' | 'StockReleaseRequested',
  { orderId, items }: OpenOrder,
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
  type: 'FundsHoldRequested' | 'FundsCaptureRequested' | 'FundsReleaseRequested',
  { orderId, userId }: OpenOrder,
  { totalAmount, currency }: Funds,
  cause: Cause,
): OrdersOutput {
  const header = orderHeader(cause, type, orderId);
  return { type, ...header, userId, amount: totalAmount, currency };
}
