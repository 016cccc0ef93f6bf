/**
 * What follows from PayPay's word on one attempt. Words are taken in the order in which PayPay was
 * asked, whatever order they come in; the same word again changes nothing.
 */
import type { EventOf } from '../../schemas/event';
import { authorized } from './authorization';
import { close, proceed } from './closing';
import {
  attemptNumbered,
  changeAttempt,
  isOver,
  type Attempt,
  type Ending,
  type Payment,
} from './payment';
import { paidTime } from './paid-time';
import { refundsObserved } from './refund';
import { answered, askNext } from './status-reads';
import type { Turn } from './turn';
import { reversed, succeeded, type Money } from './verdict';

type Observation = EventOf<'PaymentStatusObserved'>;

export function statusObserved(payment: Payment, event: Observation, turn: Turn): Payment {
  const heard = answered(payment, event.causationId, turn);
  const before = attemptNumbered(heard, event.attempt);
  const isOlder = event.observedAt < before.observedAt;
  const judged = isOlder ? lookLater(heard, turn) : judge(learn(heard, event), event, before, turn);
  return askNext(proceed(judged, turn), turn);
}

function learn(payment: Payment, event: Observation): Payment {
  const { paymentId } = attemptNumbered(payment, event.attempt);
  return changeAttempt(payment, event.attempt, {
    status: event.status,
    observedAt: event.observedAt,
    // The id that a success was announced with is kept until another success replaces it.
    paymentId: paymentId ?? (isCharged(event) ? null : event.paymentId),
  });
}

function judge(payment: Payment, event: Observation, before: Attempt, turn: Turn): Payment {
  const attempt = attemptNumbered(payment, event.attempt);
  switch (event.status) {
    case 'COMPLETED':
    case 'REFUNDED': {
      const settledBy = event.purpose;
      const money = moneyOf(event);
      const paidAt = paidTime(money.paidAt, before, event.observedAt);
      const paid = succeeded(payment, attempt.number, { ...money, paidAt }, settledBy, turn);
      return refundsObserved(paid, event, turn);
    }
    case 'FAILED':
    case 'CANCELED':
    case 'EXPIRED':
      if (attempt.announced === 'SUCCEEDED') return reversed(payment, attempt.number, event, turn);
      return isLastHope(payment, attempt) ? close(payment, ENDINGS[event.status], turn) : payment;
    case 'NOT_FOUND':
    case 'CREATED':
      return event.purpose === 'LAST_LOOK'
        ? changeAttempt(payment, attempt.number, { lastLooked: true })
        : payment;
    case 'AUTHORIZED':
      // Money is authorized and not captured: no verdict until PayPay says which.
      return authorized(payment, attempt.number, turn);
  }
}

/** A last look that told nothing is repeated, after a pause. */
function lookLater(payment: Payment, turn: Turn): Payment {
  if (payment.phase !== 'LAST_LOOK') return payment;
  return { ...payment, readNotBefore: turn.now + turn.settings.retryFirstMs };
}

/** The shopper had this code, and has and gets no other. */
function isLastHope(payment: Payment, { code, number }: Attempt): boolean {
  const others = payment.attempts.filter((attempt) => attempt.number !== number);
  return (
    code === 'ISSUED' &&
    others.every(
      (other) => isOver(other) || (other.code !== 'REQUESTED' && other.code !== 'ISSUED'),
    )
  );
}

const ENDINGS = {
  FAILED: 'FAILED',
  CANCELED: 'CANCELLED',
  EXPIRED: 'EXPIRED',
} as const satisfies Record<string, Ending>;

function isCharged({ status }: Observation): boolean {
  return status === 'COMPLETED' || status === 'REFUNDED';
}

/** Throws when PayPay's word lacks what a success consists of. */
function moneyOf({ paymentId, amount, currency, paidAt, ...event }: Observation): Money {
  if (paymentId === null || amount === null || currency === null || paidAt === null) {
    throw new Error(`${event.status} of ${event.merchantPaymentId} without the money's details`);
  }
  return { paymentId, amount, currency, paidAt };
}
