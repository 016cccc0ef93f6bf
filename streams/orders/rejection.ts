/** Why orders sends a record to the dead letters: each code says what an operator can do. */
export const REJECTIONS = {
  MALFORMED_PURCHASE: 'Whoever wrote it did not check it; the shopper must order again.',
  IDEMPOTENCY_CONFLICT: 'The first order stands; the shopper needs a new Idempotency-Key.',
  UNKNOWN_ORDER: 'No purchase of this orderId was logged; look for who made it up.',
  NOT_OWNER: 'Nothing was cancelled; look at who asked.',
  NOT_ASKED_FOR: 'The answer fits no request of this order; look at the app that wrote it.',
  MIXED_CURRENCIES: 'One order has one currency; correct the catalog. The order will time out.',
  PAYMENT_TOO_EARLY: 'The order had not asked for a payment; look at the payments app.',
  TOO_MUCH_PAYMENT_NEWS: 'No real payment changes so often; look at it in PayPay for Business.',
} as const satisfies Record<string, string>;

export type RejectionCode = keyof typeof REJECTIONS;
