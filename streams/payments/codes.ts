/**
 * Getting a code that the shopper can pay. A second request under the same id is answered
 * DUPLICATE and tells no url, so after an unknown outcome the next attempt is asked for; the
 * uncertain one is still read before the payment may end.
 */
import { orderHeader } from '../../schemas/header';
import type { EventOf } from '../../schemas/event';
import { close, proceed } from './closing';
import {
  attemptFields,
  attemptNumbered,
  changeAttempt,
  latestAttempt,
  type Attempt,
  type Payment,
} from './payment';
import { pollDelayMs, retryDelayMs } from './schedule';
import type { Turn } from './turn';
import { withdrawCodes } from './withdrawal';

/** The order waits for its money: the payment begins with its first code. */
export function open(order: EventOf<'OrderWaitingPayment'>, turn: Turn): Payment {
  const expiresAt = turn.now + turn.settings.lifetimeMs;
  turn.setTimer('expiry', expiresAt);
  const payment: Payment = {
    type: 'PaymentState',
    orderId: order.orderId,
    amount: order.totalAmount,
    currency: order.currency,
    phase: 'OPEN',
    ending: 'NOT_ENDING',
    expiresAt,
    attempts: [],
    codeRetries: 0,
    asked: null,
    wanted: [],
    readNotBefore: 0,
    silentReads: 0,
    waitingSince: 0,
    pollRounds: 0,
    withdrawRetries: 0,
    verdictAt: 0,
    watchReads: 0,
    refunds: [],
    actions: [],
  };
  return requestCode({ ...payment, attempts: [firstOf(1)] }, turn);
}

export function codeCreated(payment: Payment, event: EventOf<'CodeCreated'>, turn: Turn): Payment {
  if (attemptNumbered(payment, event.attempt).code !== 'REQUESTED') return payment;
  const { codeId } = event;
  const issued = changeAttempt(payment, event.attempt, { code: 'ISSUED', codeId });
  return issued.phase === 'OPEN' ? showCode(issued, event, turn) : withdrawCodes(issued, turn);
}

export function codeFailed(
  payment: Payment,
  event: EventOf<'CodeCreationFailed'>,
  turn: Turn,
): Payment {
  const { attempt: number, outcome } = event;
  if (attemptNumbered(payment, number).code !== 'REQUESTED') return payment;
  switch (outcome) {
    case 'REJECTED':
      return ended(changeAttempt(payment, number, { code: 'REFUSED' }));
    case 'SKIPPED':
      return retryLater(changeAttempt(payment, number, { code: 'SKIPPED' }), turn);
    case 'UNKNOWN':
      return retryLater(changeAttempt(payment, number, { code: 'UNCERTAIN' }), turn);
    case 'DUPLICATE':
      return nextCode(changeAttempt(payment, number, { code: 'UNCERTAIN' }), turn);
  }

  function ended(refused: Payment): Payment {
    return refused.phase === 'OPEN' ? close(refused, 'REJECTED', turn) : proceed(refused, turn);
  }
}

/** Asks for a code again: under the same id when PayPay was not asked, else under the next. */
export function nextCode(payment: Payment, turn: Turn): Payment {
  if (payment.phase !== 'OPEN') return proceed(payment, turn);
  const { code, number } = latestAttempt(payment);
  if (code === 'SKIPPED') return requestCode(payment, turn);
  if (number >= turn.settings.attemptsMax) return payment;
  return requestCode({ ...payment, attempts: [...payment.attempts, firstOf(number + 1)] }, turn);
}

function retryLater(payment: Payment, turn: Turn): Payment {
  if (payment.phase !== 'OPEN') return proceed(payment, turn);
  const codeRetries = payment.codeRetries + 1;
  const { settings } = turn;
  const pauseMs = retryDelayMs(settings, payment.orderId, codeRetries, settings.retryMaxMs);
  turn.setTimer('code', turn.now + pauseMs);
  return { ...payment, codeRetries };
}

function requestCode(payment: Payment, turn: Turn): Payment {
  const { number } = latestAttempt(payment);
  turn.request({
    type: 'CodeCreationRequested',
    ...orderHeader(turn.cause, `code-creation-${number}`, payment.orderId),
    ...attemptFields(payment, number),
    amount: payment.amount,
    currency: payment.currency,
    description: `Order ${payment.orderId.slice(0, 8)}`,
    notAfter: payment.expiresAt,
  });
  return changeAttempt(payment, number, { code: 'REQUESTED' });
}

/** The shopper gets the whole lifetime, however long the code took. */
function showCode(payment: Payment, event: EventOf<'CodeCreated'>, turn: Turn): Payment {
  const expiresAt = turn.now + turn.settings.lifetimeMs;
  turn.setTimer('expiry', expiresAt);
  turn.setTimer('poll', turn.now + pollDelayMs(turn.settings, payment.orderId, 0));
  turn.tell({
    type: 'PaymentCodeIssued',
    ...orderHeader(turn.cause, 'code-issued', payment.orderId),
    ...attemptFields(payment, event.attempt),
    codeId: event.codeId,
    url: event.url,
    deeplink: event.deeplink,
    amount: payment.amount,
    currency: payment.currency,
    expiresAt,
  });
  return { ...payment, expiresAt, pollRounds: 0 };
}

function firstOf(number: number): Attempt {
  return {
    number,
    code: 'REQUESTED',
    codeId: null,
    status: 'UNREAD',
    observedAt: 0,
    paymentId: null,
    announced: 'NOTHING',
    refundedElsewhere: 0,
    paidAmount: 0,
    lastLooked: false,
    reverts: 0,
    revertingSince: 0,
  };
}
