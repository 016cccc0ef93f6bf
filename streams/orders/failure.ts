/**
 * How an order fails, for whatever reason: it ends, and everything it ever asked for is released.
 * Only an open order can fail, so the release is asked once.
 */
import type { EventOf } from '../../schemas/event';
import { orderHeader, type Cause } from '../../schemas/header';
import { decided, type Decided } from './decision';
import type { OpenOrder, PendingOrder } from './order';
import { NOTHING_KNOWN } from './payment-facts';
import { fundsAskedFor, releaseRequests } from './request';

export interface Failure {
  readonly reason: EventOf<'OrderFailed'>['reason'];
  /** The same for people. */
  readonly detail: string;
}

export function fail(order: OpenOrder, failure: Failure, cause: Cause): Decided {
  const { orderId, userId } = order;
  const [funds] = fundsAskedFor(order);
  const failed = {
    type: 'FailedOrderState',
    orderId,
    userId,
    items: order.items.map(({ sku, quantity }) => ({ sku, quantity })),
    payment: order.type === 'WaitingOrderState' ? order.payment : NOTHING_KNOWN,
    totalAmount: funds?.totalAmount ?? 0,
    currency: funds?.currency ?? '',
  } as const;
  return decided(order, failed, [
    { type: 'OrderFailed', ...orderHeader(cause, 'OrderFailed', orderId), userId, ...failure },
    ...releaseRequests(order, cause),
  ]);
}

/** The deadline of PENDING passed before inventory and accounts had answered. */
export function timeOut(order: PendingOrder, cause: Cause): Decided {
  const detail = `${order.reserved.length} of ${order.items.length} items were reserved in time`;
  return fail(order, { reason: 'TIMED_OUT', detail }, cause);
}
