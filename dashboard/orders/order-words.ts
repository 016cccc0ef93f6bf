/** What the states of orders and payments say to people. */
import type { OrderView, PaymentView } from '../../edge/api';

export const ORDER_STATUS_WORDS: Readonly<Record<OrderView['status'], string>> = {
  PENDING: 'Being reserved',
  WAITING_PAYMENT: 'Waiting for payment',
  PAID: 'Paid',
  FAILED: 'Failed',
};

const FAILURE_WORDS: Readonly<Record<NonNullable<OrderView['failureReason']>, string>> = {
  OUT_OF_STOCK: 'There is not enough stock left. Nothing was charged.',
  UNKNOWN_SKU: 'A product in the order is no longer for sale. Nothing was charged.',
  OVER_LIMIT: 'The order is above your spending limit. Nothing was charged.',
  PAYMENT_FAILED: 'PayPay did not take the payment.',
  PAYMENT_EXPIRED: 'The time to pay ran out.',
  CANCELLED: 'The order was cancelled before it was paid.',
  TIMED_OUT: 'The order could not be prepared in time. Nothing was charged.',
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

export function failureText({ failureReason }: OrderView): string {
  return failureReason === null ? 'The order failed.' : FAILURE_WORDS[failureReason];
}

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
