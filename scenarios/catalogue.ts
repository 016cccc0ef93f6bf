/** Every scenario by name, in the order in which the demo plays them. */
import type { Scenario } from './scenario';
import { ruleA, ruleB, ruleC } from './stories/contradictions';
import { forgedWebhook } from './stories/forged';
import {
  clean,
  webhookBeforeOrder,
  webhookDoubled,
  webhookLost,
  webhookReordered,
} from './stories/settled';
import { cancelled, expired, outOfStock, overLimit, paymentFailed } from './stories/unpaid';

export const scenarios: readonly Scenario[] = [
  clean,
  webhookLost,
  webhookDoubled,
  webhookReordered,
  webhookBeforeOrder,
  outOfStock,
  overLimit,
  paymentFailed,
  expired,
  cancelled,
  ruleA,
  ruleB,
  ruleC,
  forgedWebhook,
];

export function scenarioNamed(name: string): Scenario | undefined {
  return scenarios.find((scenario) => scenario.name === name);
}
