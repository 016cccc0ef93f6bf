/**
 * Rule F: a compensation, asked for by an operator or by the saga itself, did not do what it should.
 * Unlike the others it judges actions and not the facts of the saga, so it speaks when their
 * outcomes are handled.
 *
 *   REFUND failed           fires; a later REFUND that succeeds clears it. So does one that PayPay had
 *                           accepted, of which the payment's own events tell the end
 *   ROLL_BACK failed        fires, or repeats while it is open; cleared when both have succeeded
 *   ROLL_BACK succeeded, and PayPay holds a part of the money all the same
 *                           fires; cleared when the rest went back, too
 *   ROLL_BACK succeeded, and PayPay says of the payment that it stands after all
 *                           fires: the customer has paid for what was rolled back
 *   PaymentAuthorizationStuck
 *                           fires: PayPay was asked to revert its authorization for an order that
 *                           is over, and keeps it; cleared when the payment has an end
 *   (tests: "is cleared when every compensation that failed has succeeded", "a payment that stands
 *   again after the order was rolled back raises rule F", "money that stays authorized for an order
 *   that is over raises rule F, until the payment has an end")
 */
import { moneyText } from './money-text';
import type { EventOf } from '../../schemas/event';
import { takeSignal, type AlertEvent, type AlertKind, type AlertMemory } from './alert';
import { newestAlertOf, withAlert } from './alert-memory';
import { heldOf, type Evident, type Fact, type PaidFact, type PaymentFact } from './order-facts';
import type { Signal, Triggered } from './signal';

export const RULE_F: AlertKind = { name: 'RULE_F', severity: 'P1' };

type RunningAction = NonNullable<AlertMemory['action']>;

/** What of an order the rule changes. */
interface Alerted {
  readonly orderId: string;
  readonly alerts: AlertMemory[];
  readonly failedRepairs: RunningAction['action'][];
  readonly isRolledBack: boolean;
  readonly stuckBy: string;
  readonly payments: readonly PaymentFact[];
}

/** What became of the order's alert of this rule. */
interface Told<O> {
  readonly order: O;
  readonly events: readonly AlertEvent[];
}

export function takeRepairSignal<O extends Alerted>(order: O, signal: Signal): Told<O> {
  const newest = newestAlertOf(order.alerts, RULE_F.name);
  const { alert, events } = takeSignal(newest, signal, RULE_F, order.orderId);
  return { order: { ...order, alerts: withAlert(order.alerts, alert) }, events };
}

/** A refund has ended that whoever asked for it was told is in flight. */
export function takeRefundEnd<O extends Alerted>(order: O, fact: Fact): Told<O> {
  if (!('wasPending' in fact) || !fact.wasPending || !fact.requestedHere) {
    return { order, events: [] };
  }
  const { amount, currency, reason } = fact;
  const action = 'REFUND';
  return fact.type === 'PaymentRefundFailed'
    ? repairFailed(order, { action, amount, currency }, reason, fact)
    : repaired(order, action, fact);
}

export function repairFailed<O extends Alerted>(
  order: O,
  running: Pick<RunningAction, 'action' | 'amount' | 'currency'> & { readonly actor?: string },
  detail: string,
  fact: Evident,
): Told<O> {
  const by = running.actor === undefined ? '' : `, asked for by ${running.actor}`;
  const failedRepairs = [...failedBut(order, running.action), running.action];
  const signal = triggered(fact, {
    moneyAtRisk: running.amount,
    currency: running.currency,
    expected: `${running.action} of ${moneyText(running)}${by}`,
    observed: `It failed: ${detail}`,
  });
  return takeRepairSignal({ ...order, failedRepairs }, signal);
}

/** Says nothing of an action that never failed, nor while the rule has something else to speak of. */
export function repaired<O extends Alerted>(
  order: O,
  action: RunningAction['action'],
  fact: Evident,
): Told<O> {
  const after = { ...order, failedRepairs: failedBut(order, action) };
  return order.failedRepairs.length > 0 && hasNoneFailed(after)
    ? takeRepairSignal(after, cleared(`${action} succeeded`, fact))
    : { order: after, events: [] };
}

function failedBut({ failedRepairs }: Alerted, action: RunningAction['action']) {
  return failedRepairs.filter((each) => each !== action);
}

/** No compensation waits to be made good. */
function hasNoneFailed({ failedRepairs, stuckBy }: Alerted): boolean {
  return failedRepairs.length === 0 && stuckBy === '';
}

/** The order was rolled back because part of its money was gone; the rest is still at the shop. */
export function repairIncomplete<O extends Alerted>(
  order: O,
  { action, currency }: Pick<RunningAction, 'action' | 'currency'>,
  held: number,
  fact: Evident,
): Told<O> {
  const after = { ...order, failedRepairs: failedBut(order, action) };
  const signal = triggered(fact, { expected: NO_MONEY_KEPT, ...kept(held, currency) });
  return takeRepairSignal(after, signal);
}

/** More of the money of an order that was rolled back was refunded. */
export function takeRefundOfRolledBack<O extends Alerted>(order: O, fact: Fact): Told<O> {
  const isOpen = newestAlertOf(order.alerts, RULE_F.name)?.status === 'OPEN';
  const concerns = order.isRolledBack && hasNoneFailed(order) && isOpen;
  if (fact.type !== 'PaymentRefunded' || !concerns) return { order, events: [] };
  const held = heldOf(order.payments);
  const signal: Signal =
    held === 0
      ? cleared('All of the money was refunded', fact)
      : { kind: 'revalued', at: fact.loggedAt, fact, ...kept(held, fact.currency) };
  return takeRepairSignal(order, signal);
}

const NO_MONEY_KEPT = 'No money taken for an order that was rolled back';

/** What rule B took for the end of the contradiction is the beginning of the opposite one. */
export function repairOvertaken(paid: PaidFact, success: Evident): Signal {
  const said = {
    moneyAtRisk: paid.amount,
    currency: paid.currency,
    expected: NO_MONEY_KEPT,
    observed: `PayPay says that the payment of ${moneyText(paid)} stands`,
  };
  return triggered(success, said, [paid, success]);
}

export function authorizationStuck(
  { amount, currency, detail }: EventOf<'PaymentAuthorizationStuck'>,
  fact: Evident,
): Signal {
  return triggered(fact, {
    moneyAtRisk: amount,
    currency,
    expected: 'PayPay reverts its authorization for an order that is over',
    observed: `${moneyText({ amount, currency })} are still authorized: ${detail}`,
  });
}

export function authorizationEnded<O extends Alerted>(order: O, fact: Evident): Told<O> {
  const after = { ...order, stuckBy: '' };
  return hasNoneFailed(after)
    ? takeRepairSignal(after, cleared('PayPay says what became of the money', fact))
    : { order: after, events: [] };
}

function triggered(
  trigger: Evident,
  said: Pick<Triggered, 'moneyAtRisk' | 'currency' | 'expected' | 'observed'>,
  evidence: readonly Evident[] = [trigger],
): Signal {
  return { kind: 'triggered', trigger, at: trigger.loggedAt, deadline: null, evidence, ...said };
}

function cleared(detail: string, fact: Evident): Signal {
  return { kind: 'cleared', at: fact.loggedAt, resolvedBy: 'FACTS', detail, fact };
}

function kept(held: number, currency: string) {
  const observed = `PayPay holds ${moneyText({ amount: held, currency })} of it`;
  return { moneyAtRisk: held, currency, observed };
}
