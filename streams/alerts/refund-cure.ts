/**
 * The history of a rule that holds money against an order, and that only a refund cures
 * (C and E): every payment concerned triggers it, what goes back of one reduces the money at risk,
 * and it is cleared when all of them are refunded in full.
 *
 * The payments come from one topic and so in their order; what the order itself adds is known or
 * not. Taking it as known from the start and no signal as earlier than `since`, when it was
 * logged, gives the same history whichever topic is read first, without waiting.
 */
import {
  fullRefundOf,
  isNewMoney,
  keptOf,
  returnedOf,
  type Fact,
  type PaymentFact,
  type SuccessFact,
} from './order-facts';
import { moneyText, type Money } from './money-text';
import type { Signal, Triggered } from './signal';

export type Accusation = Pick<
  Triggered,
  'moneyAtRisk' | 'currency' | 'expected' | 'observed' | 'evidence'
>;

export function untilRefunded(
  payments: readonly PaymentFact[],
  since: Fact,
  accuse: (success: SuccessFact) => Accusation | undefined,
  /** Of a payment of which PayPay still holds `kept` whole yen. */
  atRisk: (success: SuccessFact, kept: number) => number = (_success, kept) => kept,
): readonly Signal[] {
  const signals: Signal[] = [];
  let open: SuccessFact[] = [];
  for (const [index, fact] of payments.entries()) {
    const at = Math.max(fact.loggedAt, since.loggedAt);
    if (isNewMoney(fact, payments.slice(0, index))) {
      const accusation = accuse(fact);
      if (accusation === undefined) continue;
      signals.push({ kind: 'triggered', trigger: fact, at, deadline: null, ...accusation });
      open.push(fact);
    }
    if (open.length === 0) continue;
    const known = payments.slice(0, index + 1);
    const refunds = open.map((success) => fullRefundOf(success, known));
    const newest = known.findLast((news) => refunds.includes(news));
    if (refunds.includes(undefined)) {
      const isPart = fact.type === 'PaymentRefunded' && open.some(isOfPayment(fact));
      if (isPart) signals.push(revalued(fact, at, open, known, atRisk));
      continue;
    }
    if (newest === undefined) continue;
    const detail = `${open.map(moneyText).join(' and ')} refunded in full`;
    signals.push({ kind: 'cleared', at, resolvedBy: 'FACTS', detail, fact: newest });
    open = [];
  }
  return signals;
}

function isOfPayment({ paymentId }: PaymentFact): (success: SuccessFact) => boolean {
  return (success) => success.paymentId === paymentId;
}

function revalued(
  fact: PaymentFact,
  at: number,
  open: readonly SuccessFact[],
  known: readonly PaymentFact[],
  atRisk: (success: SuccessFact, kept: number) => number,
): Signal {
  const sum = (figure: (success: SuccessFact) => number) =>
    open.reduce((total, success) => total + figure(success), 0);
  const { currency } = fact;
  return {
    kind: 'revalued',
    at,
    moneyAtRisk: sum((success) => atRisk(success, keptOf(success, known))),
    currency,
    observed: observedOf(
      { amount: sum(({ amount }) => amount), currency },
      { amount: sum((success) => returnedOf(success, known)), currency },
    ),
    fact,
  };
}

function observedOf(paid: Money, returned: Money): string {
  return `Customer paid ${moneyText(paid)}, ${moneyText(returned)} of it was refunded`;
}
