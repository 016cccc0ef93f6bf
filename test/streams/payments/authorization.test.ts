import type { EventOf } from '../../../schemas/event';
import { paymentsDefaults } from '../../../streams/payments/settings';
import { ORDER_ID, PaymentsDrive, typesOf } from './payments-drive';

const SET_ASIDE = { paymentId: 'payment-1', amount: 1_200, currency: 'JPY', paidAt: 1 } as const;

/** An order that was authorized and then cancelled; its last look is asked for. */
async function cancelledShopper(): Promise<PaymentsDrive> {
  // No polls, so that the requests are those of the end.
  const drive = await PaymentsDrive.start({ pollFirstMs: 900_000, pollMaxMs: 900_000 });
  await drive.waitingShopper();
  await drive.cancel();
  await drive.codeDeletionFailed(drive.request('CodeDeletionRequested'), 'ALREADY_PAID');
  return drive;
}

/** PayPay is asked, and says that the money is set aside; what payments asks for then. */
async function lookedAt(drive: PaymentsDrive): Promise<EventOf<'AuthorizationRevertRequested'>> {
  await drive.observed(drive.request('PaymentStatusRequested'), 'AUTHORIZED', SET_ASIDE);
  return drive.request('AuthorizationRevertRequested');
}

test("a cancelled order's authorization is reverted, and then the payment fails", async () => {
  const drive = await cancelledShopper();
  const revert = await lookedAt(drive);
  expect(revert).toMatchObject({ attempt: 1, paymentId: 'payment-1' });
  expect(drive.told()).toEqual([]);
  await drive.reverted(revert);
  const look = drive.request('PaymentStatusRequested');
  expect(look).toMatchObject({ purpose: 'LAST_LOOK' });
  await drive.observed(look, 'CANCELED');
  expect(drive.told()).toMatchObject([{ type: 'PaymentFailed', reason: 'CANCELLED' }]);
  await drive.advance(paymentsDefaults.authorizationStuckMs);
  expect(drive.told()).toEqual([]);
});

test("an expired order's money is given free, and then the payment is expired", async () => {
  const drive = await PaymentsDrive.start({ pollFirstMs: 900_000, pollMaxMs: 900_000 });
  await drive.waitingShopper();
  await drive.advance(300_000);
  await drive.codeDeletionFailed(drive.request('CodeDeletionRequested'), 'ALREADY_PAID');
  await drive.reverted(await lookedAt(drive));
  await drive.observed(drive.request('PaymentStatusRequested'), 'CANCELED');
  expect(typesOf(drive.told())).toEqual(['PaymentExpired']);
});

test('money that is taken while it should be given free is a success', async () => {
  const drive = await cancelledShopper();
  await drive.revertFailed(await lookedAt(drive), 'REJECTED');
  expect(drive.requests()).toEqual([]);
  await drive.advance(2_000);
  await drive.observed(drive.request('PaymentStatusRequested'), 'COMPLETED');
  expect(drive.told()).toMatchObject([{ type: 'PaymentSucceeded', settledBy: 'LAST_LOOK' }]);
});

test('of an order that is still open, money set aside is only told', async () => {
  const drive = await PaymentsDrive.start();
  await drive.waitingShopper();
  await drive.advance(4_000);
  await drive.observed(drive.request('PaymentStatusRequested'), 'AUTHORIZED', SET_ASIDE);
  expect(drive.requests()).toEqual([]);
  expect(drive.told()).toEqual([]);
});

test('money set aside after the order has failed is given free, too', async () => {
  const drive = await cancelledShopper();
  await drive.observed(drive.request('PaymentStatusRequested'), 'CREATED');
  await drive.notified({ state: 'AUTHORIZED' });
  const revert = await lookedAt(drive);
  await drive.reverted(revert);
  expect(drive.requests()).toEqual([]);
});

test('PayPay that keeps the money is asked with growing pauses, and an operator is alerted', async () => {
  const drive = await cancelledShopper();
  const first = await lookedAt(drive);
  await drive.revertFailed(first, 'REJECTED');
  let waitedMs = 0;
  for (const pauseMs of [2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000]) {
    await drive.advance(pauseMs - 1);
    expect(drive.requests()).toEqual([]);
    await drive.advance(1);
    const revert = await lookedAt(drive);
    expect(revert.merchantRevertId).toBe(first.merchantRevertId);
    // PayPay says that it did: the pause stands all the same, or it would be asked without end.
    await drive.reverted(revert);
    waitedMs += pauseMs;
  }
  await drive.advance(paymentsDefaults.authorizationStuckMs - waitedMs - 1);
  expect(drive.told()).toEqual([]);
  await drive.advance(1);
  expect(drive.told()).toMatchObject([
    {
      type: 'PaymentAuthorizationStuck',
      orderId: ORDER_ID,
      paymentId: 'payment-1',
      amount: 1_200,
      since: first.occurredAt,
    },
  ]);
  await drive.advance(24 * 60 * 60_000);
  expect(drive.told()).toEqual([]);
});

describe('while PayPay is left alone for long', () => {
  async function longPause(): Promise<PaymentsDrive> {
    const drive = await cancelledShopper();
    for (const pauseMs of [0, 2_000, 4_000, 8_000, 16_000, 32_000]) {
      await drive.advance(pauseMs);
      await drive.revertFailed(await lookedAt(drive), 'REJECTED');
    }
    return drive;
  }

  test('an operator has it asked at once', async () => {
    const drive = await longPause();
    await drive.actionStarted('ASK_PAYPAY');
    // The last look that was to come later, which is as good.
    expect(drive.request('PaymentStatusRequested')).toMatchObject({ purpose: 'LAST_LOOK' });
  });

  test('a webhook has it asked within a second', async () => {
    const drive = await longPause();
    await drive.notified({ state: 'CANCELED' });
    await drive.advance(1_000);
    await drive.observed(drive.request('PaymentStatusRequested'), 'CANCELED');
    expect(typesOf(drive.told())).toEqual(['PaymentFailed']);
  });
});
