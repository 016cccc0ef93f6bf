/**
 * Rule F: a compensation, asked for by an operator or by the saga itself, did not do what it should.
 * Unlike the others it judges actions and not the facts of the saga, so it speaks when their
 * outcomes are handled.
 *
 *   REFUND failed           fires; a later REFUND that succeeds clears it
 *   ROLL_BACK failed        fires, or repeats while it is open; cleared when both have succeeded
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
import type { Evident, PaidFact } from './order-facts';
import type { Signal } from './signal';

export const RULE_F: AlertKind = { name: 'RULE_F', severity: 'P1' };

type RunningAction = NonNullable<AlertMemory['action']>;

/** What of an order the rule changes. */
interface Alerted {
  readonly orderId: string;
  readonly alerts: AlertMemory[];
}

export function takeRepairSignal<O extends Alerted>(
  order: O,
  signal: Signal,
): { readonly order: O; readonly events: readonly AlertEvent[] } {
  const newest = newestAlertOf(order.alerts, RULE_F.name);
  const { alert, events } = takeSignal(newest, signal, RULE_F, order.orderId);
  return { order: { ...order, alerts: withAlert(order.alerts, alert) }, events };
}

export function repairFailed(running: RunningAction, detail: string, fact: Evident): Signal {
  return {
    kind: 'triggered',
    trigger: fact,
    at: fact.loggedAt,
    deadline: null,
    moneyAtRisk: running.amount,
    currency: running.currency,
    expected: `${running.action} of ${moneyText(running)}, asked for by ${running.actor}`,
    observed: `It failed: ${detail}`,
    evidence: [fact],
  };
}

export function repaired({ action }: RunningAction, fact: Evident): Signal {
  const detail = `${action} succeeded`;
  return { kind: 'cleared', at: fact.loggedAt, resolvedBy: 'FACTS', detail, fact };
}

/** What rule B took for the end of the contradiction is the beginning of the opposite one. */
export function repairOvertaken(paid: PaidFact, success: Evident): Signal {
  return {
    kind: 'triggered',
    trigger: success,
    at: success.loggedAt,
    deadline: null,
    moneyAtRisk: paid.amount,
    currency: paid.currency,
    expected: 'No money taken for an order that was taken back',
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
