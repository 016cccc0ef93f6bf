import { AMOUNT, ORDER_ID, PaymentsDrive, START_AT, typesOf } from './payments-drive';

describe('a code for an order that waits', () => {
  test('is asked for once, under the first attempt', async () => {
    const drive = await PaymentsDrive.start();
    await drive.orderWaits();
    await drive.orderWaits();
    expect(drive.requests()).toMatchObject([
      {
        type: 'CodeCreationRequested',
        attempt: 1,
        merchantPaymentId: `${ORDER_ID}-1`,
        amount: AMOUNT,
        notAfter: START_AT + 300_000,
      },
    ]);
  });

  test('is shown to the shopper, who has the whole lifetime from then on', async () => {
    const drive = await PaymentsDrive.start();
    await drive.orderWaits();
    await drive.advance(10_000);
    await drive.codeCreated(drive.request('CodeCreationRequested'));
    expect(drive.told()).toMatchObject([
      { type: 'PaymentCodeIssued', codeId: 'code-1', expiresAt: START_AT + 310_000 },
    ]);
    await drive.advance(299_999);
    expect(typesOf(drive.requests())).not.toContain('CodeDeletionRequested');
    await drive.advance(1);
    expect(typesOf(drive.requests())).not.toEqual([]);
  });

  test('is shown once, however often its creation is heard of', async () => {
    const drive = await PaymentsDrive.start();
    await drive.orderWaits();
    const request = drive.request('CodeCreationRequested');
    await drive.codeCreated(request);
    await drive.codeCreated(request);
    expect(typesOf(drive.told())).toEqual(['PaymentCodeIssued']);
  });
});

describe('a code that could not be had', () => {
  test('is asked for under the next id after an unknown outcome, with growing pauses', async () => {
    const drive = await PaymentsDrive.start();
    await drive.orderWaits();
    await drive.codeFailed(drive.request('CodeCreationRequested'), 'UNKNOWN');
    expect(drive.requests()).toEqual([]);
    await drive.advance(2_000);
    const second = drive.request('CodeCreationRequested');
    expect(second).toMatchObject({ attempt: 2, merchantPaymentId: `${ORDER_ID}-2` });
    await drive.codeFailed(second, 'UNKNOWN');
    await drive.advance(3_999);
    expect(drive.requests()).toEqual([]);
    await drive.advance(1);
    expect(drive.request('CodeCreationRequested')).toMatchObject({ attempt: 3 });
  });

  test('is asked for under the next id at once when the id was used before', async () => {
    const drive = await PaymentsDrive.start();
    await drive.orderWaits();
    await drive.codeFailed(drive.request('CodeCreationRequested'), 'DUPLICATE');
    expect(drive.request('CodeCreationRequested')).toMatchObject({ attempt: 2 });
  });

  test('is asked for under the same id when PayPay was not asked', async () => {
    const drive = await PaymentsDrive.start();
    await drive.orderWaits();
    await drive.codeFailed(drive.request('CodeCreationRequested'), 'SKIPPED');
    await drive.advance(2_000);
    expect(drive.request('CodeCreationRequested')).toMatchObject({ attempt: 1 });
  });

  test('fails the payment at once when PayPay refuses it', async () => {
    const drive = await PaymentsDrive.start();
    await drive.orderWaits();
    await drive.codeFailed(drive.request('CodeCreationRequested'), 'REJECTED');
    expect(drive.told()).toMatchObject([{ type: 'PaymentFailed', reason: 'REJECTED' }]);
    expect(drive.requests()).toEqual([]);
  });

  test('fails the payment after a refusal only when uncertain codes were read', async () => {
    const drive = await PaymentsDrive.start();
    await drive.orderWaits();
    await drive.codeFailed(drive.request('CodeCreationRequested'), 'DUPLICATE');
    await drive.codeFailed(drive.request('CodeCreationRequested'), 'REJECTED');
    expect(drive.told()).toEqual([]);
    const look = drive.request('PaymentStatusRequested');
    expect(look).toMatchObject({ attempt: 1, purpose: 'LAST_LOOK' });
    await drive.observed(look, 'NOT_FOUND');
    expect(drive.told()).toMatchObject([{ type: 'PaymentFailed', reason: 'REJECTED' }]);
  });

  test('is asked for a limited number of times', async () => {
    const drive = await PaymentsDrive.start({ attemptsMax: 3 });
    await drive.orderWaits();
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await drive.codeFailed(drive.request('CodeCreationRequested'), 'DUPLICATE');
    }
    expect(drive.requests()).toEqual([]);
  });
});

test('a code that comes after the payment has ended is withdrawn, not shown', async () => {
  const drive = await PaymentsDrive.start();
  await drive.orderWaits();
  const creation = drive.request('CodeCreationRequested');
  await drive.cancel();
  expect(drive.requests()).toEqual([]);
  await drive.codeCreated(creation);
  expect(drive.told()).toEqual([]);
  await drive.codeDeleted(drive.request('CodeDeletionRequested'));
  await drive.observed(drive.request('PaymentStatusRequested'), 'CREATED');
  expect(drive.told()).toMatchObject([{ type: 'PaymentFailed', reason: 'CANCELLED' }]);
});
