/**
 * Withdrawing codes, so that nobody can pay any more. A withdrawal whose outcome is unknown is
 * repeated after a growing pause: PayPay answers the second one as it would have the first.
 */
import { orderHeader } from '../../schemas/header';
import type { EventOf } from '../../schemas/event';
import { attemptFields, attemptNumbered, changeAttempt, isOver, type Payment } from './payment';
import { retryDelayMs } from './schedule';
import { wantReads } from './status-reads';
import type { Turn } from './turn';

/** Withdraws every code that can still be paid. */
export function withdrawCodes(payment: Payment, turn: Turn): Payment {
  return payment.attempts
    .filter((attempt) => attempt.code === 'ISSUED' && !isOver(attempt))
    .filter(({ announced }) => announced === 'NOTHING')
    .reduce((result, { number }) => withdraw(result, number, turn), payment);
}

/** The code is gone, or PayPay will not take it back: either way there is no more to be done. */
export function withdrawn(payment: Payment, number: number): Payment {
  if (attemptNumbered(payment, number).code !== 'WITHDRAWING') return payment;
  return { ...changeAttempt(payment, number, { code: 'WITHDRAWN' }), withdrawRetries: 0 };
}

export function withdrawalFailed(
  payment: Payment,
  event: EventOf<'CodeDeletionFailed'>,
  turn: Turn,
): Payment {
  switch (event.outcome) {
    case 'ALREADY_PAID':
      return wantReads(withdrawn(payment, event.attempt), [event.attempt], 'LAST_LOOK', turn);
    case 'REJECTED':
      return withdrawn(payment, event.attempt);
    case 'UNKNOWN': {
      if (attemptNumbered(payment, event.attempt).code !== 'WITHDRAWING') return payment;
      const withdrawRetries = payment.withdrawRetries + 1;
      const { settings } = turn;
      const pauseMs = retryDelayMs(settings, payment.orderId, withdrawRetries, settings.retryMaxMs);
      turn.setTimer('withdraw', turn.now + pauseMs);
      return { ...payment, withdrawRetries };
    }
  }
}

/** The withdraw timer came. A request still in flight is merely repeated, which changes nothing. */
export function withdrawAgain(payment: Payment, turn: Turn): Payment {
  return payment.attempts
    .filter(({ code }) => code === 'WITHDRAWING')
    .reduce((result, { number }) => withdraw(result, number, turn), payment);
}

function withdraw(payment: Payment, number: number, turn: Turn): Payment {
  const { codeId } = attemptNumbered(payment, number);
  if (codeId === null) throw new Error(`attempt ${number} of ${payment.orderId} has no code`);
  turn.request({
    type: 'CodeDeletionRequested',
    ...orderHeader(turn.cause, `code-deletion-${number}`, payment.orderId),
    ...attemptFields(payment, number),
    codeId,
  });
  return changeAttempt(payment, number, { code: 'WITHDRAWING' });
}
