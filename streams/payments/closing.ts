/**
 * The end of an open payment. Order matters: an expired code still reads CREATED and can still be
 * paid, so every code is withdrawn first, PayPay is read once more, and only then is it unpaid.
 *
 *   expiry           0 s   CodeDeletionRequested
 *   CodeDeleted      0.2 s PaymentStatusRequested LAST_LOOK
 *   CREATED          0.4 s PaymentExpired           "an expiry withdraws, looks once more, then fails"
 *   or COMPLETED     0.4 s PaymentSucceeded         "money found at the last look is a success"
 *   or no answer           asked again until there is one
 */
import { enter, isOver, type Attempt, type Ending, type Payment } from './payment';
import { wantReads } from './status-reads';
import type { Turn } from './turn';
import { unpaid } from './verdict';
import { withdrawCodes } from './withdrawal';

/** Stops waiting for the money; the first reason stands. */
export function close(payment: Payment, ending: Ending, turn: Turn): Payment {
  if (payment.phase !== 'OPEN') return payment;
  turn.clearTimers('poll', 'expiry', 'code');
  const closing = enter({ ...payment, ending }, 'WITHDRAWING');
  return proceed(withdrawCodes(closing, turn), turn);
}

/** Takes the steps that have become possible. */
export function proceed(payment: Payment, turn: Turn): Payment {
  if (payment.phase === 'WITHDRAWING' && payment.attempts.every(cannotBePaid)) {
    return proceed(enter(payment, 'LAST_LOOK'), turn);
  }
  const { phase, ending, asked } = payment;
  if (phase !== 'LAST_LOOK' || ending === 'NOT_ENDING') return payment;
  const open = payment.attempts.filter(mustBeLookedAt).map(({ number }) => number);
  if (open.length === 0) return unpaid(payment, ending, turn);
  const isUnderWay = (number: number) => asked?.attempt === number && asked.purpose === 'LAST_LOOK';
  const unasked = open.filter((number) => !isUnderWay(number));
  return wantReads(payment, unasked, 'LAST_LOOK', turn);
}

/** An uncertain code was never shown to anybody; the last look tells. */
function cannotBePaid({ code }: Attempt): boolean {
  return code !== 'REQUESTED' && code !== 'WITHDRAWING';
}

function mustBeLookedAt(attempt: Attempt): boolean {
  return !isOver(attempt) && !attempt.lastLooked;
}
