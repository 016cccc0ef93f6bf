import { moneyOf, type Payment, type PaymentStatus } from './payment';

/** PayPay's transaction webhook, field by field. It carries no event id and no signature. */
export interface WebhookBody {
  readonly notification_type: 'Transaction';
  readonly merchant_id: string;
  readonly store_id: string | null;
  readonly pos_id: string | null;
  /** PayPay's id of the payment. */
  readonly order_id: string;
  /** The merchant's id, merchantPaymentId. */
  readonly merchant_order_id: string;
  readonly authorized_at: string | null;
  readonly expires_at: string | null;
  readonly confirmation_expires_at: string | null;
  readonly paid_at: string | null;
  /** Whole yen. */
  readonly order_amount: number;
  readonly state: WebhookState;
}

export const WEBHOOK_STATES = [
  'AUTHORIZED',
  'COMPLETED',
  'CANCELED',
  'EXPIRED',
  'EXPIRED_USER_CONFIRMATION',
  'FAILED',
] as const;
export type WebhookState = (typeof WEBHOOK_STATES)[number];

/** Statuses that PayPay tells of by webhook; nothing is sent about codes and refunds. */
export function webhookStateOf(status: PaymentStatus): WebhookState | undefined {
  switch (status) {
    case 'AUTHORIZED':
    case 'COMPLETED':
    case 'CANCELED':
    case 'EXPIRED':
    case 'FAILED':
      return status;
    case 'CREATED':
    case 'REFUNDED':
      return undefined;
  }
}

export interface WebhookFacts {
  readonly merchantId: string;
  /** When the webhook is written; a claim that is not so is dated with it. */
  readonly at: number;
  /** Another amount than the payment's. */
  readonly amount?: number;
}

export function webhookBody(
  payment: Payment,
  state: WebhookState,
  { merchantId, at, amount = moneyOf(payment).amount }: WebhookFacts,
): WebhookBody {
  const { charge } = payment;
  const authorizedAt = charge.kind === 'none' ? at : charge.authorizedAt;
  const paidAt = charge.kind === 'paid' ? charge.paidAt : at;
  const isAuthorized = state === 'AUTHORIZED' || state === 'COMPLETED';
  return {
    notification_type: 'Transaction',
    merchant_id: merchantId,
    store_id: null,
    pos_id: null,
    order_id: payment.paymentId,
    merchant_order_id: payment.merchantPaymentId,
    authorized_at: isAuthorized ? japaneseTime(authorizedAt) : null,
    expires_at: state === 'EXPIRED' ? japaneseTime(payment.expiresAt) : null,
    confirmation_expires_at: null,
    paid_at: state === 'COMPLETED' ? japaneseTime(paidAt) : null,
    order_amount: amount,
    state,
  };
}

/** Japan has no daylight saving time. */
const JAPAN_AHEAD_MS = 9 * 3_600_000;

/** ISO 8601 with Japan's offset, to the second, such as `2026-11-22T16:00:00+09:00`. */
export function japaneseTime(at: number): string {
  return `${new Date(at + JAPAN_AHEAD_MS).toISOString().slice(0, 19)}+09:00`;
}

/**
 * PayPay cancels a payment until 00:14:59 in Japan on the day after it was made; later it must be
 * refunded.
 */
export function cancellableUntil(paidAt: number): number {
  const dayMs = 86_400_000;
  const quarterHourMs = 900_000;
  const startOfDay = Math.floor((paidAt + JAPAN_AHEAD_MS) / dayMs) * dayMs - JAPAN_AHEAD_MS;
  return startOfDay + dayMs + quarterHourMs;
}
