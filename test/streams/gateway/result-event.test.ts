import { eventId } from '../../../schemas/event-id';
import type { PaymentDetails, Unavailable } from '../../../streams/gateway/paypay/client';
import {
  authorizationRevertResult,
  codeCreationResult,
  codeDeletionResult,
  refundResult,
  statusResult,
  type NotCalled,
} from '../../../streams/gateway/result-event';
import {
  codeRequested,
  deletionRequested,
  refundRequested,
  refundStatusRequested,
  revertRequested,
  statusRequested,
} from './gateway-requests';

const NOW = 9_000;
const timeout: Unavailable = { kind: 'unavailable', reason: 'timeout', message: 'too slow' };
const rejected = { kind: 'rejected', code: 'NOPE', message: 'no' } as const;
const stale: NotCalled = { kind: 'stale' };
const open: NotCalled = { kind: 'circuit-open' };
const paid: PaymentDetails = {
  kind: 'observed',
  status: 'COMPLETED',
  paymentId: 'payment-1',
  amount: 1_200,
  currency: 'JPY',
  paidAt: 5_000,
  refunds: [],
};

test('the id of a result derives from its request, so a call made again has the same', () => {
  const request = statusRequested('order-1');
  const first = statusResult(request, { kind: 'not-found' }, 1, 2);
  const again = statusResult(request, timeout, 3, 4);
  expect(first.eventId).toBe(eventId(request.eventId, 'result'));
  expect(again.eventId).toBe(first.eventId);
  expect(first.causationId).toBe(request.eventId);
});

describe('a code', () => {
  const created = {
    kind: 'created',
    codeId: 'code-1',
    url: 'https://qr',
    deeplink: 'paypay://',
    expiresAt: 7,
  } as const;

  test('that was made carries what the shopper needs', () => {
    const result = codeCreationResult(codeRequested('order-1'), created, NOW);
    expect(result).toMatchObject({ type: 'CodeCreated', codeId: 'code-1', url: 'https://qr' });
  });

  test.each([
    [{ kind: 'duplicate' } as const, 'DUPLICATE'],
    [rejected, 'REJECTED'],
    [timeout, 'UNKNOWN'],
    [stale, 'SKIPPED'],
    [open, 'SKIPPED'],
    [{ ...created, expiresAt: 1e30 }, 'UNKNOWN'],
  ])('that was not: %j is %s', (outcome, expected) => {
    expect(codeCreationResult(codeRequested('order-1'), outcome, NOW)).toMatchObject({
      type: 'CodeCreationFailed',
      outcome: expected,
    });
  });
});

describe('a deletion', () => {
  test.each(['deleted', 'not-found'] as const)('that is %s is done', (kind) => {
    const result = codeDeletionResult(deletionRequested('order-1'), { kind }, NOW);
    expect(result).toMatchObject({ type: 'CodeDeleted', codeId: 'code-order-1' });
  });

  test.each([
    [{ kind: 'already-paid' } as const, 'ALREADY_PAID'],
    [rejected, 'REJECTED'],
    [timeout, 'UNKNOWN'],
    [open, 'UNKNOWN'],
  ])('that is not: %j is %s', (outcome, expected) => {
    expect(codeDeletionResult(deletionRequested('order-1'), outcome, NOW)).toMatchObject({
      type: 'CodeDeletionFailed',
      outcome: expected,
    });
  });
});

describe('a status', () => {
  test('carries the money and when PayPay was asked', () => {
    expect(statusResult(statusRequested('order-1'), paid, 8_000, NOW)).toMatchObject({
      type: 'PaymentStatusObserved',
      status: 'COMPLETED',
      amount: 1_200,
      paidAt: 5_000,
      refundedAmount: 0,
      observedAt: 8_000,
      occurredAt: NOW,
    });
  });

  test('lists every refund with what PayPay says of it, and counts those that are done', () => {
    const refund = { amount: 100, currency: 'JPY' };
    const refunds = [
      { ...refund, merchantRefundId: 'r1', status: 'REFUNDED' },
      { ...refund, merchantRefundId: 'r2', status: 'REFUNDED' },
      { ...refund, merchantRefundId: 'r3', status: 'CREATED' },
      { ...refund, merchantRefundId: 'r4', status: 'FAILED' },
      { ...refund, merchantRefundId: 'r5', status: 'ON_HOLD' },
    ] as const;
    const details = { ...paid, status: 'REFUNDED', refunds } as PaymentDetails;
    const result = statusResult(statusRequested('order-1'), details, 1, NOW);
    expect(result).toMatchObject({ status: 'REFUNDED', refundedAmount: 200 });
    expect('refunds' in result && result.refunds).toEqual([
      { merchantRefundId: 'r1', amount: 100, stage: 'COMPLETED', reportedStatus: 'REFUNDED' },
      { merchantRefundId: 'r2', amount: 100, stage: 'COMPLETED', reportedStatus: 'REFUNDED' },
      { merchantRefundId: 'r3', amount: 100, stage: 'PENDING', reportedStatus: 'CREATED' },
      { merchantRefundId: 'r4', amount: 100, stage: 'FAILED', reportedStatus: 'FAILED' },
      { merchantRefundId: 'r5', amount: 100, stage: 'UNKNOWN', reportedStatus: 'ON_HOLD' },
    ]);
  });

  test('concludes no amount from the word REFUNDED', () => {
    const details = { ...paid, status: 'REFUNDED' } as PaymentDetails;
    expect(statusResult(statusRequested('order-1'), details, 1, NOW)).toMatchObject({
      status: 'REFUNDED',
      refundedAmount: 0,
      refunds: [],
    });
  });

  test.each([
    [{ kind: 'not-found' } as const, 'NOT_FOUND'],
    [{ kind: 'observed', status: 'CREATED' } as const, 'CREATED'],
    [{ ...paid, status: 'REAUTHORIZING' } as const, 'AUTHORIZED'],
  ])('%j is %s', (details, status) => {
    expect(statusResult(statusRequested('order-1'), details, 1, NOW)).toMatchObject({
      type: 'PaymentStatusObserved',
      status,
    });
  });

  test.each([
    [timeout, 'TIMEOUT'],
    [rejected, 'REJECTED'],
    [stale, 'STALE'],
    [open, 'CIRCUIT_OPEN'],
    [{ ...paid, amount: 1e30 }, 'GARBAGE'],
  ])('that PayPay could not tell: %j is %s', (details, reason) => {
    expect(statusResult(statusRequested('order-1'), details, 1, NOW)).toMatchObject({
      type: 'PaymentStatusUnavailable',
      reason,
    });
  });
});

describe('a refund', () => {
  test.each([
    [
      { kind: 'accepted', status: 'ON_HOLD' } as const,
      { type: 'RefundAccepted', reportedStatus: 'ON_HOLD' },
    ],
    [{ kind: 'completed' } as const, { type: 'RefundCompleted' }],
    [{ kind: 'failed' } as const, { type: 'RefundFailed', outcome: 'REJECTED' }],
    [rejected, { type: 'RefundFailed', outcome: 'REJECTED', errorCode: 'NOPE' }],
    [timeout, { type: 'RefundFailed', outcome: 'UNKNOWN' }],
    [open, { type: 'RefundFailed', outcome: 'UNKNOWN' }],
  ])('%j', (outcome, expected) => {
    expect(refundResult(refundRequested('order-1'), outcome, NOW)).toMatchObject(expected);
  });

  test.each([
    [{ kind: 'completed' } as const, { type: 'RefundCompleted' }],
    [{ kind: 'not-found' } as const, { type: 'RefundFailed', outcome: 'NOT_FOUND' }],
    // That it may not be looked at does not say that it failed.
    [rejected, { type: 'RefundFailed', outcome: 'UNKNOWN', errorCode: 'NOPE' }],
  ])('asked after: %j', (outcome, expected) => {
    expect(refundResult(refundStatusRequested('order-1'), outcome, NOW)).toMatchObject(expected);
  });
});

describe('a revert', () => {
  test.each([
    [{ kind: 'reverted' } as const, { type: 'AuthorizationReverted' }],
    [rejected, { type: 'AuthorizationRevertFailed', outcome: 'REJECTED', errorCode: 'NOPE' }],
    [timeout, { type: 'AuthorizationRevertFailed', outcome: 'UNKNOWN' }],
    [open, { type: 'AuthorizationRevertFailed', outcome: 'UNKNOWN' }],
  ])('that came to %o', (outcome, expected) => {
    const result = authorizationRevertResult(revertRequested('order-1'), outcome, NOW);
    expect(result).toMatchObject({ ...expected, merchantRevertId: 'revert-order-1' });
  });
});
