import type { EventOf } from '../../../schemas/event';
import { orderHeader } from '../../../schemas/header';
import type { Payment } from '../../../streams/payments/payment';
import { refundAnswered, refundsObserved } from '../../../streams/payments/refund';
import { paymentsDefaults } from '../../../streams/payments/settings';
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
        paidAmount: 1_000,
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
        origin: 'HERE',
        reportedStatus: null,
        wasPending: false,
        askAt: 0,
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

test('a refund that was accepted is told as under way, and when it is done, each once', () => {
  const word: EventOf<'RefundAccepted'> = {
    type: 'RefundAccepted',
    ...answer,
    reportedStatus: 'CREATED',
  };
  const accepted = refundAnswered(refundAnswered(refundedPayment(), word, turn), word, turn);
  expect(turn.events).toMatchObject([
    { type: 'PaymentRefundPending', merchantRefundId: 'refund-1', reportedStatus: 'CREATED' },
  ]);
  const done = refundAnswered(accepted, completed, turn);
  refundAnswered(done, completed, turn);
  expect(turn.events.slice(1)).toMatchObject([
    { type: 'PaymentRefunded', merchantRefundId: 'refund-1', amount: 300, requestedHere: true },
  ]);
});

test('a state of a refund that is not known here is told as such and judges nothing', () => {
  const word = { type: 'RefundAccepted', ...answer, reportedStatus: 'ON_HOLD' } as const;
  const held = refundAnswered(refundedPayment(), word, turn);
  expect(held.refunds).toMatchObject([{ stage: 'UNKNOWN' }]);
  expect(turn.events).toMatchObject([
    { type: 'PaymentRefundPending', reportedStatus: 'ON_HOLD', requestedHere: true },
  ]);
});

test('a refund that PayPay does not know is asked for again under the same id', () => {
  refundAnswered(refundedPayment(), failed('NOT_FOUND'), turn);
  expect(turn.events).toEqual([]);
  expect(turn.requests).toMatchObject([
    { type: 'RefundRequested', merchantRefundId: 'refund-1', amount: 300 },
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

describe('what PayPay lists of a payment', () => {
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
    refunds: [],
    observedAt: 5_000,
  };
  type Listed = EventOf<'PaymentStatusObserved'>['refunds'][number];
  const listed = (id: string, amount: number, stage: Listed['stage']): Listed => ({
    merchantRefundId: id,
    amount,
    stage,
    reportedStatus: { PENDING: 'CREATED', COMPLETED: 'REFUNDED', FAILED: 'FAILED', UNKNOWN: '?' }[
      stage
    ],
  });
  const seen = (payment: Payment, ...refunds: Listed[]) =>
    refundsObserved(payment, { ...observation, refunds }, turn);
  const told = () =>
    turn.events.map((event) => {
      if (!('merchantRefundId' in event)) throw new Error(event.type);
      const { type, merchantRefundId, amount, requestedHere } = event;
      return [type, merchantRefundId, amount, requestedHere];
    });

  test('of ours that is pending says nothing of the rest of the money', () => {
    const after = seen(refundedPayment(), listed('refund-1', 300, 'PENDING'));
    expect(told()).toEqual([['PaymentRefundPending', 'refund-1', 300, true]]);
    seen(after, listed('refund-1', 300, 'PENDING'));
    expect(turn.events).toHaveLength(1);
  });

  test('of ours that is done tells it as ours, whichever word comes first', () => {
    const after = seen(refundedPayment(), listed('refund-1', 300, 'COMPLETED'));
    refundAnswered(after, completed, turn);
    expect(told()).toEqual([['PaymentRefunded', 'refund-1', 300, true]]);
  });

  test('of others is told by its own id, from its beginning to its end', () => {
    const begun = seen(refundedPayment(), listed('theirs', 200, 'PENDING'));
    expect(turn.timers.has('refund')).toBe(true);
    const done = seen(begun, listed('theirs', 200, 'COMPLETED'), listed('late', 50, 'COMPLETED'));
    seen(done, listed('theirs', 200, 'COMPLETED'), listed('late', 50, 'COMPLETED'));
    expect(told()).toEqual([
      ['PaymentRefundPending', 'theirs', 200, false],
      ['PaymentRefunded', 'theirs', 200, false],
      ['PaymentRefunded', 'late', 50, false],
    ]);
  });

  test('of others that failed is told when it had been told as under way', () => {
    const begun = seen(refundedPayment(), listed('theirs', 200, 'PENDING'));
    seen(begun, listed('theirs', 200, 'FAILED'), listed('never', 10, 'FAILED'));
    expect(told().slice(1)).toEqual([['PaymentRefundFailed', 'theirs', 200, false]]);
  });

  test('what was told before PayPay named its refunds is not told again', () => {
    const before = refundedPayment();
    const [attempt] = before.attempts;
    if (attempt === undefined) throw new Error('no attempt');
    const unnamed = { ...before, attempts: [{ ...attempt, refundedElsewhere: 250 }] };
    const after = seen(unnamed, listed('a', 200, 'COMPLETED'), listed('b', 100, 'COMPLETED'));
    expect(told()).toEqual([['PaymentRefunded', 'b', 50, false]]);
    expect(after.attempts).toMatchObject([{ refundedElsewhere: 0 }]);
  });

  test('nothing, and a sum: ours are taken off before it is told as foreign', () => {
    refundsObserved(refundedPayment(), observation, turn);
    expect(turn.events).toEqual([]);
    refundsObserved(refundedPayment(), { ...observation, refundedAmount: 350 }, turn);
    expect(told()).toEqual([['PaymentRefunded', null, 50, false]]);
  });

  test('nothing, and the word REFUNDED: all of it, unless the ledger explains the word', () => {
    const word = { ...observation, refundedAmount: 0 };
    refundsObserved(refundedPayment(), word, turn);
    expect(turn.events).toEqual([]);
    refundsObserved({ ...refundedPayment(), refunds: [] }, word, turn);
    expect(told()).toEqual([['PaymentRefunded', null, 1_000, false]]);
  });
});
