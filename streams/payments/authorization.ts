/**
 * Money that PayPay has authorized and not captured, of an order that is over: nobody waits for it
 * any more, so PayPay is asked to revert it, and read until it says that it has. What it says
 * counts: reverted is CANCELED, and then the order fails; captured by then is COMPLETED, a success.
 *
 *   last look    0 s  AUTHORIZED     AuthorizationRevertRequested
 *                1 s  AuthorizationReverted, asked for the first time: looked at once
 *                1 s  CANCELED       PaymentFailed or PaymentExpired
 *   or           1 s  AuthorizationRevertFailed, or it still says AUTHORIZED: again after 2 s, 4 s,
 *                     8 s … 10 min, under the same id
 *   or          15 min AUTHORIZED    PaymentAuthorizationStuck, once; an operator is alerted
 *
 * (tests: "a cancelled order's authorization is reverted, and then the payment fails", "PayPay that
 * keeps the money is asked with growing pauses, and an operator is alerted")
 */
import type { EventOf } from '../../schemas/event';
import { eventId } from '../../schemas/event-id';
import { orderHeader } from '../../schemas/header';
import {
  attemptFields,
  attemptNumbered,
  changeAttempt,
  merchantPaymentIdOf,
  type Attempt,
  type Payment,
} from './payment';
import { retryDelayMs } from './schedule';
import { askNext } from './status-reads';
import type { Turn } from './turn';

type RevertResult = EventOf<'AuthorizationReverted' | 'AuthorizationRevertFailed'>;

/** PayPay says that it has authorized money. Of an order that is still open it is only told. */
export function authorized(payment: Payment, number: number, turn: Turn): Payment {
  const attempt = attemptNumbered(payment, number);
  const isWaitedFor = payment.phase === 'OPEN' || payment.phase === 'WITHDRAWING';
  if (isWaitedFor || attempt.announced === 'SUCCEEDED' || attempt.paymentId === null) {
    return payment;
  }
  requestRevert(payment, attempt, attempt.paymentId, turn);
  const reverts = attempt.reverts + 1;
  const revertingSince = attempt.reverts === 0 ? turn.now : attempt.revertingSince;
  const asked = changeAttempt(payment, number, { reverts, revertingSince });
  return payment.phase === 'LAST_LOOK' ? lookAgain(asked, reverts, turn) : asked;
}

/** PayPay answered. Only the first time it is looked at once: else its pause would be no pause. */
export function revertAnswered(payment: Payment, event: RevertResult, turn: Turn): Payment {
  const { reverts } = attemptNumbered(payment, event.attempt);
  const isFirst = event.type === 'AuthorizationReverted' && reverts === 1;
  if (!isFirst || payment.phase !== 'LAST_LOOK') return payment;
  return askNext({ ...payment, readNotBefore: turn.now }, turn);
}

/** The stuck timer came: an operator is alerted to what is still neither captured nor reverted. */
export function tellStuck(payment: Payment, turn: Turn): Payment {
  if (payment.phase !== 'LAST_LOOK') return payment;
  for (const attempt of payment.attempts) if (isSetAside(attempt)) tell(payment, attempt, turn);
  return payment;
}

function isSetAside({ status, reverts }: Attempt): boolean {
  return status === 'AUTHORIZED' && reverts > 0;
}

function lookAgain(payment: Payment, reverts: number, turn: Turn): Payment {
  const { settings } = turn;
  const isFirst = reverts === 1 && payment.attempts.filter(isSetAside).length === 1;
  if (isFirst) turn.setTimer('stuck', turn.now + settings.authorizationStuckMs);
  const pauseMs = retryDelayMs(settings, payment.orderId, reverts, settings.watchRetryMaxMs);
  return { ...payment, readNotBefore: turn.now + pauseMs };
}

function requestRevert(payment: Payment, { number }: Attempt, paymentId: string, turn: Turn): void {
  const merchantPaymentId = merchantPaymentIdOf(payment.orderId, number);
  turn.request({
    type: 'AuthorizationRevertRequested',
    ...orderHeader(turn.cause, `revert-${number}`, payment.orderId),
    ...attemptFields(payment, number),
    paymentId,
    merchantRevertId: eventId(merchantPaymentId, `revert/${paymentId}`),
    reason: 'the order is over',
  });
}

function tell(payment: Payment, attempt: Attempt, turn: Turn): void {
  const { number, paymentId, reverts, revertingSince } = attempt;
  if (paymentId === null) throw new Error(`${payment.orderId} is authorized without a payment id`);
  const { amount, currency } = payment;
  turn.tell({
    type: 'PaymentAuthorizationStuck',
    ...orderHeader(turn.cause, `stuck-${number}`, payment.orderId),
    ...attemptFields(payment, number),
    paymentId,
    amount,
    currency,
    since: revertingSince,
    detail: `asked ${reverts} times to revert the authorization, PayPay still says AUTHORIZED`,
  });
}
