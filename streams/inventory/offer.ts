/**
 * What the catalog says of a sku, as far as a reservation needs it. Inventory reads the price at
 * the moment it reserves, so a price changed later does not change an order.
 */
import type { EventOf } from '../../schemas/event';
import type { StateOf } from '../runtime/app';

export type Offer = StateOf<'OfferState'>;

export type OfferOutcome =
  | { readonly kind: 'malformed'; readonly what: string }
  | { readonly kind: 'offered'; readonly offer: Offer };

export function takeProduct(product: EventOf<'Product'>): OfferOutcome {
  const { sku, unitPrice, currency, active } = product;
  // PayPay takes no payment of 0 yen, so such an order could only ever fail.
  if (unitPrice < 1) return { kind: 'malformed', what: `${sku} costs ${unitPrice} ${currency}` };
  return { kind: 'offered', offer: { type: 'OfferState', sku, unitPrice, currency, active } };
}
