/** What someone who is not PayPay may post to the webhook, by kind. */

/** What a forger knows: ids that stand in the shopper's own browser, and PayPay's documentation. */
export interface Target {
  readonly merchantPaymentId: string;
  /** Whole yen. */
  readonly amount: number;
}

export interface Claim {
  readonly kind: string;
  readonly body: object;
}

/** Well-formed, and not so. Each must change nothing in any trust mode. */
export function claimsAbout({ merchantPaymentId, amount }: Target): readonly Claim[] {
  const body = (change: object) => ({
    notification_type: 'Transaction',
    merchant_id: 'simulator-merchant',
    store_id: null,
    pos_id: null,
    order_id: '049999999999999999',
    merchant_order_id: merchantPaymentId,
    authorized_at: '2026-11-22T16:00:00+09:00',
    expires_at: null,
    confirmation_expires_at: null,
    paid_at: '2026-11-22T16:00:00+09:00',
    order_amount: amount,
    state: 'COMPLETED',
    ...change,
  });
  const orderId = merchantPaymentId.slice(0, merchantPaymentId.lastIndexOf('-'));
  return [
    { kind: 'it was paid', body: body({}) },
    { kind: 'it was paid, with another amount', body: body({ order_amount: amount + 1 }) },
    { kind: 'it was paid again', body: body({ order_id: '048888888888888888' }) },
    {
      kind: 'an attempt that never was is paid',
      body: body({ merchant_order_id: `${orderId}-7` }),
    },
    { kind: 'another shop was paid', body: body({ merchant_id: 'somebody-else' }) },
    { kind: 'it was authorized', body: body({ state: 'AUTHORIZED', paid_at: null }) },
    { kind: 'it failed', body: body({ state: 'FAILED', paid_at: null }) },
    { kind: 'it was cancelled', body: body({ state: 'CANCELED', paid_at: null }) },
    { kind: 'it expired', body: body({ state: 'EXPIRED', paid_at: null }) },
    {
      kind: 'it was never confirmed',
      body: body({ state: 'EXPIRED_USER_CONFIRMATION', paid_at: null }),
    },
  ];
}

/** Not even well-formed, or about nothing of ours. */
export function malformedAbout(target: Target): readonly string[] {
  const [{ body } = { body: {} }] = claimsAbout(target);
  return [
    '{"notification_type": "Transaction", ',
    '',
    'null',
    JSON.stringify([body]),
    JSON.stringify({ ...body, merchant_order_id: 'POS-0042' }),
    JSON.stringify({ ...body, merchant_order_id: null }),
    JSON.stringify({ notification_type: 'file.created' }),
  ];
}

/** About the order, in words and types that are not known here: hints all the same. */
export function oddAbout(target: Target): readonly object[] {
  const [{ body } = { body: {} }] = claimsAbout(target);
  return [
    { ...body, state: 'REFUNDED' },
    { ...body, order_amount: String(target.amount), merchant_id: 42 },
    { ...body, confirmation_expires_at: '', paid_at: '2026-13-40T25:00:00+09:00' },
  ];
}
