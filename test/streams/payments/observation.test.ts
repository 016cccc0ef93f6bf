import type { AnyEvent, EventOf } from '../../../schemas/event';
import { AMOUNT, PaymentsDrive, typesOf } from './payments-drive';

function isStatusRequest(event: AnyEvent): event is EventOf<'PaymentStatusRequested'> {
  return event.type === 'PaymentStatusRequested';
}

describe('money', () => {
  test('found by the poll is announced with what PayPay said of it', async () => {
    const drive = await PaymentsDrive.start();
    await drive.waitingShopper();
    await drive.advance(4_000);
    await drive.observed(drive.request('PaymentStatusRequested'), 'COMPLETED');
    expect(drive.told()).toMatchObject([
      {
        type: 'PaymentSucceeded',
        attempt: 1,
        paymentId: 'payment-1',
        amount: AMOUNT,
        currency: 'JPY',
        paidAt: drive.now - 1_000,
        settledBy: 'POLL',
      },
    ]);
  });

  test('is announced once, however often it is seen', async () => {
    const drive = await PaymentsDrive.start();
    await drive.paidShopper();
    await drive.notified();
    const hint = drive.request('PaymentStatusRequested');
    await drive.observed(hint, 'COMPLETED');
    await drive.observed(hint, 'COMPLETED');
    expect(drive.told()).toEqual([]);
  });

  test('of another amount is announced as it is: judging it is for others', async () => {
    const drive = await PaymentsDrive.start();
    await drive.waitingShopper();
    await drive.advance(4_000);
    await drive.observed(drive.request('PaymentStatusRequested'), 'COMPLETED', { amount: 1 });
    expect(drive.told()).toMatchObject([{ type: 'PaymentSucceeded', amount: 1 }]);
  });

  test('that comes after the expiry is a late success', async () => {
    const drive = await PaymentsDrive.start();
    await drive.waitingShopper();
    await drive.cancel();
    await drive.codeDeleted(drive.request('CodeDeletionRequested'));
    await drive.observed(drive.request('PaymentStatusRequested'), 'CREATED');
    drive.told();
    await drive.advance(5_000);
    await drive.notified();
    await drive.observed(drive.request('PaymentStatusRequested'), 'COMPLETED');
    expect(drive.told()).toMatchObject([
      { type: 'PaymentSucceeded', settledBy: 'NOTIFICATION', paymentId: 'payment-1' },
    ]);
  });

  test('that comes late is seen without a webhook too', async () => {
    const drive = await PaymentsDrive.start();
    await drive.waitingShopper();
    await drive.cancel();
    await drive.codeDeleted(drive.request('CodeDeletionRequested'));
    await drive.observed(drive.request('PaymentStatusRequested'), 'CREATED');
    await drive.advance(60_000);
    await drive.observed(drive.request('PaymentStatusRequested'), 'COMPLETED');
    expect(drive.told().at(-1)).toMatchObject({ type: 'PaymentSucceeded', settledBy: 'WATCH' });
  });

  test('of a second attempt is a second success, and its own payment', async () => {
    const drive = await PaymentsDrive.start();
    await drive.orderWaits();
    await drive.codeFailed(drive.request('CodeCreationRequested'), 'DUPLICATE');
    await drive.codeCreated(drive.request('CodeCreationRequested'));
    drive.told();
    await drive.advance(4_000);
    await drive.observed(drive.request('PaymentStatusRequested'), 'COMPLETED');
    for (const request of drive.requests()) {
      if (request.type === 'PaymentStatusRequested') await drive.observed(request, 'COMPLETED');
    }
    const [first, second, ...others] = drive.told();
    expect([first, second]).toMatchObject([
      { type: 'PaymentSucceeded' },
      { type: 'PaymentSucceeded' },
    ]);
    expect(first?.eventId).not.toBe(second?.eventId);
    expect(others).toEqual([]);
  });

  test('under another id at PayPay is a second success, even of the same attempt', async () => {
    const drive = await PaymentsDrive.start();
    await drive.paidShopper();
    await drive.notified();
    const hint = drive.request('PaymentStatusRequested');
    await drive.observed(hint, 'COMPLETED', { paymentId: 'payment-2' });
    expect(drive.told()).toMatchObject([{ type: 'PaymentSucceeded', paymentId: 'payment-2' }]);
  });

  test('that stands under one attempt keeps the payment paid when another is reversed', async () => {
    const drive = await PaymentsDrive.start();
    await drive.orderWaits();
    await drive.codeFailed(drive.request('CodeCreationRequested'), 'DUPLICATE');
    await drive.codeCreated(drive.request('CodeCreationRequested'));
    await drive.advance(4_000);
    const poll = drive.request('PaymentStatusRequested');
    await drive.observed(poll, 'COMPLETED');
    const [second] = drive.requests().filter(isStatusRequest);
    if (second === undefined) throw new Error('the second attempt is not read');
    await drive.observed(second, 'COMPLETED');
    await drive.advance(2_000);
    await drive.notified({ merchantPaymentId: second.merchantPaymentId });
    await drive.observed(drive.request('PaymentStatusRequested'), 'CANCELED');
    expect(drive.told().at(-1)).toMatchObject({ type: 'PaymentFailed', reason: 'REVERSED' });
    expect(await drive.state()).toMatchObject({ phase: 'PAID' });
  });

  test('of one attempt withdraws the codes of the others', async () => {
    const drive = await PaymentsDrive.start();
    await drive.orderWaits();
    await drive.codeFailed(drive.request('CodeCreationRequested'), 'DUPLICATE');
    await drive.codeCreated(drive.request('CodeCreationRequested'));
    await drive.advance(4_000);
    const poll = drive.request('PaymentStatusRequested');
    expect(poll.attempt).toBe(1);
    await drive.observed(poll, 'COMPLETED');
    const deletions = drive
      .requests()
      .filter((request) => request.type === 'CodeDeletionRequested');
    expect(deletions).toMatchObject([{ attempt: 2, codeId: 'code-2' }]);
    // Too late: that one was paid as well, which is to be seen at once.
    for (const request of deletions) await drive.codeDeletionFailed(request, 'ALREADY_PAID');
    expect(await drive.state()).toMatchObject({ phase: 'PAID', asked: { attempt: 2 } });
  });
});

describe('a failure', () => {
  test('of the only code ends the payment at once', async () => {
    const drive = await PaymentsDrive.start();
    await drive.waitingShopper();
    await drive.advance(4_000);
    await drive.observed(drive.request('PaymentStatusRequested'), 'FAILED');
    expect(drive.told()).toMatchObject([
      { type: 'PaymentFailed', reason: 'FAILED', observedAt: drive.now },
    ]);
    expect(drive.requests()).toEqual([]);
  });

  test('of a code that PayPay let expire is an expiry', async () => {
    const drive = await PaymentsDrive.start();
    await drive.waitingShopper();
    await drive.advance(4_000);
    await drive.observed(drive.request('PaymentStatusRequested'), 'EXPIRED');
    expect(drive.told()).toMatchObject([{ type: 'PaymentExpired', expiredAt: drive.now }]);
  });

  test('of a code never shown leaves the shopper the one that was', async () => {
    const drive = await PaymentsDrive.start();
    await drive.orderWaits();
    await drive.codeFailed(drive.request('CodeCreationRequested'), 'DUPLICATE');
    await drive.codeCreated(drive.request('CodeCreationRequested'));
    drive.told();
    await drive.advance(4_000);
    await drive.observed(drive.request('PaymentStatusRequested'), 'FAILED');
    expect(drive.told()).toEqual([]);
    expect(await drive.state()).toMatchObject({ phase: 'OPEN' });
  });

  test('after a success is a reversal, told once', async () => {
    const drive = await PaymentsDrive.start();
    await drive.paidShopper();
    await drive.notified({ state: 'CANCELED' });
    const hint = drive.request('PaymentStatusRequested');
    await drive.observed(hint, 'CANCELED');
    await drive.observed(hint, 'CANCELED');
    expect(drive.told()).toMatchObject([
      { type: 'PaymentFailed', reason: 'REVERSED', paymentId: 'payment-1', observedAt: drive.now },
    ]);
  });

  test('that PayPay takes back is a success again', async () => {
    const drive = await PaymentsDrive.start();
    await drive.paidShopper();
    await drive.advance(60_000);
    await drive.observed(drive.request('PaymentStatusRequested'), 'CANCELED');
    await drive.advance(60_000);
    await drive.observed(drive.request('PaymentStatusRequested'), 'COMPLETED');
    expect(typesOf(drive.told())).toEqual(['PaymentFailed', 'PaymentSucceeded']);
  });

  test('seen before the success that is known already is out of date', async () => {
    const drive = await PaymentsDrive.start({ lifetimeMs: 900_000 });
    await drive.waitingShopper();
    await drive.advance(4_000);
    const lost = drive.request('PaymentStatusRequested');
    await drive.advance(317_000);
    await drive.observed(drive.request('PaymentStatusRequested'), 'COMPLETED');
    drive.told();
    await drive.observed(lost, 'FAILED', { observedAt: drive.now - 30_000 });
    expect(drive.told()).toEqual([]);
  });
});

describe('a refund that nobody here asked for', () => {
  test('is told with what went back since it was last told', async () => {
    const drive = await PaymentsDrive.start();
    await drive.paidShopper();
    for (const refundedAmount of [200, 200, AMOUNT]) {
      await drive.advance(2_000);
      await drive.notified();
      await drive.observed(drive.request('PaymentStatusRequested'), 'REFUNDED', { refundedAmount });
    }
    expect(drive.told()).toMatchObject([
      { type: 'PaymentRefunded', amount: 200, requestedHere: false, merchantRefundId: null },
      { type: 'PaymentRefunded', amount: 1_000, requestedHere: false },
    ]);
  });

  test('of money never heard of is a success and a refund', async () => {
    const drive = await PaymentsDrive.start();
    await drive.waitingShopper();
    await drive.advance(4_000);
    const poll = drive.request('PaymentStatusRequested');
    await drive.observed(poll, 'REFUNDED', { refundedAmount: AMOUNT });
    expect(typesOf(drive.told())).toEqual(['PaymentSucceeded', 'PaymentRefunded']);
  });
});

describe('money that PayPay holds', () => {
  const WEEK_MS = 7 * 24 * 60 * 60_000;

  test('is looked at every week for a year, so that a refund at the console is found', async () => {
    const drive = await PaymentsDrive.start({ watchAfterMs: [] });
    await drive.paidShopper();
    for (let week = 1; week <= 51; week += 1) {
      await drive.advance(WEEK_MS);
      await drive.observed(drive.request('PaymentStatusRequested'), 'COMPLETED');
    }
    await drive.advance(WEEK_MS);
    const refund = { merchantRefundId: 'console', amount: 100, reportedStatus: 'REFUNDED' };
    await drive.observed(drive.request('PaymentStatusRequested'), 'REFUNDED', {
      refundedAmount: 100,
      refunds: [{ ...refund, stage: 'COMPLETED' }],
    });
    expect(drive.told()).toMatchObject([
      { type: 'PaymentRefunded', merchantRefundId: 'console', amount: 100, requestedHere: false },
    ]);
    await drive.advance(10 * WEEK_MS);
    expect(drive.requests()).toEqual([]);
  });
});

describe("PayPay's clock", () => {
  const SKEW_MS = 120_000;
  let drive: PaymentsDrive;

  beforeEach(async () => {
    drive = await PaymentsDrive.start();
  });

  /** The latest status request is answered at `at`. */
  async function read(
    at: number,
    status: EventOf<'PaymentStatusObserved'>['status'],
    change: Partial<EventOf<'PaymentStatusObserved'>> = {},
  ): Promise<void> {
    await drive.advance(at - drive.now);
    const asked = drive.requests().findLast(isStatusRequest);
    if (asked === undefined) throw new Error('nothing is asked');
    await drive.observed(asked, status, change);
  }

  test("a reversal is newer than the success though PayPay's clock is ahead", async () => {
    await drive.waitingShopper();
    const began = drive.now;
    await read(began + 4_000, 'COMPLETED', { paidAt: began + 4_000 + SKEW_MS });
    await read(began + 64_000, 'CANCELED');
    const [success, failure] = drive.told();
    expect(success).toMatchObject({ type: 'PaymentSucceeded', paidAt: began + 4_000 });
    expect(failure).toMatchObject({ type: 'PaymentFailed', observedAt: began + 64_000 });
  });

  test("a success is newer than the failure seen before it though PayPay's clock is behind", async () => {
    await drive.waitingShopper();
    const began = drive.now;
    await read(began + 4_000, 'FAILED');
    await read(began + 64_000, 'COMPLETED', { paidAt: began + 60_000 - SKEW_MS });
    const [failure, success] = drive.told();
    expect(failure).toMatchObject({ type: 'PaymentFailed', observedAt: began + 4_000 });
    expect(success).toMatchObject({ type: 'PaymentSucceeded', paidAt: began + 4_001 });
  });

  test('is believed within what our reads prove', async () => {
    await drive.waitingShopper();
    const began = drive.now;
    await read(began + 4_000, 'CREATED');
    await read(began + 10_000, 'COMPLETED', { paidAt: began + 7_000 });
    expect(drive.told()).toMatchObject([{ type: 'PaymentSucceeded', paidAt: began + 7_000 }]);
  });
});

test('a success without its details is a dead letter, and the payment goes on', async () => {
  const drive = await PaymentsDrive.start({ lifetimeMs: 900_000 });
  await drive.waitingShopper();
  await drive.advance(4_000);
  await drive.observed(drive.request('PaymentStatusRequested'), 'COMPLETED', { paidAt: null });
  expect(drive.told()).toEqual([]);
  expect(drive.driver.deadLetters()).toMatchObject([{ errorCode: 'HANDLER_FAILED' }]);
  await drive.advance(317_000);
  await drive.observed(drive.request('PaymentStatusRequested'), 'COMPLETED');
  expect(typesOf(drive.told())).toEqual(['PaymentSucceeded']);
});
