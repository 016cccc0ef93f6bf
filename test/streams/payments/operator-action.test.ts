import type { EventOf } from '../../../schemas/event';
import { orderHeader } from '../../../schemas/header';
import { UNMARKED } from '../../../schemas/request-marks';
import { alertsLifecycle } from '../../../topics/alerts';
import { paymentsRequests } from '../../../topics/payments';
import { AMOUNT, ORDER_ID, PaymentsDrive, typesOf } from './payments-drive';

const PAYMENT = {
  merchantPaymentId: `${ORDER_ID}-1`,
  paymentId: 'payment-1',
  amount: AMOUNT,
  currency: 'JPY',
  paidAt: 0,
  returnedAmount: 0,
  pendingAmount: 0,
};

let drive: PaymentsDrive;

beforeEach(async () => {
  drive = await PaymentsDrive.start();
});

afterEach(() => {
  expect(drive.driver.deadLetters()).toEqual([]);
});

async function refundAnswered(
  {
    merchantPaymentId,
    paymentId,
    merchantRefundId,
    amount,
    currency,
    ...request
  }: Omit<EventOf<'RefundStatusRequested'>, 'type'>,
  type: 'RefundCompleted' | 'RefundAccepted' | 'REJECTED' | 'UNKNOWN' | 'NOT_FOUND',
): Promise<void> {
  const header = orderHeader({ id: request.eventId, at: drive.now }, 'result', ORDER_ID);
  const fields = { ...header, merchantPaymentId, paymentId, merchantRefundId, amount, currency };
  if (type === 'RefundCompleted') {
    await drive.answer({ type, ...fields });
  } else if (type === 'RefundAccepted') {
    await drive.answer({ type, ...fields, reportedStatus: 'CREATED' });
  } else {
    const words = { outcome: type, errorCode: null, detail: type };
    await drive.answer({ type: 'RefundFailed', ...fields, ...words });
  }
}

describe('an operator asks PayPay', () => {
  test('and hears its word on every attempt', async () => {
    await drive.paidShopper();
    await drive.actionStarted('ASK_PAYPAY');
    const read = drive.request('PaymentStatusRequested');
    expect(read.purpose).toBe('OPERATOR');
    expect(drive.actionAnswers()).toEqual([]);
    await drive.observed(read, 'COMPLETED');
    expect(drive.actionAnswers()).toMatchObject([
      {
        type: 'PaymentActionAnswered',
        alertId: 'alert-1',
        action: 'ASK_PAYPAY',
        outcome: 'SUCCEEDED',
        detail: 'PayPay says: attempt 1 COMPLETED',
      },
    ]);
  });

  test('and is not answered by a poll that was under way', async () => {
    await drive.waitingShopper();
    await drive.advance(4_000);
    const poll = drive.request('PaymentStatusRequested');
    await drive.actionStarted('ASK_PAYPAY');
    await drive.observed(poll, 'CREATED');
    expect(drive.actionAnswers()).toEqual([]);
    await drive.observed(drive.request('PaymentStatusRequested'), 'CREATED');
    expect(drive.actionAnswers()).toMatchObject([{ detail: 'PayPay says: attempt 1 CREATED' }]);
  });

  test('and hears at once when PayPay does not answer; the read goes on', async () => {
    await drive.paidShopper();
    await drive.actionStarted('ASK_PAYPAY');
    await drive.unavailable(drive.request('PaymentStatusRequested'));
    expect(drive.actionAnswers()).toMatchObject([{ outcome: 'FAILED' }]);
    await drive.advance(3_000);
    await drive.observed(drive.request('PaymentStatusRequested'), 'CANCELED');
    expect(typesOf(drive.told())).toEqual(['PaymentFailed']);
    expect(drive.actionAnswers()).toEqual([]);
  });

  test('and hears that an answer was lost', async () => {
    await drive.paidShopper();
    await drive.actionStarted('ASK_PAYPAY');
    await drive.advance(10 * 60_000);
    expect(drive.actionAnswers()).toMatchObject([
      { outcome: 'FAILED', detail: 'the response is lost' },
    ]);
  });

  test('about an order that payments does not know, in vain', async () => {
    await drive.actionStarted('ASK_PAYPAY');
    expect(drive.requests()).toEqual([]);
    expect(drive.actionAnswers()).toMatchObject([{ outcome: 'FAILED' }]);
    expect(await drive.state()).toBeUndefined();
  });
});

test('an operator asks PayPay about an order without an alert', async () => {
  await drive.paidShopper();
  await drive.driver.pipe(paymentsRequests, {
    type: 'PaymentCheckRequested',
    ...orderHeader({ id: 'request-2', at: drive.now }, 'payment-check', ORDER_ID),
    actor: 'ops@example.com',
    reason: 'the shopper called',
    ...UNMARKED,
  });
  const read = drive.request('PaymentStatusRequested');
  expect(read).toMatchObject({ attempt: 1, purpose: 'OPERATOR' });
  const refund = { merchantRefundId: 'console', amount: 100, reportedStatus: 'REFUNDED' };
  await drive.observed(read, 'REFUNDED', {
    refundedAmount: 100,
    refunds: [{ ...refund, stage: 'COMPLETED' }],
  });
  expect(drive.told()).toMatchObject([
    { type: 'PaymentRefunded', merchantRefundId: 'console', amount: 100, requestedHere: false },
  ]);
  expect(drive.actionAnswers()).toEqual([]);
});

describe('an operator refunds a payment', () => {
  beforeEach(() => drive.paidShopper());

  test('and hears when the money went back', async () => {
    await drive.actionStarted('REFUND', { payments: [PAYMENT] });
    const request = drive.request('RefundRequested');
    expect(request).toMatchObject({ ...pick(PAYMENT), reason: 'paid twice' });
    await refundAnswered(request, 'RefundCompleted');
    expect(drive.told()).toMatchObject([
      { type: 'PaymentRefundPending', requestedHere: true, reportedStatus: null },
      { type: 'PaymentRefunded', requestedHere: true },
    ]);
    expect(drive.actionAnswers()).toMatchObject([{ action: 'REFUND', outcome: 'SUCCEEDED' }]);
  });

  test('and two actions on one payment refund it once', async () => {
    await drive.actionStarted('REFUND', { payments: [PAYMENT] });
    const request = drive.request('RefundRequested');
    await drive.actionStarted('REFUND', { payments: [PAYMENT], alertId: 'alert-2' });
    expect(drive.requests()).toEqual([]);
    await refundAnswered(request, 'RefundCompleted');
    expect(drive.actionAnswers()).toMatchObject([
      { alertId: 'alert-1', outcome: 'SUCCEEDED' },
      { alertId: 'alert-2', outcome: 'SUCCEEDED' },
    ]);
    await drive.actionStarted('REFUND', { payments: [PAYMENT], alertId: 'alert-3' });
    expect(drive.requests()).toEqual([]);
    expect(drive.actionAnswers()).toMatchObject([{ alertId: 'alert-3', outcome: 'SUCCEEDED' }]);
  });

  test('and a part of a payment goes back, and then the rest', async () => {
    await drive.actionStarted('REFUND', { payments: [{ ...PAYMENT, amount: 300 }] });
    const part = drive.request('RefundRequested');
    expect(part.amount).toBe(300);
    await refundAnswered(part, 'RefundCompleted');
    expect(typesOf(drive.told())).toEqual(['PaymentRefundPending', 'PaymentRefunded']);
    const rest = { ...PAYMENT, amount: AMOUNT - 300, returnedAmount: 300 };
    await drive.actionStarted('REFUND', { payments: [rest] });
    const second = drive.request('RefundRequested');
    expect(second.amount).toBe(AMOUNT - 300);
    expect(second.merchantRefundId).not.toBe(part.merchantRefundId);
    await refundAnswered(second, 'RefundCompleted');
    expect(drive.actionAnswers()).toMatchObject([
      { outcome: 'SUCCEEDED' },
      { outcome: 'SUCCEEDED' },
    ]);
  });

  test('and all of it, while a part is going back, in vain', async () => {
    await drive.actionStarted('REFUND', { payments: [{ ...PAYMENT, amount: 300 }] });
    const part = drive.request('RefundRequested');
    await drive.actionStarted('REFUND', { payments: [PAYMENT], alertId: 'alert-2' });
    expect(drive.requests()).toEqual([]);
    expect(drive.actionAnswers()).toMatchObject([
      {
        alertId: 'alert-2',
        outcome: 'FAILED',
        detail:
          'a refund of 300 JPY of payment-1 is in flight already; wait for its outcome before refunding the rest',
      },
    ]);
    await refundAnswered(part, 'RefundCompleted');
    // Asked for before alerts had heard of the part: nothing goes back twice.
    await drive.actionStarted('REFUND', { payments: [{ ...PAYMENT, amount: 300 }] });
    expect(drive.requests()).toEqual([]);
    expect(drive.actionAnswers()).toMatchObject([
      { outcome: 'SUCCEEDED' },
      { outcome: 'SUCCEEDED' },
    ]);
  });

  test('and the rest, while a part that alerts knows of is going back', async () => {
    await drive.actionStarted('REFUND', { payments: [{ ...PAYMENT, amount: 300 }] });
    await refundAnswered(drive.request('RefundRequested'), 'RefundAccepted');
    const rest = { ...PAYMENT, amount: AMOUNT - 300, pendingAmount: 300 };
    await drive.actionStarted('REFUND', { payments: [rest], alertId: 'alert-2' });
    expect(drive.request('RefundRequested').amount).toBe(AMOUNT - 300);
  });

  test('and more than is left, in vain', async () => {
    await drive.actionStarted('REFUND', { payments: [{ ...PAYMENT, amount: AMOUNT + 1 }] });
    expect(drive.requests()).toEqual([]);
    expect(drive.actionAnswers()).toMatchObject([
      { outcome: 'FAILED', detail: `only ${AMOUNT} JPY of payment-1 are left` },
    ]);
  });

  test('and a refund whose outcome is unknown is read, and asked for again only if PayPay has none', async () => {
    await drive.actionStarted('REFUND', { payments: [PAYMENT] });
    const first = drive.request('RefundRequested');
    await refundAnswered(first, 'UNKNOWN');
    await drive.advance(3_000);
    const read = drive.request('RefundStatusRequested');
    await refundAnswered(read, 'NOT_FOUND');
    const second = drive.request('RefundRequested');
    expect(second.merchantRefundId).toBe(first.merchantRefundId);
    expect(second.eventId).not.toBe(first.eventId);
    await refundAnswered(second, 'RefundCompleted');
    expect(drive.actionAnswers()).toMatchObject([{ outcome: 'SUCCEEDED' }]);
  });

  test('and a refund that PayPay keeps pending is read, not posted again', async () => {
    await drive.actionStarted('REFUND', { payments: [PAYMENT] });
    await refundAnswered(drive.request('RefundRequested'), 'RefundAccepted');
    // The operator is free for other things meanwhile.
    expect(drive.actionAnswers()).toMatchObject([{ action: 'REFUND', outcome: 'PENDING' }]);
    drive.told();
    let reads = 0;
    for (let hour = 0; hour < 48; hour += 1) {
      await drive.advance(60 * 60_000);
      for (const request of drive.requests()) {
        expect(request.type).not.toBe('RefundRequested');
        if (request.type === 'PaymentStatusRequested') await drive.observed(request, 'COMPLETED');
        if (request.type !== 'RefundStatusRequested') continue;
        reads += 1;
        await refundAnswered(request, 'RefundAccepted');
      }
    }
    expect(reads).toBeGreaterThan(24);
    expect(reads).toBeLessThan(60);
    expect(drive.told()).toEqual([]);
    await drive.advance(2 * 60 * 60_000);
    await refundAnswered(drive.request('RefundStatusRequested'), 'RefundCompleted');
    expect(drive.told()).toMatchObject([{ type: 'PaymentRefunded', wasPending: true }]);
    expect(drive.actionAnswers()).toEqual([]);
  });

  test('and after a refusal a further action asks under another id', async () => {
    await drive.actionStarted('REFUND', { payments: [PAYMENT] });
    const refused = drive.request('RefundRequested');
    await refundAnswered(refused, 'REJECTED');
    expect(drive.actionAnswers()).toMatchObject([{ outcome: 'FAILED' }]);
    await drive.actionStarted('REFUND', { payments: [PAYMENT] });
    expect(drive.request('RefundRequested').merchantRefundId).not.toBe(refused.merchantRefundId);
  });

  test('of which PayPay has taken the money back, in vain', async () => {
    await drive.advance(60_000);
    await drive.observed(drive.request('PaymentStatusRequested'), 'CANCELED');
    await drive.actionStarted('REFUND', { payments: [PAYMENT] });
    expect(drive.requests()).toEqual([]);
    expect(drive.actionAnswers()).toMatchObject([
      { outcome: 'FAILED', detail: 'PayPay does not hold the money of payment-1' },
    ]);
  });

  test('and nothing goes back when one of several cannot', async () => {
    const foreign = { ...PAYMENT, merchantPaymentId: `${ORDER_ID}-9`, paymentId: 'payment-9' };
    await drive.actionStarted('REFUND', { payments: [PAYMENT, foreign] });
    expect(drive.requests()).toEqual([]);
    expect(drive.actionAnswers()).toMatchObject([{ outcome: 'FAILED' }]);
  });

  function pick({ merchantPaymentId, paymentId, amount }: typeof PAYMENT) {
    return { merchantPaymentId, paymentId, amount };
  }
});

test('actions that others carry out, and the rest of the lifecycle, leave payments alone', async () => {
  await drive.paidShopper();
  const before = await drive.state();
  await drive.actionStarted('ROLL_BACK');
  await drive.driver.pipe(alertsLifecycle, {
    type: 'AlertAcknowledged',
    ...orderHeader({ id: 'request-1', at: drive.now }, 'acknowledged', ORDER_ID),
    alertId: 'alert-1',
    version: 2,
    owner: 'ops@example.com',
  });
  expect(drive.actionAnswers()).toEqual([]);
  expect(await drive.state()).toEqual(before);
});
