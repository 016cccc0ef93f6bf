/**
 * What an action would change, said before it is asked for. Computed from the read models, which
 * may be a moment behind; what really happens is decided by the apps, by the same contract
 * (topics/alert-action-contract.ts), and comes back on the alert.
 */
import {
  concernedPayments,
  movesMoney,
  needsPayments,
  type ChargedPayment,
  type ConcernedPayment,
} from '../topics/alert-action-contract';
import { ALERT_RULES, type AlertAction, type AlertRule } from '../topics/alert-rules';
import type { OrderView } from './contract/api-types';
import type { ActionPreview } from './contract/alert-command';

/** What an alert's order comes to, as far as actions change it. */
export interface RepairFacts {
  /** Null while orders has said nothing of it. */
  readonly order: OrderView | null;
  /** In the order in which they succeeded. */
  readonly payments: readonly ChargedPayment[];
  readonly isRolledBack: boolean;
}

type Changes = Pick<ActionPreview, 'possible' | 'changes'> &
  Partial<Pick<ActionPreview, 'refundable'>>;

/** `underWay`: the action on the alert that has not been answered; while there is one, no other begins. */
export function previewsOf(
  rule: AlertRule,
  facts: RepairFacts,
  underWay: string | null,
): readonly ActionPreview[] {
  return ALERT_RULES[rule].actions.map((action) => ({
    action,
    movesMoney: movesMoney(action),
    refundable: null,
    ...(underWay === null
      ? changesOf(action, rule, facts)
      : impossible(`${underWay} is in progress; its outcome comes first.`)),
  }));
}

function changesOf(action: AlertAction, rule: AlertRule, facts: RepairFacts): Changes {
  const { order, payments: charged } = facts;
  const paidBy = order?.paymentId ?? null;
  const payments = concernedPayments(action, rule, charged, { price: priceOf(order), paidBy });
  if (needsPayments(action) && payments.length === 0) {
    return impossible(nothingLeft(charged));
  }
  switch (action) {
    case 'ASK_PAYPAY':
      return possible(
        'PayPay is asked about every attempt to pay; only its answer can change anything.',
      );
    case 'MARK_HANDLED':
      return possible('The alert is resolved. Nothing else changes.');
    case 'REFUND':
      return refund(payments, facts);
    case 'REDRIVE_ORDER':
      return redrive(payments, order);
    case 'ACCEPT_AMOUNT':
      return acceptAmount(payments, order);
    case 'ROLL_BACK':
      return rollBack(facts);
    case 'RELEASE':
      return release(order);
  }
}

function nothingLeft(charged: readonly ChargedPayment[]): string {
  const pending = charged.filter(({ pendingAmount }) => pendingAmount > 0);
  if (pending.length === 0) return 'No payment is left that it could act on.';
  const lines = pending.map(
    ({ paymentId, pendingAmount: amount, currency }) =>
      `A refund of ${moneyText({ amount, currency })} of payment ${paymentId} is in flight`,
  );
  return `${lines.join('; ')}. Nothing else is left to act on.`;
}

function refund(
  payments: readonly ConcernedPayment[],
  { order, payments: charged }: RepairFacts,
): Changes {
  const lines = payments.map(
    (payment) =>
      `${moneyText(payment)} of payment ${payment.paymentId} is refunded to the customer.`,
  );
  const kept = charged.filter(({ amount, returnedAmount }) => returnedAmount < amount);
  const going = charged.filter(({ pendingAmount }) => pendingAmount > 0);
  const pendingLines = going.map(
    ({ paymentId, pendingAmount: amount, currency }) =>
      `A refund of ${moneyText({ amount, currency })} of payment ${paymentId} is in flight.`,
  );
  const ends = order?.status === 'WAITING_PAYMENT' && kept.length === payments.length;
  const changes = possible(
    ...lines,
    ...pendingLines,
    ...(ends ? ['The order becomes FAILED; its stock and funds are released.'] : []),
  );
  const [only, ...others] = payments;
  if (only === undefined || others.length > 0) return changes;
  // A part can be refunded of one payment; of several it would not be said of which.
  return { ...changes, refundable: { amount: only.amount, currency: only.currency } };
}

function redrive(payments: readonly ConcernedPayment[], order: OrderView | null): Changes {
  if (order?.status === 'PAID' || order?.status === 'FAILED') {
    return possible(`The order is ${order.status} already; nothing changes.`);
  }
  if (order?.status !== 'WAITING_PAYMENT') return impossible(notWaiting(order));
  const price = priceOf(order);
  const right = payments.find(
    ({ amount, currency }) => amount === price?.amount && currency === price.currency,
  );
  if (right === undefined) return impossible('No payment has the amount of the order.');
  return possible(...paid(right, order));
}

function acceptAmount([payment]: readonly ConcernedPayment[], order: OrderView | null): Changes {
  if (order?.status !== 'WAITING_PAYMENT' || payment === undefined) {
    return impossible(notWaiting(order));
  }
  return possible(...paid(payment, order));
}

function rollBack({ order, isRolledBack }: RepairFacts): Changes {
  if (order?.status !== 'PAID') return impossible(`The order is ${order?.status ?? 'not known'}.`);
  if (isRolledBack) return possible('The order was rolled back before; nothing changes.');
  return possible(
    `${itemsText(order)} can be sold again.`,
    `${priceText(order)} of the spending limit can be used again.`,
    'The order stays PAID; no money is refunded at PayPay.',
  );
}

function release(order: OrderView | null): Changes {
  if (order?.status !== 'FAILED') {
    return impossible(`The order is ${order?.status ?? 'not known'}.`);
  }
  return possible(`Whatever of ${itemsText(order)} and of the funds is still held is released.`);
}

function paid(payment: ConcernedPayment, order: OrderView): readonly string[] {
  return [
    `The order becomes PAID with ${moneyText(payment)}.`,
    `${itemsText(order)} are sold.`,
    `${priceText(order)} of the spending limit is used.`,
  ];
}

function priceOf(order: OrderView | null): RepairPrice | null {
  if (order === null) return null;
  const { totalAmount: amount, currency } = order;
  return amount === null ? null : { amount, currency };
}

type RepairPrice = Pick<ConcernedPayment, 'amount' | 'currency'>;

function notWaiting(order: OrderView | null): string {
  return order === null
    ? 'Orders has said nothing of this order.'
    : `The order is ${order.status}; it waits for no payment.`;
}

function itemsText({ items }: OrderView): string {
  return items.map(({ sku, quantity }) => `${String(quantity)} × ${sku}`).join(', ');
}

function priceText(order: OrderView): string {
  const price = priceOf(order);
  return price === null ? 'What was held' : moneyText(price);
}

function moneyText({ amount, currency }: RepairPrice): string {
  const figure = amount.toLocaleString('en-US');
  return currency === 'JPY' ? `¥${figure}` : `${figure} ${currency}`;
}

function possible(...changes: readonly string[]): Changes {
  return { possible: true, changes: [...changes] };
}

function impossible(reason: string): Changes {
  return { possible: false, changes: [reason] };
}
