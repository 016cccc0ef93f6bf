/** What the states of orders and payments say to people. */
import type { OrderView, PaymentView } from '../../edge/contract/api-types';

export const ORDER_STATUS_WORDS: Readonly<Record<OrderView['status'], string>> = {
  PENDING: 'Being reserved',
  WAITING_PAYMENT: 'Waiting for payment',
  PAID: 'Paid',
  FAILED: 'Failed',
};

const SETTLED_WORDS: Readonly<Record<NonNullable<PaymentView['settledBy']>, string>> = {
  NOTIFICATION: 'confirmed after PayPay’s webhook',
  POLL: 'found by asking PayPay; no webhook was needed',
  LAST_LOOK: 'found by the last look before the order would have failed',
  WATCH: 'found by looking again later',
  OPERATOR: 'found because an operator asked PayPay',
};

const PAYMENT_FAILURE_WORDS: Readonly<Record<NonNullable<PaymentView['failureReason']>, string>> = {
  FAILED: 'PayPay says that the payment failed.',
  CANCELLED: 'The payment was cancelled.',
  REJECTED: 'PayPay gave no code to pay with.',
  REVERSED: 'PayPay took the payment back after it had succeeded.',
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
