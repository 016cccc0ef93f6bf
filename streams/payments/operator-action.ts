/**
 * What payments does for an operator, by the same moves as in the saga: it asks PayPay anew, and it
 * refunds. Every action is answered once.
 *
 *   ASK_PAYPAY  0 s  PaymentStatusRequested of each attempt
 *               1 s  PaymentStatusObserved of each     answered SUCCEEDED with PayPay's words
 *               or   PaymentStatusUnavailable          answered FAILED; the read goes on on its own
 *   REFUND      0 s  RefundRequested of each payment   (refund.ts)
 *               1 s  RefundCompleted of each           answered SUCCEEDED
 *               or   RefundFailed REJECTED of one      answered FAILED
 *               or   RefundAccepted                    answered PENDING: it ends without the operator
 *
 * (tests: "an operator asks PayPay", "an operator refunds a payment")
 */
import { orderHeader } from '../../schemas/header';
import type { EventOf } from '../../schemas/event';
import type { ConcernedPayment } from '../../topics/alert-action-contract';
import { readableNumbers, type Payment } from './payment';
import { hasEnded, isRefundable, leftOf, refundToJoin } from './ledger';
import { beginRefund, refundOf } from './refund';
import { wantReads } from './status-reads';
import type { Turn } from './turn';

type ActionStarted = EventOf<'AlertActionStarted'>;
type OperatorAction = Payment['actions'][number];
type Answer = Pick<EventOf<'PaymentActionAnswered'>, 'outcome' | 'detail'>;
type StatusAnswer = EventOf<'PaymentStatusObserved' | 'PaymentStatusUnavailable'>;

export function isForPayments({ action }: ActionStarted): boolean {
  return action === 'ASK_PAYPAY' || action === 'REFUND';
}

export function actionStarted(payment: Payment, started: ActionStarted, turn: Turn): Payment {
  if (payment.actions.some(({ actionId }) => actionId === started.eventId)) return payment;
  return started.action === 'REFUND'
    ? giveBack(payment, started, turn)
    : askPayPay(payment, started, turn);
}

/** Asked for without an alert; what PayPay says is told by the payment's own events. */
export function checkRequested(payment: Payment, turn: Turn): Payment {
  return wantReads(payment, readableNumbers(payment), 'OPERATOR', turn);
}

/** Of an order that never came as far as payment. */
export function refuseUnknown(started: ActionStarted, turn: Turn): void {
  answerStarted(started, failure('payments knows no payment of this order'), turn);
}

/** PayPay's answer came, or that there is none; of a read that no operator waits for, nothing. */
export function readAnswered(payment: Payment, answer: StatusAnswer, turn: Turn): Payment {
  if (!isAskedFor(answer.purpose)) return payment;
  return answer.type === 'PaymentStatusUnavailable'
    ? readUnanswered(payment, answer.attempt, `PayPay did not say: ${answer.detail}`, turn)
    : wordHeard(payment, answer.attempt, turn);
}

/** The response to the read in flight is lost. */
export function readLost(payment: Payment, turn: Turn): Payment {
  const { asked } = payment;
  if (asked === null || !isAskedFor(asked.purpose)) return payment;
  return readUnanswered(payment, asked.attempt, 'the response is lost', turn);
}

/** Refunds have moved: answers the actions that these were the last of, or that one of them failed. */
export function refundsMoved(payment: Payment, turn: Turn): Payment {
  const stages = new Map(payment.refunds.map((refund) => [refund.merchantRefundId, refund.stage]));
  const answerOf = ({ action, refunds }: OperatorAction): Answer | undefined => {
    if (action !== 'REFUND') return undefined;
    const all = refunds.map((id) => stages.get(id));
    if (all.includes('FAILED')) return failure('PayPay refused the refund');
    if (all.includes('REQUESTED')) return undefined;
    return all.every((stage) => stage === 'COMPLETED')
      ? success('the money was refunded')
      : { outcome: 'PENDING', detail: 'PayPay accepted the refund; it is in flight' };
  };
  const pending = payment.actions.filter((action) => answerOf(action)?.outcome === 'PENDING');
  const ids = new Set(pending.flatMap(({ refunds }) => refunds));
  const refunds = payment.refunds.map((refund) =>
    ids.has(refund.merchantRefundId) && !hasEnded(refund)
      ? { ...refund, wasPending: true }
      : refund,
  );
  return settle({ ...payment, refunds }, turn, answerOf);
}

function askPayPay(payment: Payment, started: ActionStarted, turn: Turn): Payment {
  const attempts = readableNumbers(payment);
  if (attempts.length === 0) {
    answerStarted(started, failure('there is no code that PayPay could know'), turn);
    return payment;
  }
  const action = begun(started, 'ASK_PAYPAY', { attempts });
  return wantReads(withAction(payment, action), attempts, 'OPERATOR', turn);
}

/** All or nothing to begin with: a refund that cannot be made keeps the others from being made. */
function giveBack(payment: Payment, started: ActionStarted, turn: Turn): Payment {
  const refusal = started.payments.find((concerned) => !isRefundable(payment, concerned));
  if (refusal !== undefined) {
    const { paymentId } = refusal;
    answerStarted(started, failure(`PayPay does not hold the money of ${paymentId}`), turn);
    return payment;
  }
  for (const concerned of started.payments) {
    const detail = misfit(payment, concerned);
    if (detail === undefined) continue;
    answerStarted(started, failure(detail), turn);
    return payment;
  }
  let refunding = payment;
  for (const concerned of started.payments) {
    refunding = beginRefund(refunding, concerned, started, turn);
  }
  const refunds = started.payments.map((concerned) => refundOf(refunding, concerned, started));
  const ids = refunds.flatMap((refund) => refund?.merchantRefundId ?? []);
  // What another action refunded already is answered at once.
  return refundsMoved(withAction(refunding, begun(started, 'REFUND', { refunds: ids })), turn);
}

/** Why not, when something was or is being refunded that whoever asks did not know of. */
function misfit(payment: Payment, concerned: ConcernedPayment): string | undefined {
  const { paymentId, amount, currency } = concerned;
  const other = refundToJoin(payment, concerned);
  if (other !== undefined) {
    return other.amount === amount
      ? undefined
      : `a refund of ${other.amount} ${currency} of ${paymentId} is in flight already; wait for its outcome before refunding the rest`;
  }
  const left = leftOf(payment, concerned);
  return amount <= left ? undefined : `only ${left} ${currency} of ${paymentId} are left`;
}

/** A read that took the place of an operator's is as good. */
function isAskedFor(purpose: StatusAnswer['purpose']): boolean {
  return purpose === 'OPERATOR' || purpose === 'LAST_LOOK';
}

function wordHeard(payment: Payment, attempt: number, turn: Turn): Payment {
  const actions = payment.actions.map((action) => ({
    ...action,
    attempts: action.attempts.filter((number) => number !== attempt),
  }));
  const words = payment.attempts.map(({ number, status }) => `attempt ${number} ${status}`);
  return settle({ ...payment, actions }, turn, ({ action, attempts }) =>
    action === 'ASK_PAYPAY' && attempts.length === 0
      ? success(`PayPay says: ${words.join(', ')}`)
      : undefined,
  );
}

function readUnanswered(payment: Payment, attempt: number, detail: string, turn: Turn): Payment {
  return settle(payment, turn, ({ attempts }) =>
    attempts.includes(attempt) ? failure(detail) : undefined,
  );
}

/** Answers and forgets each action for which there is an answer. */
function settle(
  payment: Payment,
  turn: Turn,
  answerOf: (action: OperatorAction) => Answer | undefined,
): Payment {
  const waiting = payment.actions.filter((action) => {
    const answer = answerOf(action);
    if (answer !== undefined) tell(payment.orderId, action, answer, turn);
    return answer === undefined;
  });
  return { ...payment, actions: waiting };
}

function begun(
  { eventId, alertId }: ActionStarted,
  action: OperatorAction['action'],
  waitsFor: Partial<Pick<OperatorAction, 'attempts' | 'refunds'>>,
): OperatorAction {
  return { actionId: eventId, alertId, action, attempts: [], refunds: [], ...waitsFor };
}

function withAction(payment: Payment, action: OperatorAction): Payment {
  return { ...payment, actions: [...payment.actions, action] };
}

function answerStarted(started: ActionStarted, answer: Answer, turn: Turn): void {
  const { eventId, orderId, alertId, action } = started;
  tell(orderId, { actionId: eventId, alertId, action }, answer, turn);
}

function tell(
  orderId: string,
  { actionId, alertId, action }: Pick<ActionStarted, 'alertId' | 'action'> & { actionId: string },
  answer: Answer,
  turn: Turn,
): void {
  turn.answer({
    type: 'PaymentActionAnswered',
    ...orderHeader(turn.cause, `action-answered/${actionId}`, orderId),
    alertId,
    actionId,
    action,
    ...answer,
  });
}

function success(detail: string): Answer {
  return { outcome: 'SUCCEEDED', detail };
}

function failure(detail: string): Answer {
  return { outcome: 'FAILED', detail };
}
