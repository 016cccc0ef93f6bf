/**
 * Rule D: two payments of one order succeeded; PayPay's ids differ. Fires at once.
 *
 *   log time  100  PaymentSucceeded of payment 1
 *             105  PaymentSucceeded of payment 1, redelivered     nothing
 *             200  PaymentSucceeded of payment 2                  fires, detectedAt 200
 *             300  PaymentRefunded in part, of either             less money at risk
 *             400  PaymentRefunded in full, of either             resolved
 *
 * All facts stand on one topic, so nothing can be read out of order. A payment that had been
 * refunded before the second came leaves an alert that is raised and resolved at once: the customer
 * was charged twice, and that is on record. (tests: "a redelivered PaymentSucceeded does not raise
 * rule D", "a second payment raises rule D until one of the two is refunded")
 */
import { moneyText } from './money-text';
import {
  fullRefundOf,
  isNewMoney,
  keptOf,
  type OrderFacts,
  type PaymentFact,
  type SuccessFact,
} from './order-facts';
import {
  complete,
  NOTHING_YET,
  type Rule,
  type RuleHistory,
  type Signal,
  type Triggered,
} from './signal';

export const ruleD: Rule = { name: 'RULE_D', severity: 'P1', history };

function history({ payments }: OrderFacts): RuleHistory {
  if (payments.length < 2) return NOTHING_YET;
  const signals: Signal[] = [];
  const charged: SuccessFact[] = [];
  let open = false;
  for (const [index, fact] of payments.entries()) {
    if (isNewMoney(fact, payments.slice(0, index))) {
      const [first] = charged;
      charged.push(fact);
      if (first === undefined) continue;
      signals.push(triggered(first, fact));
      open = true;
    }
    const known = payments.slice(0, index + 1);
    const refunds = charged.map((success) => fullRefundOf(success, known));
    const newest = known.findLast((news) => refunds.includes(news));
    const kept = refunds.filter((refund) => refund === undefined).length;
    if (open && kept > 1 && fact.type === 'PaymentRefunded') {
      signals.push(revalued(fact, charged, known));
    }
    if (!open || kept > 1 || newest === undefined) continue;
    signals.push({
      kind: 'cleared',
      at: fact.loggedAt,
      resolvedBy: 'FACTS',
      detail: 'All payments but one are refunded in full',
      fact: newest,
    });
    open = false;
  }
  return complete(signals);
}

/** What PayPay holds beyond the one payment that may stay. */
function revalued(
  fact: PaymentFact,
  charged: readonly SuccessFact[],
  known: readonly PaymentFact[],
): Signal {
  const kept = charged.map((success) => keptOf(success, known));
  const held = kept.reduce((sum, amount) => sum + amount, 0);
  const { currency } = fact;
  return {
    kind: 'revalued',
    at: fact.loggedAt,
    moneyAtRisk: held - Math.max(...kept),
    currency,
    observed: `Customer paid ${charged.map(moneyText).join(' and again ')}, ${moneyText({ amount: held, currency })} of it is kept`,
    fact,
  };
}

function triggered(first: SuccessFact, second: SuccessFact): Triggered {
  return {
    kind: 'triggered',
    trigger: second,
    at: second.loggedAt,
    deadline: null,
    moneyAtRisk: second.amount,
    currency: second.currency,
    expected: 'One payment for the order',
    observed: `Customer paid ${moneyText(first)} and again ${moneyText(second)}`,
    evidence: [first, second],
  };
}
