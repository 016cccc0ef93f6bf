/**
 * Webhooks. One is a hint to ask PayPay at once, whatever it claims and however often it comes, so
 * a forged one costs a read and never moves money. Only where the edge vouches for its sender
 * (trust mode ip-allowlist) does a COMPLETED settle by itself, and then only what is still open.
 */
import type { EventOf } from '../../schemas/event';
import {
  isOver,
  merchantPaymentIdOf,
  readableNumbers,
  type Attempt,
  type Payment,
} from './payment';
import { paidTime } from './paid-time';
import { wantReads } from './status-reads';
import type { Turn } from './turn';
import { succeeded, type Money } from './verdict';

type Notification = EventOf<'PaymentNotificationReceived'>;

/** The currency of order_amount, which the webhook's body does not name. */
const WEBHOOK_CURRENCY = 'JPY';

export function notified(payment: Payment, event: Notification, turn: Turn): Payment {
  const attempt = payment.attempts.find(
    ({ number }) => merchantPaymentIdOf(payment.orderId, number) === event.merchantPaymentId,
  );
  const money = vouchedMoney(event);
  if (attempt !== undefined && money !== undefined && isOpen(attempt)) {
    const paidAt = paidTime(money.paidAt, attempt, event.receivedAt);
    return succeeded(payment, attempt.number, { ...money, paidAt }, 'NOTIFICATION', turn);
  }
  return hinted(payment, attempt === undefined ? [] : [attempt.number], turn);
}

/** Asks PayPay about the attempts; about each when none of ours was named. */
export function hinted(payment: Payment, named: readonly number[], turn: Turn): Payment {
  const attempts = named.length > 0 ? named : readableNumbers(payment);
  return wantReads(payment, attempts, 'NOTIFICATION', turn);
}

function isOpen(attempt: Attempt): boolean {
  return attempt.announced === 'NOTHING' && !isOver(attempt);
}

function vouchedMoney({
  verdict,
  state,
  paymentId,
  amount,
  paidAt,
}: Notification): Money | undefined {
  if (verdict !== 'TRUSTED' || state !== 'COMPLETED') return undefined;
  if (paymentId === null || amount === null || paidAt === null) return undefined;
  return { paymentId, amount, currency: WEBHOOK_CURRENCY, paidAt };
}
