import type { PendingOrder, WaitingOrder } from './order';

/** What a pending order costs, as far as its reservations have been answered. */
export type Pricing =
  | { readonly kind: 'incomplete' }
  | ({ readonly kind: 'complete' } & Pick<WaitingOrder, 'items' | 'totalAmount' | 'currency'>);

/** Throws when the total is too large for whole yen to be exact. */
export function pricingOf({ orderId, items, reserved }: PendingOrder): Pricing {
  const priced = items.flatMap((item) =>
    reserved.filter(({ sku }) => sku === item.sku).map((offer) => ({ ...item, ...offer })),
  );
  const [first] = priced;
  if (first === undefined || priced.length < items.length) return { kind: 'incomplete' };
  const totalAmount = priced.reduce((sum, item) => sum + item.quantity * item.unitPrice, 0);
  if (!Number.isSafeInteger(totalAmount))
    throw new Error(`the total of order ${orderId} overflows`);
  return {
    kind: 'complete',
    items: priced.map(({ sku, quantity, unitPrice }) => ({ sku, quantity, unitPrice })),
    totalAmount,
    currency: first.currency,
  };
}
