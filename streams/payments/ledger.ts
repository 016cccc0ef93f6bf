/**
 * The ledger of each payment: what PayPay took (`attempts`), and every refund of it by its id
 * (`refunds`), whoever asked for it.
 *
 *   REQUESTED ──▶ ACCEPTED ◀──▶ UNKNOWN      UNKNOWN: PayPay's word on it is not known here; it
 *       │             │            │         counts as in flight, and judges nothing
 *       ├─────────────┴────────────┴──▶ COMPLETED
 *       └─────────────┴────────────┴──▶ FAILED ──▶ COMPLETED, should PayPay say so after all
 *
 * What PayPay holds is what it took less the refunds that are COMPLETED; what may still be asked for
 * is less those in flight, too. Nothing is told from the payment's own status, which is the same
 * after a refund of one yen and of all.
 */
import type { ConcernedPayment } from '../../topics/alert-action-contract';
import { merchantPaymentIdOf, type Attempt, type Payment } from './payment';

export type Refund = Payment['refunds'][number];

export function hasEnded({ stage }: Refund): boolean {
  return stage === 'COMPLETED' || stage === 'FAILED';
}

export function refundWithId(payment: Payment, merchantRefundId: string): Refund | undefined {
  return payment.refunds.find((refund) => refund.merchantRefundId === merchantRefundId);
}

export function withRefund(payment: Payment, changed: Refund): Payment {
  const isKnown = refundWithId(payment, changed.merchantRefundId) !== undefined;
  const refunds = isKnown
    ? payment.refunds.map((refund) =>
        refund.merchantRefundId === changed.merchantRefundId ? changed : refund,
      )
    : [...payment.refunds, changed];
  return { ...payment, refunds };
}

export function attemptOf(
  payment: Payment,
  { merchantPaymentId }: Pick<ConcernedPayment, 'merchantPaymentId'>,
): Attempt | undefined {
  return payment.attempts.find(
    ({ number }) => merchantPaymentIdOf(payment.orderId, number) === merchantPaymentId,
  );
}

/** Whole yen of an attempt that went back or are going back. */
export function claimedOf(payment: Payment, { number, refundedElsewhere }: Attempt): number {
  return payment.refunds
    .filter(({ attempt, stage }) => attempt === number && stage !== 'FAILED')
    .reduce((sum, { amount }) => sum + amount, refundedElsewhere);
}

/** Whole yen that may still be asked for. */
export function leftOf(payment: Payment, concerned: ConcernedPayment): number {
  const attempt = attemptOf(payment, concerned);
  if (attempt === undefined) return 0;
  // States from before the ledger do not say what was taken; PayPay has the last word anyway.
  const { paidAmount } = attempt;
  return paidAmount === 0 ? concerned.amount : paidAmount - claimedOf(payment, attempt);
}

/** Whether payments knows of the money and of nobody who reversed it. */
export function isRefundable(payment: Payment, concerned: ConcernedPayment): boolean {
  const attempt = attemptOf(payment, concerned);
  return attempt?.announced === 'SUCCEEDED' || refundToJoin(payment, concerned) !== undefined;
}

/**
 * The refund that was asked for here and that whoever asks now did not know of: asking for the same
 * again means that one. Nothing is refunded twice.
 *
 *     paid 1,300    refund of 100 known to alerts        1,200 left: a new refund
 *                   refund of 100 not known to alerts    100 again: joins; another amount: fails
 */
export function refundToJoin(payment: Payment, concerned: ConcernedPayment): Refund | undefined {
  const attempt = attemptOf(payment, concerned);
  if (attempt === undefined) return undefined;
  const known = concerned.returnedAmount + concerned.pendingAmount;
  if (claimedOf(payment, attempt) <= known) return undefined;
  return payment.refunds.findLast(
    ({ paymentId, origin, stage }) =>
      paymentId === concerned.paymentId && origin === 'HERE' && stage !== 'FAILED',
  );
}
