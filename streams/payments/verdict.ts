/**
 * The words on payments.events that others act on: each is said once per fact, and only because
 * PayPay said so. Successes carry when PayPay took the money, held to our clock (paid-time.ts),
 * failures when PayPay was asked, which is how others order them.
 */
import { orderHeader } from '../../schemas/header';
import type { EventOf } from '../../schemas/event';
import {
  attemptFields,
  attemptNumbered,
  changeAttempt,
  enter,
  latestAttempt,
  type Ending,
  type Payment,
} from './payment';
import { startWatch } from './status-reads';
import type { Turn } from './turn';
import { withdrawCodes } from './withdrawal';

/** Money that PayPay says it took. */
export interface Money {
  readonly paymentId: string;
  /** Whole yen. */
  readonly amount: number;
  readonly currency: string;
  /** ms since the epoch, PayPay's clock within what our reads prove (paid-time.ts). */
  readonly paidAt: number;
}

/** Says so unless it was said already. The other codes are withdrawn: nobody is to pay twice. */
export function succeeded(
  payment: Payment,
  number: number,
  money: Money,
  settledBy: EventOf<'PaymentSucceeded'>['settledBy'],
  turn: Turn,
): Payment {
  const { announced, paymentId } = attemptNumbered(payment, number);
  if (announced === 'SUCCEEDED' && paymentId === money.paymentId) return payment;
  turn.tell({
    type: 'PaymentSucceeded',
    ...orderHeader(turn.cause, `succeeded-${number}`, payment.orderId),
    ...attemptFields(payment, number),
    ...money,
    settledBy,
  });
  const told = changeAttempt(payment, number, {
    announced: 'SUCCEEDED',
    paymentId: money.paymentId,
    paidAmount: money.amount,
    refundedElsewhere: 0,
  });
  const paid = told.phase === 'PAID' ? told : enter({ ...told, ending: 'NOT_ENDING' }, 'PAID');
  return withdrawCodes(startWatch(paid, turn), turn);
}

/** PayPay reversed a success that was announced. */
export function reversed(
  payment: Payment,
  number: number,
  observation: EventOf<'PaymentStatusObserved'>,
  turn: Turn,
): Payment {
  const { paymentId } = attemptNumbered(payment, number);
  turn.tell({
    type: 'PaymentFailed',
    ...orderHeader(turn.cause, `reversed-${number}`, payment.orderId),
    ...attemptFields(payment, number),
    paymentId,
    reason: 'REVERSED',
    observedAt: observation.observedAt,
    detail: `PayPay says ${observation.status} of a payment that had succeeded`,
  });
  const told = changeAttempt(payment, number, { announced: 'REVERSED' });
  const stands = told.attempts.some(({ announced }) => announced === 'SUCCEEDED');
  return startWatch(stands ? told : enter(told, 'UNPAID'), turn);
}

/** All attempts came to nothing: the verdict that the ending names. */
export function unpaid(payment: Payment, ending: Ending, turn: Turn): Payment {
  const { number, paymentId } = latestAttempt(payment);
  const fields = {
    ...orderHeader(turn.cause, 'unpaid', payment.orderId),
    ...attemptFields(payment, number),
  };
  if (ending === 'EXPIRED') {
    const expiredAt = Math.min(payment.expiresAt, turn.now);
    turn.tell({ type: 'PaymentExpired', ...fields, expiredAt });
  } else {
    const observedAt = Math.max(...payment.attempts.map((attempt) => attempt.observedAt));
    turn.tell({
      type: 'PaymentFailed',
      ...fields,
      paymentId,
      reason: ending,
      observedAt: observedAt > 0 ? observedAt : turn.now,
      detail: DETAILS[ending],
    });
  }
  return startWatch(enter(payment, 'UNPAID'), turn);
}

const DETAILS: Readonly<Record<Exclude<Ending, 'EXPIRED'>, string>> = {
  CANCELLED: 'cancelled before anybody paid',
  REJECTED: 'PayPay refused to make a code',
  FAILED: 'PayPay says that the payment failed',
};
