import { randomBytes, randomInt, randomUUID } from 'node:crypto';

/** Ids in the form PayPay gives them. Chance is in place here: the real ones cannot be foretold. */

/** As the last part of a code's URL, such as `04-uR0xwWhGHBQxbF1u`. */
export function drawCodeId(): string {
  return `04-${randomBytes(12).toString('base64url')}`;
}

/** Eighteen digits, such as `048172653948102756`. */
export function drawPaymentId(): string {
  const digits = Array.from({ length: 16 }, () => randomInt(10)).join('');
  return `04${digits}`;
}

/** An order as the shop would name it, and has never heard of. */
export function drawUnknownOrderId(): string {
  return randomUUID();
}

/** A refund that PayPay makes of its own accord still has a merchant's id. */
export function drawOutsideRefundId(): string {
  return `${OUTSIDE_REFUND}${randomUUID()}`;
}

export function isOutsideRefund(merchantRefundId: string): boolean {
  return merchantRefundId.startsWith(OUTSIDE_REFUND);
}

const OUTSIDE_REFUND = 'outside-';
