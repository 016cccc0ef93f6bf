/**
 * Rule C: the order is FAILED, and a payment succeeded, in either order. Fires at once.
 *
 *   log time  300  OrderFailed PAYMENT_EXPIRED
 *             310  PaymentSucceeded ¥1,200        fires, detectedAt 310
 *             400  PaymentRefunded ¥100           ¥1,100 at risk
 *             500  PaymentRefunded ¥1,100         resolved
 *
 * Read the other way round it is the same alert: it is detected at the later of the two, in log
 * time. Half of the money back resolves nothing. (tests: "money for a FAILED order raises rule C
 * once, whichever is read first", "only the full refund resolves rule C")
 */
import { moneyText } from './money-text';
import type { OrderFacts } from './order-facts';
import { untilRefunded } from './refund-cure';
import { complete, NOTHING_YET, type Rule, type RuleHistory } from './signal';

export const ruleC: Rule = { name: 'RULE_C', severity: 'P1', history };

function history({ failed, payments }: OrderFacts): RuleHistory {
  if (failed === null || payments.length === 0) return NOTHING_YET;
  return complete(
    untilRefunded(payments, failed, (success) => ({
      moneyAtRisk: success.amount,
      currency: success.currency,
      expected: 'No money taken for a FAILED order',
      observed: `Customer paid ${moneyText(success)}, order is FAILED (${failed.reason})`,
      evidence: [failed, success],
    })),
  );
}
