/**
 * How refunds come into the ledger and move in it (ledger.ts), and what is said of each move.
 *
 *   asked for here     0 s  RefundRequested         tells PaymentRefundPending
 *                      1 s  RefundCompleted         tells PaymentRefunded
 *                      or   RefundFailed REJECTED   tells PaymentRefundFailed
 *                      or   RefundAccepted          tells PaymentRefundPending with PayPay's word;
 *                           RefundStatusRequested after growing pauses, until it has ended
 *                      or   RefundFailed UNKNOWN    the same; NOT_FOUND: asked for again, same id
 *   asked for elsewhere     seen when the payment is read, and told by the same events
 *
 * What always holds:
 * - PayPay takes one refund id once, and the id derives from its cause, so whatever is repeated here
 *   refunds once. A refund whose outcome is not known is read, never posted blindly.
 * - What one refund becomes says nothing of another one.
 *
 * (tests: "a part of a payment goes back, and then the rest", "and two actions on one payment refund
 * it once", "a refund that PayPay keeps pending is read, not posted again")
 */
import { orderHeader } from '../../schemas/header';
import type { EventOf } from '../../schemas/event';
import { eventId } from '../../schemas/event-id';
import type { ConcernedPayment } from '../../topics/alert-action-contract';
import {
  attemptOf,
  claimedOf,
  hasEnded,
  refundToJoin,
  refundWithId,
  withRefund,
  type Refund,
} from './ledger';
import { attemptNumbered, changeAttempt, merchantPaymentIdOf, type Payment } from './payment';
import { retryDelayMs } from './schedule';
import { wantReads } from './status-reads';
import type { Turn } from './turn';

type RefundResult = EventOf<'RefundAccepted' | 'RefundCompleted' | 'RefundFailed'>;
type Observation = EventOf<'PaymentStatusObserved'>;
type ListedRefund = Observation['refunds'][number];

/** PayPay's status of a refund that it has accepted and not completed. */
const PENDING_WORD = 'CREATED';

/** A refund of which PayPay has said nothing yet. */
const NOTHING_HEARD: Pick<Refund, 'stage' | 'retries' | 'reportedStatus' | 'wasPending' | 'askAt'> =
  { stage: 'REQUESTED', retries: 0, reportedStatus: null, wasPending: false, askAt: 0 };

/** The refund that an action stands for from now on: the one it joined, else the one it began. */
export function refundOf(
  payment: Payment,
  concerned: ConcernedPayment,
  { eventId: actionId }: EventOf<'AlertActionStarted'>,
): Refund | undefined {
  const begun = refundWithId(payment, refundIdOf(actionId, concerned));
  return begun ?? refundToJoin(payment, concerned);
}

/** Throws for a payment that was never asked for; see `isRefundable`. */
export function beginRefund(
  payment: Payment,
  concerned: ConcernedPayment,
  { eventId: actionId, reason }: EventOf<'AlertActionStarted'>,
  turn: Turn,
): Payment {
  if (refundToJoin(payment, concerned) !== undefined) return payment;
  const { paymentId, amount, currency } = concerned;
  const attempt = attemptOf(payment, concerned);
  if (attempt === undefined) throw new Error(`${payment.orderId} never asked for ${paymentId}`);
  const refund: Refund = {
    merchantRefundId: refundIdOf(actionId, concerned),
    attempt: attempt.number,
    amount,
    paymentId,
    currency,
    reason,
    origin: 'HERE',
    ...NOTHING_HEARD,
  };
  post(payment, refund, turn);
  tellPending(payment, refund, turn.now, turn);
  return withRefund(payment, refund);
}

/** Of a refund that is not ours, or has ended, nothing is concluded. */
export function refundAnswered(payment: Payment, event: RefundResult, turn: Turn): Payment {
  const refund = refundWithId(payment, event.merchantRefundId);
  if (refund === undefined || hasEnded(refund)) return payment;
  switch (event.type) {
    case 'RefundAccepted': {
      const heard = pending(payment, refund, event.reportedStatus, event.occurredAt, turn);
      return askLater(heard, refund.merchantRefundId, turn);
    }
    case 'RefundCompleted':
      return setTimer(completed(payment, refund, event.occurredAt, turn), turn);
    case 'RefundFailed':
      return failed(payment, refund, event, turn);
  }
}

function failed(
  payment: Payment,
  refund: Refund,
  { outcome, errorCode, detail }: EventOf<'RefundFailed'>,
  turn: Turn,
): Payment {
  switch (outcome) {
    case 'REJECTED':
      return setTimer(ended(payment, refund, { errorCode, detail }, turn), turn);
    case 'NOT_FOUND':
      if (refund.stage !== 'REQUESTED') return askLater(payment, refund.merchantRefundId, turn);
      post(payment, refund, turn);
      return payment;
    case 'UNKNOWN':
      return askLater(payment, refund.merchantRefundId, turn);
  }
}

/** The refund timer came: PayPay is asked how the refunds stand that are due. */
export function askRefundsAgain(payment: Payment, turn: Turn): Payment {
  // Asked before, and 0: from before the ledger, or in flight, and looking twice does no harm.
  const due = payment.refunds.filter(
    (refund) => !hasEnded(refund) && refund.retries > 0 && refund.askAt <= turn.now,
  );
  let asking = payment;
  for (const refund of due) {
    if (refund.origin === 'HERE') {
      asking = withRefund(asking, { ...refund, askAt: 0 });
      ask(asking, refund, turn);
    } else {
      // The reading of the payment tells, whenever it comes; if it does not, there is a next time.
      asking = askLater(asking, refund.merchantRefundId, turn);
      asking = wantReads(asking, [refund.attempt], 'WATCH', turn);
    }
  }
  return setTimer(asking, turn);
}

/** What PayPay lists of a payment that succeeded. */
export function refundsObserved(payment: Payment, observation: Observation, turn: Turn): Payment {
  const { attempt: number, refunds } = observation;
  const { announced, paymentId } = attemptNumbered(payment, number);
  if (announced !== 'SUCCEEDED' || paymentId === null) return payment;
  if (refunds.length === 0) return unnamedObserved(payment, paymentId, observation, turn);
  let heard = payment;
  for (const listed of refunds) {
    const known = refundWithId(heard, listed.merchantRefundId);
    heard =
      known === undefined
        ? elsewhereObserved(heard, paymentId, listed, observation, turn)
        : listedAgain(heard, known, listed, observation, turn);
  }
  return setTimer(heard, turn);
}

function listedAgain(
  payment: Payment,
  known: Refund,
  { stage, reportedStatus }: ListedRefund,
  { observedAt }: Observation,
  turn: Turn,
): Payment {
  if (known.stage === 'COMPLETED' || known.stage === stage) return payment;
  switch (stage) {
    case 'COMPLETED':
      return completed(payment, known, observedAt, turn);
    case 'FAILED':
      return ended(payment, known, { errorCode: null, detail: COULD_NOT }, turn);
    case 'PENDING':
    case 'UNKNOWN':
      if (hasEnded(known)) return payment;
      return pending(payment, known, reportedStatus, observedAt, turn);
  }
}

/** The first news of a refund that nobody here asked for. */
function elsewhereObserved(
  payment: Payment,
  paymentId: string,
  { merchantRefundId, amount, stage, reportedStatus }: ListedRefund,
  { attempt, currency, observedAt }: Observation,
  turn: Turn,
): Payment {
  if (stage === 'FAILED') return payment;
  const refund: Refund = {
    merchantRefundId,
    attempt,
    amount,
    paymentId,
    currency: currency ?? payment.currency,
    reason: '',
    origin: 'ELSEWHERE',
    ...NOTHING_HEARD,
  };
  if (stage !== 'COMPLETED') {
    const heard = pending(payment, refund, reportedStatus, observedAt, turn);
    return askLater(heard, merchantRefundId, turn);
  }
  // What was told before PayPay named its refunds is not told again.
  const { refundedElsewhere } = attemptNumbered(payment, attempt);
  const told = Math.min(refundedElsewhere, amount);
  const left = refundedElsewhere - told;
  const taken = changeAttempt(payment, attempt, { refundedElsewhere: left });
  return told === amount
    ? withRefund(taken, { ...refund, stage: 'COMPLETED' })
    : completed(taken, refund, observedAt, turn, amount - told);
}

/**
 * PayPay names no refund. A sum beyond what is known went back elsewhere; so did all of a payment
 * that it calls REFUNDED while the ledger has nothing that explains the word.
 */
function unnamedObserved(
  payment: Payment,
  paymentId: string,
  { attempt: number, status, amount, refundedAmount, observedAt }: Observation,
  turn: Turn,
): Payment {
  const attempt = attemptNumbered(payment, number);
  const claimed = claimedOf(payment, attempt);
  const isUnexplained = status === 'REFUNDED' && claimed === 0;
  const total = isUnexplained && refundedAmount === 0 ? (amount ?? 0) : refundedAmount;
  if (total <= claimed) return payment;
  turn.tell({
    type: 'PaymentRefunded',
    ...orderHeader(turn.cause, `refunded-${number}`, payment.orderId),
    merchantPaymentId: merchantPaymentIdOf(payment.orderId, number),
    paymentId,
    merchantRefundId: null,
    amount: total - claimed,
    currency: payment.currency,
    requestedHere: false,
    observedAt,
    wasPending: false,
  });
  const refundedElsewhere = attempt.refundedElsewhere + total - claimed;
  return changeAttempt(payment, number, { refundedElsewhere });
}

/** PayPay has accepted it; said again only when its status has changed. */
function pending(
  payment: Payment,
  refund: Refund,
  reportedStatus: string,
  observedAt: number,
  turn: Turn,
): Payment {
  if (refund.reportedStatus === reportedStatus) return payment;
  const stage = reportedStatus === PENDING_WORD ? 'ACCEPTED' : 'UNKNOWN';
  const heard: Refund = { ...refund, stage, reportedStatus };
  tellPending(payment, heard, observedAt, turn);
  return withRefund(payment, heard);
}

function completed(
  payment: Payment,
  refund: Refund,
  observedAt: number,
  turn: Turn,
  amount = refund.amount,
): Payment {
  turn.tell({
    type: 'PaymentRefunded',
    ...orderHeader(turn.cause, `refunded/${refund.merchantRefundId}`, payment.orderId),
    ...refundFields(payment, refund),
    amount,
    requestedHere: refund.origin === 'HERE',
    observedAt,
    wasPending: refund.wasPending,
  });
  return withRefund(payment, { ...refund, stage: 'COMPLETED', askAt: 0 });
}

function ended(
  payment: Payment,
  refund: Refund,
  words: Pick<EventOf<'PaymentRefundFailed'>, 'errorCode' | 'detail'>,
  turn: Turn,
): Payment {
  turn.tell({
    type: 'PaymentRefundFailed',
    ...orderHeader(turn.cause, `refund-failed/${refund.merchantRefundId}`, payment.orderId),
    ...refundFields(payment, refund),
    ...words,
    requestedHere: refund.origin === 'HERE',
    wasPending: refund.wasPending,
  });
  return withRefund(payment, { ...refund, stage: 'FAILED', askAt: 0 });
}

function tellPending(payment: Payment, refund: Refund, observedAt: number, turn: Turn): void {
  turn.tell({
    type: 'PaymentRefundPending',
    ...orderHeader(turn.cause, `refund-pending/${refund.merchantRefundId}`, payment.orderId),
    ...refundFields(payment, refund),
    requestedHere: refund.origin === 'HERE',
    reportedStatus: refund.reportedStatus,
    observedAt,
  });
}

const COULD_NOT = 'PayPay accepted the refund, and it failed';

/** After a pause that grows, so that a refund of days keeps nobody busy. */
function askLater(payment: Payment, merchantRefundId: string, turn: Turn): Payment {
  const refund = refundWithId(payment, merchantRefundId);
  if (refund === undefined || hasEnded(refund)) return payment;
  const { settings, now } = turn;
  const retries = refund.retries + 1;
  const pauseMs = retryDelayMs(settings, payment.orderId, retries, settings.refundRetryMaxMs);
  return setTimer(withRefund(payment, { ...refund, retries, askAt: now + pauseMs }), turn);
}

function setTimer(payment: Payment, turn: Turn): Payment {
  const due = payment.refunds.map(({ askAt }) => askAt).filter((askAt) => askAt > 0);
  if (due.length > 0) turn.setTimer('refund', Math.min(...due));
  else turn.clearTimers('refund');
  return payment;
}

function post(payment: Payment, refund: Refund, turn: Turn): void {
  const { merchantRefundId, reason } = refund;
  turn.request({
    type: 'RefundRequested',
    ...orderHeader(turn.cause, `refund-request/${merchantRefundId}`, payment.orderId),
    ...refundFields(payment, refund),
    reason,
  });
}

function ask(payment: Payment, refund: Refund, turn: Turn): void {
  turn.request({
    type: 'RefundStatusRequested',
    ...orderHeader(turn.cause, `refund-status/${refund.merchantRefundId}`, payment.orderId),
    ...refundFields(payment, refund),
  });
}

/** Derives from its cause: a replay asks PayPay for the same refund. */
function refundIdOf(actionId: string, { paymentId }: ConcernedPayment): string {
  return eventId(actionId, `refund/${paymentId}`);
}

function refundFields(
  payment: Payment,
  { attempt, paymentId, merchantRefundId, amount, currency }: Refund,
) {
  const merchantPaymentId = merchantPaymentIdOf(payment.orderId, attempt);
  return { merchantPaymentId, paymentId, merchantRefundId, amount, currency };
}
