/**
 * The catalogue of the rules: what each is called, what an operator may do about it, and which
 * payments a refund from it gives back. Whatever lists the rules (the actions, the API, the
 * dashboard) derives from it. What a rule looks for is in streams/alerts/rule-*.ts.
 */
import type { EventOf } from '../schemas/event';

export type AlertRule = EventOf<'AlertRaised'>['rule'];
export type AlertAction = EventOf<'AlertActionRequested'>['action'];

export interface AlertRuleEntry {
  /** What it says to an operator, in a few words. */
  readonly title: string;
  /** In the order in which they are offered. */
  readonly actions: readonly AlertAction[];
  readonly refunds: RefundedPayments;
}

/** Which of the payments that still hold money a refund gives back. */
export type RefundedPayments =
  | 'none'
  | 'all'
  /** The order keeps the one that made it PAID, else one of the right amount, else the first. */
  | 'all-but-one'
  /** Those that differ from the price, unless the order was PAID by them. */
  | 'wrong-amount';

/** Asking PayPay changes nothing by itself, and any alert may be handled elsewhere. */
const ALWAYS: readonly AlertAction[] = ['ASK_PAYPAY', 'MARK_HANDLED'];

export const ALERT_RULES: Readonly<Record<AlertRule, AlertRuleEntry>> = {
  RULE_A: {
    title: 'Paid, order does not show it',
    actions: ['REDRIVE_ORDER', ...ALWAYS],
    refunds: 'none',
  },
  RULE_B: { title: 'Order PAID, payment gone', actions: ['ROLL_BACK', ...ALWAYS], refunds: 'none' },
  RULE_C: {
    title: 'Money taken for a failed order',
    actions: ['REFUND', 'RELEASE', ...ALWAYS],
    refunds: 'all',
  },
  RULE_D: { title: 'Paid twice', actions: ['REFUND', ...ALWAYS], refunds: 'all-but-one' },
  RULE_E: {
    title: 'Wrong amount',
    actions: ['ACCEPT_AMOUNT', 'REFUND', ...ALWAYS],
    refunds: 'wrong-amount',
  },
  RULE_F: { title: 'A repair failed', actions: ALWAYS, refunds: 'none' },
};

export const alertRules = Object.keys(ALERT_RULES) as readonly AlertRule[];
