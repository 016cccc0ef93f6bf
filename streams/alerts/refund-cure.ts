/**
 * The history of a rule that holds money against an order, and that only giving it back cures
 * (C and E): every payment concerned triggers it, and it is cleared when all of them are refunded
 * in full.
 *
 * The payments come from one topic and so in their order; what the order itself adds is known or
 * not. Taking it as known from the start and no signal as earlier than `since`, when it was
 * logged, gives the same history whichever topic is read first, without waiting.
 */
import {
  fullRefundOf,
  isNewMoney,
  type Fact,
  type PaymentFact,
  type SuccessFact,
} from './order-facts';
import { moneyText } from './money-text';
import type { Signal, Triggered } from './signal';

export type Accusation = Pick<
  Triggered,
  'moneyAtRisk' | 'currency' | 'expected' | 'observed' | 'evidence'
>;

export function untilRefunded(
  payments: readonly PaymentFact[],
  since: Fact,
  accuse: (success: SuccessFact) => Accusation | undefined,
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
    const known = payments.slice(0, index + 1);
    const refunds = open.map((success) => fullRefundOf(success, known));
    const newest = known.findLast((news) => refunds.includes(news));
    if (newest === undefined || refunds.includes(undefined)) continue;
    const detail = `${open.map(moneyText).join(' and ')} given back in full`;
    signals.push({ kind: 'cleared', at, resolvedBy: 'FACTS', detail, fact: newest });
    open = [];
  }
  return signals;
}
