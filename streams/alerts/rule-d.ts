/**
 * Rule D: two payments of one order succeeded; PayPay's ids differ. Fires at once.
 *
 *   log time  100  PaymentSucceeded of payment 1
 *             105  PaymentSucceeded of payment 1, redelivered     nothing
 *             200  PaymentSucceeded of payment 2                  fires, detectedAt 200
 *             400  PaymentRefunded in full, of either             resolved
 *
 * All facts stand on one topic, so nothing can be read out of order. A payment that had been given
 * back before the second came leaves an alert that is raised and resolved at once: the customer
 * was charged twice, and that is on record. (tests: "a redelivered PaymentSucceeded does not raise
 * rule D", "a second payment raises rule D until one of the two is given back")
 */
import { moneyText } from './money-text';
import { fullRefundOf, isNewMoney, type OrderFacts, type SuccessFact } from './order-facts';
import { complete, type Rule, type RuleHistory, type Signal, type Triggered } from './signal';

export const ruleD: Rule = { name: 'RULE_D', severity: 'P1', history };

function history({ payments }: OrderFacts): RuleHistory {
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
    if (!open || kept > 1 || newest === undefined) continue;
    signals.push({
      kind: 'cleared',
      at: fact.loggedAt,
      resolvedBy: 'FACTS',
      detail: 'All payments but one are given back in full',
      fact: newest,
    });
    open = false;
  }
  return complete(signals);
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
