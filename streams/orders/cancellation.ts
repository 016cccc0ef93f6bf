/**
 * What an owner's wish to cancel does. Before the payment is open the order can simply fail; while
 * it is open the shopper may be paying this very moment, so payments is asked to find out, once;
 * an order that has ended stays as it is.
 */
import type { EventOf } from '../../schemas/event';
import { orderHeader, type Cause } from '../../schemas/header';
import { ABSORBED, decided, rejected, type Decision } from './decision';
import { fail } from './failure';
import type { Order } from './order';

export function takeCancellation(
  order: Order,
  { userId, reason }: EventOf<'CancellationRequested'>,
  cause: Cause,
): Decision {
  const { orderId } = order;
  if (order.userId !== userId) {
    return rejected('NOT_OWNER', `user ${userId} asked to cancel order ${orderId}`);
  }
  switch (order.type) {
    case 'PendingOrderState':
      return fail(order, { reason: 'CANCELLED', detail: 'cancelled by its owner' }, cause);
    case 'WaitingOrderState': {
      if (order.cancelling) return ABSORBED;
      const header = orderHeader(cause, 'OrderCancellationStarted', orderId);
      return decided(order, { ...order, cancelling: true }, [
        { type: 'OrderCancellationStarted', ...header, userId, reason },
      ]);
    }
    case 'PaidOrderState':
    case 'FailedOrderState':
      return ABSORBED;
  }
}
