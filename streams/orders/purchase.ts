/**
 * How an order begins, once: the first purchase of an orderId stands, whatever comes after it.
 */
import type { EventOf } from '../../schemas/event';
import { orderHeader, type Cause } from '../../schemas/header';
import { ABSORBED, decided, rejected, type Decision } from './decision';
import type { Order, PendingOrder } from './order';
import { reservationRequests } from './request';

type Purchase = EventOf<'PurchaseRequested'>;
type Items = readonly { readonly sku: string; readonly quantity: number }[];

/** Every item becomes a request and a line of state; a hostile purchase must not flood either. */
const ITEMS_MAX = 100;

export function takePurchase(order: Order | undefined, purchase: Purchase, cause: Cause): Decision {
  return order === undefined ? create(purchase, cause) : compare(order, purchase);
}

function create(purchase: Purchase, cause: Cause): Decision {
  const { orderId, userId, items } = purchase;
  const faults = faultsOf(items);
  if (faults.length > 0) {
    return rejected('MALFORMED_PURCHASE', `purchase of order ${orderId}: ${faults.join(', ')}`);
  }
  const order: PendingOrder = { type: 'PendingOrderState', orderId, userId, items, reserved: [] };
  return decided(undefined, order, [
    { type: 'OrderCreated', ...orderHeader(cause, 'OrderCreated', orderId), userId, items },
    ...reservationRequests(order, cause),
  ]);
}

function faultsOf(items: Items): readonly string[] {
  const skus = new Set(items.map(({ sku }) => sku));
  return [
    ...(items.length === 0 ? ['no items'] : []),
    ...(items.length > ITEMS_MAX ? [`more than ${ITEMS_MAX} items`] : []),
    ...(skus.size < items.length ? ['a sku twice'] : []),
    ...(items.some(({ quantity }) => quantity < 1) ? ['a quantity below 1'] : []),
  ];
}

/** The same purchase is a repeat whichever eventId it carries; the order of the items says nothing. */
function compare(order: Order, { orderId, userId, items }: Purchase): Decision {
  if (order.userId === userId && haveSameItems(order.items, items)) return ABSORBED;
  return rejected('IDEMPOTENCY_CONFLICT', `another purchase had made order ${orderId}`);
}

function haveSameItems(these: Items, those: Items): boolean {
  const quantities = new Map(these.map(({ sku, quantity }) => [sku, quantity]));
  return (
    these.length === those.length &&
    those.every(({ sku, quantity }) => quantities.get(sku) === quantity)
  );
}
