import { PaymentsDrive, START_AT, typesOf } from './payments-drive';

async function expiredShopper(): Promise<PaymentsDrive> {
  // No polls, so that the requests are those of the end.
  const drive = await PaymentsDrive.start({ pollFirstMs: 900_000, pollMaxMs: 900_000 });
  await drive.waitingShopper();
  await drive.advance(300_000);
  return drive;
}

describe('at its expiry', () => {
  test('an expiry withdraws, looks once more, then fails', async () => {
    const drive = await expiredShopper();
    const deletion = drive.request('CodeDeletionRequested');
    expect(deletion).toMatchObject({ codeId: 'code-1', attempt: 1 });
    await drive.advance(200);
    await drive.codeDeleted(deletion);
    const look = drive.request('PaymentStatusRequested');
    expect(look).toMatchObject({ purpose: 'LAST_LOOK' });
    expect(drive.told()).toEqual([]);
    await drive.advance(200);
    await drive.observed(look, 'CREATED');
    expect(drive.told()).toMatchObject([
      { type: 'PaymentExpired', attempt: 1, expiredAt: START_AT + 300_000 },
    ]);
  });

  test('money found at the last look is a success', async () => {
    const drive = await expiredShopper();
    await drive.codeDeletionFailed(drive.request('CodeDeletionRequested'), 'ALREADY_PAID');
    await drive.observed(drive.request('PaymentStatusRequested'), 'COMPLETED');
    expect(drive.told()).toMatchObject([
      { type: 'PaymentSucceeded', settledBy: 'LAST_LOOK', paymentId: 'payment-1' },
    ]);
    expect(drive.requests()).toEqual([]);
  });

  test('a code that PayPay ended because it was withdrawn is still an expiry', async () => {
    const drive = await expiredShopper();
    await drive.codeDeleted(drive.request('CodeDeletionRequested'));
    await drive.observed(drive.request('PaymentStatusRequested'), 'CANCELED');
    expect(typesOf(drive.told())).toEqual(['PaymentExpired']);
  });

  test('an outage of PayPay delays the end for as long as it lasts', async () => {
    const drive = await expiredShopper();
    const deletions = [drive.request('CodeDeletionRequested')];
    for (let tries = 0; tries < 4; tries += 1) {
      for (const request of deletions.splice(0)) {
        await drive.codeDeletionFailed(request, 'UNKNOWN');
      }
      await drive.advance(30_000);
      deletions.push(drive.request('CodeDeletionRequested'));
    }
    for (const request of deletions) await drive.codeDeleted(request);
    let look = drive.request('PaymentStatusRequested');
    for (let tries = 0; tries < 50; tries += 1) {
      await drive.unavailable(look);
      await drive.advance(30_000);
      look = drive.request('PaymentStatusRequested');
    }
    expect(drive.told()).toEqual([]);
    await drive.observed(look, 'NOT_FOUND');
    expect(typesOf(drive.told())).toEqual(['PaymentExpired']);
  });

  test('a poll asked for before the withdrawal is no last look', async () => {
    const drive = await PaymentsDrive.start({ pollFirstMs: 299_000, pollMaxMs: 299_000 });
    await drive.waitingShopper();
    await drive.advance(299_000);
    const poll = drive.request('PaymentStatusRequested');
    await drive.advance(1_000);
    await drive.codeDeleted(drive.request('CodeDeletionRequested'));
    await drive.observed(poll, 'CREATED');
    expect(drive.told()).toEqual([]);
    await drive.observed(drive.request('PaymentStatusRequested'), 'CREATED');
    expect(typesOf(drive.told())).toEqual(['PaymentExpired']);
  });

  test('a last look by a gateway whose clock went back is repeated, not counted', async () => {
    const drive = await PaymentsDrive.start();
    await drive.waitingShopper();
    await drive.advance(4_000);
    const poll = drive.request('PaymentStatusRequested');
    await drive.observed(poll, 'CREATED', { observedAt: drive.now + 60_000 });
    await drive.cancel();
    await drive.codeDeleted(drive.request('CodeDeletionRequested'));
    await drive.observed(drive.request('PaymentStatusRequested'), 'CREATED');
    expect(drive.told()).toEqual([]);
    await drive.advance(2_000);
    const again = drive.request('PaymentStatusRequested');
    await drive.observed(again, 'CREATED', { observedAt: drive.now + 60_000 });
    expect(typesOf(drive.told())).toEqual(['PaymentFailed']);
  });

  test('every attempt is looked at, and a code never shown can still turn out paid', async () => {
    const drive = await PaymentsDrive.start({ pollFirstMs: 900_000, pollMaxMs: 900_000 });
    await drive.orderWaits();
    await drive.codeFailed(drive.request('CodeCreationRequested'), 'DUPLICATE');
    await drive.codeCreated(drive.request('CodeCreationRequested'));
    drive.told();
    await drive.advance(300_000);
    const deletion = drive.request('CodeDeletionRequested');
    expect(deletion).toMatchObject({ attempt: 2 });
    await drive.codeDeleted(deletion);
    const first = drive.request('PaymentStatusRequested');
    await drive.observed(first, 'CREATED');
    const second = drive.request('PaymentStatusRequested');
    expect([first.attempt, second.attempt].sort()).toEqual([1, 2]);
    expect(drive.told()).toEqual([]);
    await drive.observed(second, 'COMPLETED');
    expect(typesOf(drive.told())).toEqual(['PaymentSucceeded']);
  });

  test('an order for which no code could be had expires once its attempts were looked at', async () => {
    const drive = await PaymentsDrive.start({ attemptsMax: 1 });
    await drive.orderWaits();
    await drive.codeFailed(drive.request('CodeCreationRequested'), 'UNKNOWN');
    await drive.advance(300_000);
    await drive.observed(drive.request('PaymentStatusRequested'), 'NOT_FOUND');
    expect(typesOf(drive.told())).toEqual(['PaymentExpired']);
  });
});

describe('a cancellation', () => {
  test('withdraws the code and looks once more before the payment fails', async () => {
    const drive = await PaymentsDrive.start();
    await drive.waitingShopper();
    await drive.cancel();
    await drive.codeDeleted(drive.request('CodeDeletionRequested'));
    await drive.observed(drive.request('PaymentStatusRequested'), 'CANCELED');
    expect(drive.told()).toMatchObject([{ type: 'PaymentFailed', reason: 'CANCELLED' }]);
  });

  test('loses against a shopper who has paid', async () => {
    const drive = await PaymentsDrive.start();
    await drive.waitingShopper();
    await drive.cancel();
    await drive.codeDeletionFailed(drive.request('CodeDeletionRequested'), 'ALREADY_PAID');
    await drive.observed(drive.request('PaymentStatusRequested'), 'COMPLETED');
    expect(typesOf(drive.told())).toEqual(['PaymentSucceeded']);
  });

  test('of an order that is already paid changes nothing', async () => {
    const drive = await PaymentsDrive.start();
    await drive.paidShopper();
    await drive.cancel();
    expect(drive.requests()).toEqual([]);
    expect(drive.told()).toEqual([]);
  });
});
