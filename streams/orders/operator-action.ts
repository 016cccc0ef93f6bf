/**
 * What orders does for an operator, by the same moves as in the saga. Every action is answered once;
 * one that finds its work done succeeds, and one that does not fit where the order is fails and
 * changes nothing.
 *
 *                      WAITING_PAYMENT      PAID             FAILED              PENDING, unknown
 *     REDRIVE_ORDER    pays                 done before      done before         fails
 *     ACCEPT_AMOUNT    pays                 fails            fails               fails
 *     ROLL_BACK        fails                roll-back.ts     fails               fails
 *     RELEASE          fails                fails            releases again      fails
 */
import type { Cause } from '../../schemas/header';
import { PERFORMER_OF_ACTION, type ConcernedPayment } from '../../topics/alert-action-contract';
import { answer, type ActionStarted } from './action-answer';
import { ABSORBED, decided, type Decided, type Decision } from './decision';
import { statusOf, type Order, type WaitingOrder } from './order';
import { isTheRightAmount, pay } from './payment';
import { judge } from './payment-facts';
import { releaseAgainRequests } from './request';
import { rollBack } from './roll-back';

type OrderAction = 'REDRIVE_ORDER' | 'ACCEPT_AMOUNT' | 'ROLL_BACK' | 'RELEASE';
type Started = ActionStarted & { readonly action: OrderAction };

export function takeAction(
  order: Order | undefined,
  started: ActionStarted,
  cause: Cause,
): Decision {
  if (!isForOrders(started)) return ABSORBED;
  if (order === undefined) {
    const outputs = [answer(started, 'FAILED', 'orders does not know this order', cause)];
    return { kind: 'answered', outputs };
  }
  switch (started.action) {
    case 'REDRIVE_ORDER':
      return redrive(order, started, cause);
    case 'ACCEPT_AMOUNT':
      return acceptAmount(order, started, cause);
    case 'ROLL_BACK':
      return order.type === 'PaidOrderState'
        ? rollBack(order, started, cause)
        : failed(order, started, cause);
    case 'RELEASE':
      return release(order, started, cause);
  }
}

function isForOrders(started: ActionStarted): started is Started {
  return PERFORMER_OF_ACTION[started.action] === 'orders';
}

/** Takes up the payment that orders has missed, as if its news had just come. */
function redrive(order: Order, started: Started, cause: Cause): Decision {
  switch (order.type) {
    case 'PaidOrderState':
    case 'FailedOrderState': {
      const detail = `the order is ${statusOf(order)} already`;
      return decided(order, order, [answer(started, 'SUCCEEDED', detail, cause)]);
    }
    case 'WaitingOrderState': {
      const right = started.payments.find((payment) => isTheRightAmount(order, payment));
      return right === undefined
        ? failed(order, started, cause, 'no payment has the right amount; accept or refund it')
        : payWith(order, right, started, cause);
    }
    case 'PendingOrderState':
      return failed(order, started, cause);
  }
}

function acceptAmount(order: Order, started: Started, cause: Cause): Decision {
  const [payment] = started.payments;
  if (order.type !== 'WaitingOrderState' || payment === undefined) {
    return failed(order, started, cause);
  }
  return payWith(order, payment, started, cause);
}

function payWith(
  order: WaitingOrder,
  { paymentId, amount, currency, paidAt }: ConcernedPayment,
  started: Started,
  cause: Cause,
): Decision {
  const success = { eventId: started.eventId, paymentId, amount, currency, paidAt };
  const judgement = judge(order.payment, { type: 'PaymentSucceeded', ...success });
  const payment = judgement.kind === 'news' ? judgement.payment : order.payment;
  const paid = pay({ ...order, payment }, success, cause);
  const detail = `the order is PAID with ${amount} ${currency}`;
  return withAnswer(paid, started, detail, cause);
}

/** Asks for all of it again: what has been released before is not released twice. */
function release(order: Order, started: Started, cause: Cause): Decision {
  if (order.type !== 'FailedOrderState') return failed(order, started, cause);
  const requests = releaseAgainRequests(order, cause);
  const detail = `requested the release of ${order.items.map(({ sku }) => sku).join(', ')} and the funds again`;
  return withAnswer(decided(order, order, requests), started, detail, cause);
}

function withAnswer(decision: Decided, started: Started, detail: string, cause: Cause): Decided {
  const outputs = [...decision.outputs, answer(started, 'SUCCEEDED', detail, cause)];
  return { ...decision, outputs };
}

function failed(
  order: Order,
  started: Started,
  cause: Cause,
  detail = `the order is ${statusOf(order)}`,
): Decision {
  return decided(order, order, [answer(started, 'FAILED', detail, cause)]);
}
