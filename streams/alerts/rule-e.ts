/**
 * Rule E: a payment succeeded with another amount or currency than the order's. Fires at once, and
 * holds rule A back: such a payment does not make the order PAID.
 *
 *   log time   50  OrderWaitingPayment ¥1,200
 *             100  PaymentSucceeded ¥1,000         fires, detectedAt 100
 *             400  PaymentRefunded ¥1,000          resolved
 *
 * Read the other way round it is the same alert: it is detected at the later of the two, in log
 * time. (test: "a wrong amount raises rule E and not rule A")
 */
import { moneyText } from './money-text';
import { differs, type OrderFacts, type SuccessFact } from './order-facts';
import { untilRefunded } from './refund-cure';
import { complete, NOTHING_YET, type Rule, type RuleHistory } from './signal';

export const ruleE: Rule = { name: 'RULE_E', severity: 'P2', history };

function history({ waiting, paid, payments }: OrderFacts): RuleHistory {
  // An order that was closed long ago may have its ending only; it was paid in the right amount.
  const order = waiting ?? paid;
  if (order === null || payments.length === 0) return NOTHING_YET;
  return complete(
    untilRefunded(
      payments,
      order,
      (success) => {
        if (!differs(success, order)) return undefined;
        return {
          moneyAtRisk: moneyAtRisk(success, order),
          currency: success.currency,
          expected: `Customer pays ${moneyText(order)}`,
          observed: `Customer paid ${moneyText(success)}`,
          evidence: [order, success],
        };
      },
      (success, kept) => moneyAtRisk({ ...success, amount: kept }, order),
    ),
  );
}

/** The difference; all of it when the currencies cannot be compared. */
function moneyAtRisk(
  success: SuccessFact,
  order: { readonly amount: number; readonly currency: string },
): number {
  return success.currency === order.currency
    ? Math.abs(success.amount - order.amount)
    : success.amount;
}
