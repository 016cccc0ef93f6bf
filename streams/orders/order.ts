/**
 * An order as this app keeps it: one state record per status, holding what that status needs and
 * no more. The two terminal ones stay for ever, so that money that comes late is never unknown.
 *
 *                        all reserved,                   the right
 *   PurchaseRequested    funds held                      success
 *        |   PENDING ---------------> WAITING_PAYMENT -------------> PAID
 *        +-->   |                           |
 *               | a rejection, the deadline,| a failure, an expiry
 *               | a cancellation            |
 *               |                           v
 *               +-----------------------> FAILED
 */
import type { EventOf } from '../../schemas/event';
import type { StateOf } from '../runtime/app';

export type PendingOrder = StateOf<'PendingOrderState'>;
export type WaitingOrder = StateOf<'WaitingOrderState'>;
export type PaidOrder = StateOf<'PaidOrderState'>;
export type FailedOrder = StateOf<'FailedOrderState'>;
export type OpenOrder = PendingOrder | WaitingOrder;
export type Order = OpenOrder | PaidOrder | FailedOrder;

export type OrderStatus = EventOf<'OrderPaymentRecorded'>['orderStatus'];

/** Staying is legal everywhere: facts gather without a change of status. */
const LEGAL: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  PENDING: ['PENDING', 'WAITING_PAYMENT', 'FAILED'],
  WAITING_PAYMENT: ['WAITING_PAYMENT', 'PAID', 'FAILED'],
  PAID: ['PAID'],
  FAILED: ['FAILED'],
};

export function statusOf(order: Order): OrderStatus {
  switch (order.type) {
    case 'PendingOrderState':
      return 'PENDING';
    case 'WaitingOrderState':
      return 'WAITING_PAYMENT';
    case 'PaidOrderState':
      return 'PAID';
    case 'FailedOrderState':
      return 'FAILED';
  }
}

/** Throws on a move that the diagram does not have, and on one from order to order. */
export function assertMove(before: Order, after: Order): void {
  const [from, to] = [statusOf(before), statusOf(after)];
  if (before.orderId !== after.orderId || !LEGAL[from].includes(to)) {
    throw new Error(`order ${before.orderId} cannot go from ${from} to ${to} of ${after.orderId}`);
  }
}
