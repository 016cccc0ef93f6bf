/**
 * Reads of one order's status at PayPay: which attempts are to be read, and the one request that
 * is in flight. A read that PayPay could not answer, or whose answer was lost, is retried after
 * a growing backoff, so an outage delays a verdict and never makes one.
 *
 * With the default settings: asked at 0 s, stale from 300 s, lost at 315 s, asked again at
 * 317-317.5 s ("a status request whose answer is lost is asked again").
 *
 * A poll may wait its turn in the gateway for as long as it takes to poll all open orders once. So
 * what is urgent does not wait for the answer to a poll: it is asked at once and takes the poll's
 * place ("a webhook does not wait behind a poll"). The order keeps the time it waits since through
 * every vain request, and by it its place among the others.
 */
import { orderHeader } from '../../schemas/header';
import { attemptFields, isOver, readableNumbers, type Payment } from './payment';
import { pollDelayMs, retryDelayMs, watchDelayMs } from './schedule';
import type { Turn } from './turn';

type Read = Payment['wanted'][number];
type Purpose = Read['purpose'];

/** Whom it is asked for sooner; also which purpose stands when two ask for the same. */
const URGENCY: Readonly<Record<Purpose, number>> = {
  LAST_LOOK: 4,
  OPERATOR: 3,
  NOTIFICATION: 2,
  POLL: 1,
  WATCH: 0,
};

/** Asks for the attempts' status, now or as soon as their turn comes. */
export function wantReads(
  payment: Payment,
  attempts: readonly number[],
  purpose: Purpose,
  turn: Turn,
): Payment {
  const added = attempts.map((attempt) => ({ attempt, purpose }));
  const wanted = merge(payment.wanted, added);
  const readNotBefore = Math.min(
    payment.readNotBefore,
    turn.now + pauseMaxMs(payment, purpose, turn),
  );
  return askNext({ ...payment, wanted, readNotBefore }, turn);
}

/** Who asks anew does not wait as long as one who asks again and again may have come to wait. */
function pauseMaxMs({ silentReads }: Payment, purpose: Purpose, { settings }: Turn): number {
  switch (purpose) {
    case 'OPERATOR':
      return 0;
    case 'NOTIFICATION':
      // While PayPay cannot answer, webhooks do not make it.
      return silentReads === 0 ? settings.hintPauseMs : settings.retryMaxMs;
    case 'LAST_LOOK':
    case 'POLL':
    case 'WATCH':
      return Infinity;
  }
}

/** Sends the most urgent wanted read, unless one in flight is as urgent or a backoff is on. */
export function askNext(payment: Payment, turn: Turn): Payment {
  const [next, ...others] = payment.wanted;
  if (next === undefined || !mayBeAsked(next, payment.asked)) return payment;
  if (turn.now < payment.readNotBefore) {
    turn.setTimer('read', payment.readNotBefore);
    return payment;
  }
  const header = orderHeader(turn.cause, `status-${next.attempt}`, payment.orderId);
  const notAfter = turn.now + turn.settings.statusStaleMs;
  const waitingSince = payment.waitingSince === 0 ? turn.now : payment.waitingSince;
  turn.request({
    type: 'PaymentStatusRequested',
    ...header,
    ...attemptFields(payment, next.attempt),
    purpose: next.purpose,
    notAfter,
    waitingSince,
  });
  turn.setTimer('answer', notAfter + turn.settings.statusGraceMs);
  const wanted = merge(others, displaced(payment.asked, next));
  return { ...payment, wanted, waitingSince, asked: { requestId: header.eventId, ...next } };
}

function mayBeAsked(next: Read, asked: Payment['asked']): boolean {
  return asked === null || (canWait(asked.purpose) && !canWait(next.purpose));
}

/** Nobody and no next step waits for it. */
function canWait(purpose: Purpose): boolean {
  return purpose === 'POLL' || purpose === 'WATCH';
}

/** The read that `next` takes the place of, unless it reads the same attempt. */
function displaced(asked: Payment['asked'], next: Read): readonly Read[] {
  if (asked === null || asked.attempt === next.attempt) return [];
  return [{ attempt: asked.attempt, purpose: asked.purpose }];
}

/** PayPay answered `requestId`. The next read is left to the caller, who may want more first. */
export function answered(payment: Payment, requestId: string, turn: Turn): Payment {
  const { asked } = payment;
  if (asked?.requestId !== requestId) return payment;
  turn.clearTimers('answer', 'read');
  const pauseMs = asked.purpose === 'NOTIFICATION' ? turn.settings.hintPauseMs : 0;
  const heard = { asked: null, silentReads: 0, waitingSince: 0 };
  return { ...payment, ...heard, readNotBefore: turn.now + pauseMs };
}

/** PayPay could not answer `requestId`, or its answer is lost. */
export function unanswered(payment: Payment, requestId: string, turn: Turn): Payment {
  const { asked } = payment;
  if (asked?.requestId !== requestId) return payment;
  turn.clearTimers('answer');
  const { attempt, purpose } = asked;
  const silentReads = payment.silentReads + 1;
  const waiting: Payment = {
    ...payment,
    asked: null,
    wanted: merge(payment.wanted, [{ attempt, purpose }]),
    silentReads,
    readNotBefore: turn.now + retryDelayMs(turn.settings, payment.orderId, silentReads, maxMs()),
  };
  return askNext(waiting, turn);

  function maxMs(): number {
    const decided = payment.phase === 'PAID' || payment.phase === 'UNPAID';
    return decided ? turn.settings.watchRetryMaxMs : turn.settings.retryMaxMs;
  }
}

/** The poll timer came: every attempt that can still be paid is read. */
export function poll(payment: Payment, turn: Turn): Payment {
  const pollRounds = payment.pollRounds + 1;
  turn.setTimer('poll', turn.now + pollDelayMs(turn.settings, payment.orderId, pollRounds));
  const payable = payment.attempts.filter((attempt) => !isOver(attempt));
  const numbers = payable.map(({ number }) => number);
  return wantReads({ ...payment, pollRounds }, numbers, 'POLL', turn);
}

/** The watch timer came: a verdict is checked, so that a change without a webhook is seen. */
export function watch(payment: Payment, turn: Turn): Payment {
  const watchReads = payment.watchReads + 1;
  setWatch({ ...payment, watchReads }, turn);
  return wantReads({ ...payment, watchReads }, readableNumbers(payment), 'WATCH', turn);
}

/** A verdict was announced: nothing is waited for any more, and it is watched from now on. */
export function startWatch(payment: Payment, turn: Turn): Payment {
  turn.clearTimers('poll', 'expiry', 'code', 'stuck');
  const watched = { ...payment, verdictAt: turn.now, watchReads: 0 };
  setWatch(watched, turn);
  return watched;
}

function setWatch(payment: Payment, turn: Turn): void {
  const afterMs = watchDelayMs(turn.settings, payment.watchReads);
  const isSlow = payment.watchReads >= turn.settings.watchAfterMs.length;
  if (afterMs === undefined || (isSlow && payment.phase !== 'PAID')) return;
  turn.setTimer('watch', payment.verdictAt + afterMs);
}

function merge(wanted: readonly Read[], added: readonly Read[]): Read[] {
  const byAttempt = new Map<number, Read>();
  for (const read of [...wanted, ...added]) {
    const other = byAttempt.get(read.attempt);
    if (other === undefined || URGENCY[other.purpose] < URGENCY[read.purpose]) {
      byAttempt.set(read.attempt, read);
    }
  }
  return [...byAttempt.values()].sort((a, b) => URGENCY[b.purpose] - URGENCY[a.purpose]);
}
