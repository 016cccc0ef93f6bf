/**
 * Rule A: a payment succeeded, and the order does not show it within the grace.
 *
 *   grace 30, log time  100  PaymentSucceeded          deadline 130
 *                       130  (no answer)               fires, detectedAt 130
 *                       150  OrderPaid                 resolved
 *
 * OrderPaid at 129 is in time, at 130 it is late. The same holds when OrderPaid was read before
 * PaymentSucceeded: an answer logged at 150 is late however early it is read, and the alert is
 * raised and resolved. (test: "an answer counts by when it was logged, not by when it was read")
 *
 * OrderFailed is an answer too, and what is left is rule C's. An amount that differs is rule E's.
 * Both hold A back when they are known in time and take its place when they come later.
 *
 * A second payment of the same order has a deadline of its own and repeats the open alert. So the
 * answer at 150 closes the alert only when no unread payment can have a deadline before: payments
 * must be known through 150 - 30. (test: "a second payment that is read late still repeats the
 * alert before the answer resolves it")
 */
import { moneyText } from './money-text';
import {
  differs,
  endingOf,
  ordersReadUntil,
  paymentsReadUntil,
  successesOf,
  type EndingFact,
  type OrderFacts,
  type SuccessFact,
  type WaitingFact,
} from './order-facts';
import type { AlertsSettings } from './settings';
import {
  complete,
  NOTHING_YET,
  undecided,
  type Cleared,
  type Rule,
  type RuleHistory,
  type Signal,
  type Triggered,
} from './signal';

type Answer = WaitingFact | EndingFact;

type Step =
  | { readonly kind: 'deadline'; readonly at: number; readonly success: SuccessFact }
  | { readonly kind: 'answer'; readonly at: number; readonly fact: Answer };

export const ruleA: Rule = { name: 'RULE_A', severity: 'P1', history };

function history(facts: OrderFacts, { ruleAGraceMs }: AlertsSettings): RuleHistory {
  if (facts.payments.length === 0) return NOTHING_YET;
  const signals: Signal[] = [];
  let open: readonly SuccessFact[] = [];
  for (const step of stepsOf(facts, ruleAGraceMs)) {
    if (step.kind === 'deadline') {
      if (ordersReadUntil(facts) < step.at) return undecided(signals, step.at);
      signals.push(triggered(step.success, step.at, facts));
      open = [...open, step.success];
      continue;
    }
    const unanswered = open.filter((success) => !answers(step.fact, success));
    if (open.length > 0 && unanswered.length === 0) {
      const lastTrigger = step.at - ruleAGraceMs;
      if (paymentsReadUntil(facts) <= lastTrigger) return undecided(signals, lastTrigger + 1);
      signals.push(cleared(step.fact));
    }
    open = unanswered;
  }
  return complete(signals);
}

/** Deadlines that were missed or may be, and the facts that answer, as log time brings them. */
function stepsOf(facts: OrderFacts, graceMs: number): readonly Step[] {
  const answersKnown = [facts.waiting, endingOf(facts)].filter((fact) => fact !== null);
  const deadlines = successesOf(facts.payments)
    .map((success) => ({ kind: 'deadline' as const, at: success.loggedAt + graceMs, success }))
    .filter(
      ({ at, success }) =>
        !answersKnown.some((fact) => fact.loggedAt < at && answers(fact, success)),
    );
  // An answer to nothing that is open says nothing.
  if (deadlines.length === 0) return [];
  const answersLate = answersKnown.map((fact) => ({
    kind: 'answer' as const,
    at: fact.loggedAt,
    fact,
  }));
  // The sort is stable: a deadline goes before an answer of the same time, which is late.
  return [...deadlines, ...answersLate].sort((a, b) => a.at - b.at);
}

function answers(fact: Answer, success: SuccessFact): boolean {
  return fact.type === 'OrderWaitingPayment' ? differs(success, fact) : true;
}

function triggered(success: SuccessFact, deadline: number, { waiting }: OrderFacts): Triggered {
  const known = waiting !== null && waiting.loggedAt < deadline ? [waiting] : [];
  const seconds = (deadline - success.loggedAt) / 1_000;
  const order = known.length > 0 ? 'order still WAITING_PAYMENT' : 'no order is waiting for it';
  return {
    kind: 'triggered',
    trigger: success,
    at: deadline,
    deadline,
    moneyAtRisk: success.amount,
    currency: success.currency,
    expected: `Order PAID or FAILED within ${String(seconds)} s of the payment`,
    observed: `Customer paid ${moneyText(success)}, ${order}`,
    evidence: [...known, success],
  };
}

function cleared(fact: Answer): Cleared {
  const at = fact.loggedAt;
  switch (fact.type) {
    case 'OrderPaid':
      return { kind: 'cleared', at, resolvedBy: 'FACTS', detail: 'Order became PAID', fact };
    case 'OrderFailed':
      return {
        kind: 'cleared',
        at,
        resolvedBy: 'SUPERSEDED',
        detail: 'Order became FAILED: rule C has the payment to refund',
        fact,
      };
    case 'OrderWaitingPayment':
      return {
        kind: 'cleared',
        at,
        resolvedBy: 'SUPERSEDED',
        detail: `Order is about ${moneyText(fact)}: rule E has the wrong amount`,
        fact,
      };
  }
}
