/**
 * The contract of an operator's actions: who carries each out, and which payments it is about;
 * which rule offers which is in alert-rules.ts. The alerts app decides by it, and the edge says by
 * it beforehand what an action will do, so both always say the same.
 */
import type { EventOf } from '../schemas/event';
import { ALERT_RULES, type AlertAction, type AlertRule } from './alert-rules';

/** A payment that an action is about, as AlertActionStarted names it. */
export type ConcernedPayment = EventOf<'AlertActionStarted'>['payments'][number];

/** Who does it, and answers on alerts.action-results. */
export const PERFORMER_OF_ACTION = {
  ASK_PAYPAY: 'payments',
  REFUND: 'payments',
  REDRIVE_ORDER: 'orders',
  ROLL_BACK: 'orders',
  RELEASE: 'orders',
  ACCEPT_AMOUNT: 'orders',
  MARK_HANDLED: 'alerts',
} as const satisfies Readonly<Record<AlertAction, 'orders' | 'payments' | 'alerts'>>;

/** An action that gives something back. One that fails leaves money or goods in the wrong hands. */
export function isCompensation(action: AlertAction): boolean {
  switch (action) {
    case 'REFUND':
    case 'ROLL_BACK':
    case 'RELEASE':
      return true;
    case 'ASK_PAYPAY':
    case 'REDRIVE_ORDER':
    case 'ACCEPT_AMOUNT':
    case 'MARK_HANDLED':
      return false;
  }
}

/** Money at PayPay or what a spending limit holds goes elsewhere, and does not come back by itself. */
export function movesMoney(action: AlertAction): boolean {
  switch (action) {
    case 'REFUND':
    case 'ROLL_BACK':
    case 'RELEASE':
    case 'REDRIVE_ORDER':
    case 'ACCEPT_AMOUNT':
      return true;
    case 'ASK_PAYPAY':
    case 'MARK_HANDLED':
      return false;
  }
}

/** A payment of the order that succeeded, with all that it took. */
export type ChargedPayment = ConcernedPayment;

/** What is known of the order that the payments are of. */
export interface PayableOrder {
  /** What it costs; null while that is unknown. */
  readonly price: { readonly amount: number; readonly currency: string } | null;
  /** PayPay's id of the payment that made it PAID; null when it is not. */
  readonly paidBy: string | null;
}

/** `payments`: in the order in which they succeeded. None: the action has nothing to do. */
export function concernedPayments(
  action: AlertAction,
  rule: AlertRule,
  payments: readonly ChargedPayment[],
  order: PayableOrder,
): readonly ConcernedPayment[] {
  const kept = payments.filter((payment) => leftOf(payment) > 0);
  switch (action) {
    case 'REFUND':
      return unwanted(rule, kept, order).map((payment) => ({
        ...payment,
        amount: leftOf(payment),
      }));
    case 'REDRIVE_ORDER':
      return kept;
    case 'ACCEPT_AMOUNT':
      return kept.filter((payment) => differs(payment, order)).slice(0, 1);
    case 'ASK_PAYPAY':
    case 'ROLL_BACK':
    case 'RELEASE':
    case 'MARK_HANDLED':
      return [];
  }
}

/** Whole yen that have neither gone back nor are about to. */
function leftOf({ amount, returnedAmount, pendingAmount }: ChargedPayment): number {
  return amount - returnedAmount - pendingAmount;
}

/**
 * A refund of a part: of the one payment concerned, at most what is left of it. None when it cannot
 * be told of which of several payments the part is, or it is more than is left.
 */
export function partOf(
  payments: readonly ConcernedPayment[],
  amount: number,
): readonly ConcernedPayment[] {
  const [payment, ...others] = payments;
  if (payment === undefined || others.length > 0) return [];
  return amount >= 1 && amount <= payment.amount ? [{ ...payment, amount }] : [];
}

/** Whether the action makes sense only with payments to act on. */
export function needsPayments(action: AlertAction): boolean {
  return action === 'REFUND' || action === 'REDRIVE_ORDER' || action === 'ACCEPT_AMOUNT';
}

function unwanted(
  rule: AlertRule,
  kept: readonly ChargedPayment[],
  order: PayableOrder,
): readonly ChargedPayment[] {
  switch (ALERT_RULES[rule].refunds) {
    case 'none':
      return [];
    case 'all':
      return kept;
    case 'all-but-one': {
      const [stays] = [...kept].sort((a, b) => standing(a, order) - standing(b, order));
      return kept.filter((payment) => payment !== stays);
    }
    case 'wrong-amount':
      return kept.filter(
        (payment) => differs(payment, order) && payment.paymentId !== order.paidBy,
      );
  }
}

/** Which of two payments stays: the one that the order took, else one of the right amount, else the first. */
function standing(payment: ChargedPayment, order: PayableOrder): number {
  if (payment.paymentId === order.paidBy) return 0;
  return differs(payment, order) ? 2 : 1;
}

function differs({ amount, currency }: ChargedPayment, { price }: PayableOrder): boolean {
  return price !== null && (amount !== price.amount || currency !== price.currency);
}
