/** What PayPay took for an order and what became of it, over all of its payments. Pure. */
import type { PaymentView } from '../../edge/contract/api-types';

export interface Charge {
  /** Smallest units of the currency, as all of these. */
  readonly taken: number;
  readonly refunded: number;
  readonly inFlight: number;
  readonly kept: number;
}

type Charged = Pick<
  PaymentView,
  'paidAmount' | 'refundedAmount' | 'refundPendingAmount' | 'otherPayments'
>;

export function chargeOf(payment: Charged): Charge {
  const all = [payment, ...payment.otherPayments];
  const sum = (figure: (each: (typeof all)[number]) => number) =>
    all.reduce((total, each) => total + figure(each), 0);
  const taken = sum(({ paidAmount }) => paidAmount ?? 0);
  const refunded = sum(({ refundedAmount }) => refundedAmount);
  const inFlight = sum(({ refundPendingAmount }) => refundPendingAmount);
  return { taken, refunded, inFlight, kept: taken - refunded - inFlight };
}

/** Once PayPay has accepted a refund of `amount`; more than is kept cannot go back. */
export function afterRefundOf(before: Charge, amount: number): Charge {
  const given = Math.min(amount, before.kept);
  return { ...before, inFlight: before.inFlight + given, kept: before.kept - given };
}
