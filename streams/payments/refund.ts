/**
 * Refunds that were asked for here, by merchantRefundId.
 *
 *   REQUESTED ──▶ ACCEPTED ──▶ COMPLETED
 *       │             │
 *       └─────────────┴──────▶ FAILED
 *
 * What always holds:
 * - No money is given back twice: while a refund of a payment is under way, and until alerts has
 *   heard of one that is done, asking for the same again joins it, and asking for another amount
 *   fails. What is left after a part went back, or after PayPay has refused, is a refund of its own,
 *   under an id of its own; PayPay has the last word on whether it takes a second one.
 * - PayPay takes one refund id once, so an unknown outcome, and a refund that PayPay has accepted
 *   and not finished, are asked for again under the same id, after growing pauses, until it says.
 *
 *     paid 1,300    refund of 100 done    alerts knows: 100 returned    1,200 left: a new refund
 *                                         alerts does not: 0 returned   100 again: joins
 *
 * (tests: "a part of a payment goes back, and then the rest", "and two actions on one payment give it back once", "and a refund whose outcome is unknown is
 * asked for again under the same id")
 */
import { orderHeader } from '../../schemas/header';
import type { EventOf } from '../../schemas/event';
import { eventId } from '../../schemas/event-id';
import type { ConcernedPayment } from '../../topics/alert-action-contract';
import { merchantPaymentIdOf, type Attempt, type Payment } from './payment';
import { retryDelayMs } from './schedule';
import type { Turn } from './turn';

type RefundResult = EventOf<'RefundAccepted' | 'RefundCompleted' | 'RefundFailed'>;
type Refund = Payment['refunds'][number];

/** Whether payments has heard of the money and of nobody who took it back. */
export function isRefundable(payment: Payment, concerned: ConcernedPayment): boolean {
  const attempt = attemptOf(payment, concerned);
  return attempt?.announced === 'SUCCEEDED' || refundToJoin(payment, concerned) !== undefined;
}

/** The refund of this payment that is under way, or that is done and was not known to who asks. */
export function refundToJoin(payment: Payment, concerned: ConcernedPayment): Refund | undefined {
  const own = payment.refunds.filter(
    ({ paymentId, stage }) => paymentId === concerned.paymentId && stage !== 'FAILED',
  );
  const underWay = own.find((refund) => !hasEnded(refund));
  if (underWay !== undefined) return underWay;
  const returned = own.reduce((sum, { amount }) => sum + amount, 0);
  const elsewhere = attemptOf(payment, concerned)?.refundedElsewhere ?? 0;
  return returned + elsewhere > concerned.returnedAmount ? own.at(-1) : undefined;
}

/** The refund that an action stands for from now on: the one it joined, else the one it began. */
export function refundOf(
  payment: Payment,
  concerned: ConcernedPayment,
  { eventId: actionId }: EventOf<'AlertActionStarted'>,
): Refund | undefined {
  const id = refundIdOf(actionId, concerned);
  const begun = payment.refunds.find(({ merchantRefundId }) => merchantRefundId === id);
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
    stage: 'REQUESTED',
    paymentId,
    currency,
    reason,
    retries: 0,
  };
  request(payment, refund, turn);
  return { ...payment, refunds: [...payment.refunds, refund] };
}

/** Of a refund that is not ours, or has ended, nothing is concluded. */
export function refundAnswered(payment: Payment, event: RefundResult, turn: Turn): Payment {
  const refund = payment.refunds.find((each) => each.merchantRefundId === event.merchantRefundId);
  if (refund === undefined || hasEnded(refund)) return payment;
  switch (event.type) {
    case 'RefundAccepted':
      return askLater(payment, { ...refund, stage: 'ACCEPTED' }, turn);
    case 'RefundCompleted':
      turn.tell({
        type: 'PaymentRefunded',
        ...orderHeader(turn.cause, 'refunded', payment.orderId),
        ...refundFields(event),
        requestedHere: true,
        observedAt: event.occurredAt,
      });
      return withRefund(payment, { ...refund, stage: 'COMPLETED' });
    case 'RefundFailed':
      if (event.outcome === 'UNKNOWN') return askLater(payment, refund, turn);
      turn.tell({
        type: 'PaymentRefundFailed',
        ...orderHeader(turn.cause, 'refund-failed', payment.orderId),
        ...refundFields(event),
        errorCode: event.errorCode,
        detail: event.detail,
      });
      return withRefund(payment, { ...refund, stage: 'FAILED' });
  }
}

/** The refund timer came: PayPay answers a repeated id with how that refund stands. */
export function askRefundsAgain(payment: Payment, turn: Turn): Payment {
  for (const refund of payment.refunds) if (!hasEnded(refund)) request(payment, refund, turn);
  return payment;
}

function askLater(payment: Payment, refund: Refund, turn: Turn): Payment {
  const { settings } = turn;
  const retries = refund.retries + 1;
  const pauseMs = retryDelayMs(settings, payment.orderId, retries, settings.watchRetryMaxMs);
  turn.setTimer('refund', turn.now + pauseMs);
  return withRefund(payment, { ...refund, retries });
}

function request(payment: Payment, refund: Refund, turn: Turn): void {
  const { merchantRefundId, attempt, paymentId, amount, currency, reason } = refund;
  turn.request({
    type: 'RefundRequested',
    ...orderHeader(turn.cause, `refund-request/${merchantRefundId}`, payment.orderId),
    merchantPaymentId: merchantPaymentIdOf(payment.orderId, attempt),
    paymentId,
    merchantRefundId,
    amount,
    currency,
    reason,
  });
}

/** Derives from its cause: a replay asks PayPay for the same refund. */
function refundIdOf(actionId: string, { paymentId }: ConcernedPayment): string {
  return eventId(actionId, `refund/${paymentId}`);
}

function attemptOf(payment: Payment, concerned: ConcernedPayment): Attempt | undefined {
  return payment.attempts.find(
    ({ number }) => merchantPaymentIdOf(payment.orderId, number) === concerned.merchantPaymentId,
  );
}

function hasEnded({ stage }: Refund): boolean {
  return stage === 'COMPLETED' || stage === 'FAILED';
}

function withRefund(payment: Payment, refund: Refund): Payment {
  const refunds = payment.refunds.map((each) =>
    each.merchantRefundId === refund.merchantRefundId ? refund : each,
  );
  return { ...payment, refunds };
}

function refundFields({
  merchantPaymentId,
  paymentId,
  merchantRefundId,
  amount,
  currency,
}: RefundResult) {
  return { merchantPaymentId, paymentId, merchantRefundId, amount, currency };
}
