/**
 * Rule F: a compensation, asked for by an operator or by the saga itself, did not do what it should.
 * Unlike the others it judges actions and not the facts of the saga, so it speaks when their
 * outcomes are handled.
 *
 *   REFUND failed           fires; a later REFUND that succeeds clears it. So does one that PayPay had
 *                           taken on, of which the payment's own events tell the end
 *   ROLL_BACK failed        fires, or repeats while it is open; cleared when both have succeeded
 *   ROLL_BACK succeeded, and PayPay holds a part of the money all the same
 *                           fires; cleared when the rest went back, too
 *   ROLL_BACK succeeded, and PayPay says of the payment that it stands after all
 *                           fires: the customer has paid for what was taken back
 *   PaymentAuthorizationStuck
 *                           fires: PayPay was asked to give free what it had set aside for an order
 *                           that is over, and keeps it; cleared when the payment has an end
 *   (tests: "is cleared when every compensation that failed has succeeded", "a payment that stands
 *   again after the order was taken back raises rule F", "money that stays set aside for an order
 *   that is over raises rule F, until the payment has an end")
 */
import { moneyText } from './money-text';
import type { EventOf } from '../../schemas/event';
import { takeSignal, type AlertEvent, type AlertKind, type AlertMemory } from './alert';
import { newestAlertOf, withAlert } from './alert-memory';
import { heldOf, type Evident, type Fact, type PaidFact, type PaymentFact } from './order-facts';
import type { Signal } from './signal';

export const RULE_F: AlertKind = { name: 'RULE_F', severity: 'P1' };

type RunningAction = NonNullable<AlertMemory['action']>;

/** What of an order the rule changes. */
interface Alerted {
  readonly orderId: string;
  readonly alerts: AlertMemory[];
  readonly failedRepairs: RunningAction['action'][];
  readonly isRolledBack: boolean;
  readonly payments: readonly PaymentFact[];
}

export function takeRepairSignal<O extends Alerted>(
  order: O,
  signal: Signal,
): { readonly order: O; readonly events: readonly AlertEvent[] } {
  const newest = newestAlertOf(order.alerts, RULE_F.name);
  const { alert, events } = takeSignal(newest, signal, RULE_F, order.orderId);
  return { order: { ...order, alerts: withAlert(order.alerts, alert) }, events };
}

/** A refund has ended that whoever asked for it was told is under way. */
export function takeRefundEnd<O extends Alerted>(
  order: O,
  fact: Fact,
): { readonly order: O; readonly events: readonly AlertEvent[] } {
  if (!('wasPending' in fact) || !fact.wasPending || !fact.requestedHere) {
    return { order, events: [] };
  }
  const { amount, currency, reason } = fact;
  const action = 'REFUND';
  const others = order.failedRepairs.filter((each) => each !== action);
  if (fact.type === 'PaymentRefundFailed') {
    const failed = repairFailed({ action, amount, currency }, reason, fact);
    return takeRepairSignal({ ...order, failedRepairs: [...others, action] }, failed);
  }
  const wasLast = others.length === 0 && order.failedRepairs.length > 0;
  const after = { ...order, failedRepairs: others };
  return wasLast
    ? takeRepairSignal(after, repaired({ action }, fact))
    : { order: after, events: [] };
}

export function repairFailed(
  running: Pick<RunningAction, 'action' | 'amount' | 'currency'> & { readonly actor?: string },
  detail: string,
  fact: Evident,
): Signal {
  const by = running.actor === undefined ? '' : `, asked for by ${running.actor}`;
  return {
    kind: 'triggered',
    trigger: fact,
    at: fact.loggedAt,
    deadline: null,
    moneyAtRisk: running.amount,
    currency: running.currency,
    expected: `${running.action} of ${moneyText(running)}${by}`,
    observed: `It failed: ${detail}`,
    evidence: [fact],
  };
}

export function repaired({ action }: Pick<RunningAction, 'action'>, fact: Evident): Signal {
  const detail = `${action} succeeded`;
  return { kind: 'cleared', at: fact.loggedAt, resolvedBy: 'FACTS', detail, fact };
}

/** The order was taken back because a part of its money was gone; the rest is still with the shop. */
export function repairIncomplete(
  { currency }: Pick<RunningAction, 'currency'>,
  held: number,
  fact: Evident,
): Signal {
  return {
    kind: 'triggered',
    trigger: fact,
    at: fact.loggedAt,
    deadline: null,
    moneyAtRisk: held,
    currency,
    expected: NO_MONEY_KEPT,
    observed: `PayPay holds ${moneyText({ amount: held, currency })} of it`,
    evidence: [fact],
  };
}

/** More of the money of an order that was taken back went back. */
export function takeRefundOfRolledBack<O extends Alerted>(
  order: O,
  fact: Fact,
): { readonly order: O; readonly events: readonly AlertEvent[] } {
  const isOpen = newestAlertOf(order.alerts, RULE_F.name)?.status === 'OPEN';
  const concerns = order.isRolledBack && order.failedRepairs.length === 0 && isOpen;
  if (fact.type !== 'PaymentRefunded' || !concerns) return { order, events: [] };
  const held = heldOf(order.payments);
  const { loggedAt: at, currency } = fact;
  const detail = 'All of the money was refunded';
  const signal: Signal =
    held === 0
      ? { kind: 'cleared', at, resolvedBy: 'FACTS', detail, fact }
      : {
          kind: 'revalued',
          at,
          moneyAtRisk: held,
          currency,
          observed: `PayPay holds ${moneyText({ amount: held, currency })} of it`,
          fact,
        };
  return takeRepairSignal(order, signal);
}

const NO_MONEY_KEPT = 'No money taken for an order that was taken back';

/** What rule B took for the end of the contradiction is the beginning of the opposite one. */
export function repairOvertaken(paid: PaidFact, success: Evident): Signal {
  return {
    kind: 'triggered',
    trigger: success,
    at: success.loggedAt,
    deadline: null,
    moneyAtRisk: paid.amount,
    currency: paid.currency,
    expected: NO_MONEY_KEPT,
    observed: `PayPay says that the payment of ${moneyText(paid)} stands`,
    evidence: [paid, success],
  };
}

export function authorizationStuck(
  { amount, currency, detail }: EventOf<'PaymentAuthorizationStuck'>,
  fact: Evident,
): Signal {
  return {
    kind: 'triggered',
    trigger: fact,
    at: fact.loggedAt,
    deadline: null,
    moneyAtRisk: amount,
    currency,
    expected: 'PayPay gives free what it set aside for an order that is over',
    observed: `${moneyText({ amount, currency })} are still set aside: ${detail}`,
    evidence: [fact],
  };
}

export function authorizationEnded(fact: Evident): Signal {
  const detail = 'PayPay says what became of the money';
  return { kind: 'cleared', at: fact.loggedAt, resolvedBy: 'FACTS', detail, fact };
}
