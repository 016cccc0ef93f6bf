import type { EventOf } from '../../../schemas/event';
import { orderHeader } from '../../../schemas/header';
import type { Payment } from '../../../streams/payments/payment';
import { refundAnswered } from '../../../streams/payments/refund';
import { paymentsDefaults } from '../../../streams/payments/settings';
import { refundedElsewhere } from '../../../streams/payments/verdict';
import { Turn } from '../../../streams/payments/turn';

const cause = { id: 'request-1', at: 5_000 };
const answer = {
  ...orderHeader(cause, 'result', 'order-1'),
  merchantPaymentId: 'order-1-1',
  paymentId: 'payment-1',
  merchantRefundId: 'refund-1',
  amount: 300,
  currency: 'JPY',
};
const completed: EventOf<'RefundCompleted'> = { type: 'RefundCompleted', ...answer };

function refundedPayment(): Payment {
  return {
    type: 'PaymentState',
    orderId: 'order-1',
    amount: 300,
    currency: 'JPY',
    phase: 'PAID',
    ending: 'NOT_ENDING',
    expiresAt: 0,
    attempts: [
      {
        number: 1,
        code: 'ISSUED',
        codeId: 'code-1',
        status: 'COMPLETED',
        observedAt: 4_000,
        paymentId: 'payment-1',
        announced: 'SUCCEEDED',
        refundedElsewhere: 0,
        lastLooked: false,
        reverts: 0,
        revertingSince: 0,
      },
    ],
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
    refunds: [
      {
        merchantRefundId: 'refund-1',
        attempt: 1,
        amount: 300,
        stage: 'REQUESTED',
        paymentId: 'payment-1',
        currency: 'JPY',
        reason: 'paid twice',
        retries: 0,
      },
    ],
    actions: [],
  };
}

function failed(outcome: EventOf<'RefundFailed'>['outcome']): EventOf<'RefundFailed'> {
  return { type: 'RefundFailed', ...answer, outcome, errorCode: null, detail: '' };
}

let turn: Turn;
beforeEach(() => {
  turn = new Turn(cause, paymentsDefaults);
});

test('a refund that was accepted is told when it is done, and once', () => {
  const accepted = refundAnswered(refundedPayment(), { type: 'RefundAccepted', ...answer }, turn);
  expect(turn.events).toEqual([]);
  const done = refundAnswered(accepted, completed, turn);
  refundAnswered(done, completed, turn);
  expect(turn.events).toMatchObject([
    { type: 'PaymentRefunded', merchantRefundId: 'refund-1', amount: 300, requestedHere: true },
  ]);
});

test('a refund that PayPay refuses has failed', () => {
  const refused = refundAnswered(refundedPayment(), failed('REJECTED'), turn);
  expect(turn.events).toMatchObject([{ type: 'PaymentRefundFailed' }]);
  expect(refused.refunds).toMatchObject([{ stage: 'FAILED' }]);
});

test('of a refund whose outcome is unknown nothing is concluded, and it is asked for again later', () => {
  const after = refundAnswered(refundedPayment(), failed('UNKNOWN'), turn);
  expect(after.refunds).toMatchObject([{ stage: 'REQUESTED', retries: 1 }]);
  expect(turn.events).toEqual([]);
  expect(turn.timers.has('refund')).toBe(true);
});

test('a refund that was not asked for here is not told as ours', () => {
  refundAnswered({ ...refundedPayment(), refunds: [] }, completed, turn);
  expect(turn.events).toEqual([]);
});

test('a refund of ours that PayPay counts already is not told as foreign', () => {
  const observation: EventOf<'PaymentStatusObserved'> = {
    type: 'PaymentStatusObserved',
    ...orderHeader(cause, 'result', 'order-1'),
    attempt: 1,
    merchantPaymentId: 'order-1-1',
    purpose: 'WATCH',
    status: 'REFUNDED',
    paymentId: 'payment-1',
    amount: 1_000,
    currency: 'JPY',
    paidAt: 3_000,
    refundedAmount: 300,
    observedAt: 5_000,
  };
  refundedElsewhere(refundedPayment(), 1, observation, turn);
  expect(turn.events).toEqual([]);
  refundedElsewhere(refundedPayment(), 1, { ...observation, refundedAmount: 350 }, turn);
  expect(turn.events).toMatchObject([
    { type: 'PaymentRefunded', amount: 50, requestedHere: false },
  ]);
});
