/**
 * Where inventory keeps what. A sku may hold any character, so it is encoded: no sku can pass for
 * another one's reservation.
 */
export function stockKey(sku: string): string {
  return encodeURIComponent(sku);
}

export function offerKey(sku: string): string {
  return `${stockKey(sku)}/offer`;
}

/** Apart from the stock, so that the hot value stays small. */
export function reservationKey(sku: string, orderId: string): string {
  return `${stockKey(sku)}/${orderId}`;
}

export function receiptKey(sku: string, eventId: string): string {
  return `${stockKey(sku)}/receipt/${eventId}`;
}
