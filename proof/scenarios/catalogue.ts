/** Every scenario by name, in the order in which the demo lists them. */
import type { Scenario } from './scenario';
import {
  refundOutside,
  ruleA,
  ruleB,
  ruleC,
  secondPayment,
  wrongAmount,
  wrongCurrency,
} from './stories/contradictions';
import {
  forgedAllowlist,
  forgedEveryKind,
  forgedWebhook,
  malformedWebhook,
  unknownOrder,
} from './stories/forged';
import {
  acceptAmount,
  redriveOrder,
  refundExcess,
  refundInParts,
  refundLatePayment,
  refundSecondPayment,
  rollBackOrder,
} from './stories/operated';
import {
  clean,
  codeOutcomeLost,
  webhookBeforeOrder,
  webhookDelayedPastExpiry,
  webhookDoubled,
  webhookLost,
  webhookReordered,
  webhookReplayed,
} from './stories/settled';
import { payPayDegraded, payPayUnreadable, webhooksSilent } from './stories/surroundings';
import {
  authorizedCancelled,
  authorizedExpired,
  cancelled,
  expired,
  outOfStock,
  overLimit,
  paymentFailed,
} from './stories/unpaid';

export const scenarios: readonly Scenario[] = [
  clean,
  webhookLost,
  webhookDoubled,
  webhookReordered,
  webhookBeforeOrder,
  webhookDelayedPastExpiry,
  webhookReplayed,
  codeOutcomeLost,
  outOfStock,
  overLimit,
  paymentFailed,
  expired,
  cancelled,
  authorizedCancelled,
  authorizedExpired,
  ruleA,
  ruleB,
  ruleC,
  secondPayment,
  wrongAmount,
  wrongCurrency,
  refundOutside,
  redriveOrder,
  rollBackOrder,
  refundLatePayment,
  refundSecondPayment,
  acceptAmount,
  refundExcess,
  refundInParts,
  forgedWebhook,
  forgedEveryKind,
  forgedAllowlist,
  unknownOrder,
  malformedWebhook,
  payPayUnreadable,
  webhooksSilent,
  payPayDegraded,
];

export function scenarioNamed(name: string): Scenario | undefined {
  return scenarios.find((scenario) => scenario.name === name);
}
