/** What the states of orders and payments say to people. */
import type { OrderView, PaymentView } from '../../edge/contract/api-types';
import { moneyText } from '../text/money';

export const ORDER_STATUS_WORDS: Readonly<Record<OrderView['status'], string>> = {
  PENDING: 'Being reserved',
  WAITING_PAYMENT: 'Waiting for payment',
  PAID: 'Paid',
  FAILED: 'Failed',
};

export const PAYMENT_STATUS_WORDS: Readonly<Record<PaymentView['status'], string>> = {
  NOT_STARTED: 'not started',
  CODE_ISSUED: 'waiting to be paid',
  SUCCEEDED: 'paid',
  FAILED: 'failed',
  EXPIRED: 'expired',
  PARTIALLY_REFUNDED: 'partly refunded',
  REFUND_PENDING: 'a refund is in flight',
  REFUNDED: 'refunded',
};

type Refund = PaymentView['refunds'][number];

/** ¥100 refunded. ¥100: refund in flight (PayPay says CREATED). */
export function refundText(
  { amount, status, reportedStatus, requestedHere, detail }: Refund,
  currency?: string,
): string {
  const money = moneyText(amount, currency);
  const elsewhere = requestedHere ? '' : ', asked for at PayPay and not here';
  switch (status) {
    case 'COMPLETED':
      return `${money} refunded${elsewhere}.`;
    case 'PENDING': {
      const word = reportedStatus === null ? '' : ` (PayPay says ${reportedStatus})`;
      return `${money}: refund in flight${word}${elsewhere}.`;
    }
    case 'FAILED':
      return `${money}: refund failed${elsewhere}. ${detail ?? ''}`.trim();
  }
}

const SETTLED_WORDS: Readonly<Record<NonNullable<PaymentView['settledBy']>, string>> = {
  NOTIFICATION: 'confirmed after PayPay’s webhook',
  POLL: 'found by asking PayPay; no webhook was needed',
  LAST_LOOK: 'found by the last check before the order would have failed',
  WATCH: 'found by a later check',
  OPERATOR: 'found because an operator asked PayPay',
};

const PAYMENT_FAILURE_WORDS: Readonly<Record<NonNullable<PaymentView['failureReason']>, string>> = {
  FAILED: 'PayPay says that the payment failed.',
  CANCELLED: 'The payment was cancelled.',
  REJECTED: 'PayPay gave no code to pay with.',
  REVERSED: 'PayPay reversed the payment after it had succeeded.',
};

export function settledText({ settledBy }: PaymentView): string {
  return settledBy === null ? '' : SETTLED_WORDS[settledBy];
}

export function paymentFailureText({ failureReason }: PaymentView): string {
  return failureReason === null
    ? 'The payment did not happen.'
    : PAYMENT_FAILURE_WORDS[failureReason];
}

/** Ids are long; the first eight characters tell the orders of a page apart. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}
