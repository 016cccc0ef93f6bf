import { AMOUNT, ORDER_ID, PaymentsDrive, typesOf } from './payments-drive';

describe('a webhook that is a hint', () => {
  test('asks PayPay at once and settles nothing by itself', async () => {
    const drive = await PaymentsDrive.start();
    await drive.waitingShopper();
    await drive.notified();
    expect(drive.told()).toEqual([]);
    const hint = drive.request('PaymentStatusRequested');
    expect(hint).toMatchObject({ purpose: 'NOTIFICATION', attempt: 1 });
    await drive.observed(hint, 'COMPLETED');
    expect(drive.told()).toMatchObject([{ type: 'PaymentSucceeded', settledBy: 'NOTIFICATION' }]);
  });

  test('that is forged costs a read and pays nothing', async () => {
    const drive = await PaymentsDrive.start();
    await drive.waitingShopper();
    await drive.notified({ paymentId: 'forged', amount: AMOUNT });
    await drive.observed(drive.request('PaymentStatusRequested'), 'CREATED');
    expect(drive.told()).toEqual([]);
    expect(await drive.state()).toMatchObject({ phase: 'OPEN' });
  });

  test('that comes while PayPay is asked because of one is remembered, and asked about after', async () => {
    const drive = await PaymentsDrive.start();
    await drive.waitingShopper();
    await drive.advance(4_000);
    drive.request('PaymentStatusRequested');
    await drive.notified();
    const hinted = drive.request('PaymentStatusRequested');
    await drive.notified();
    await drive.notified();
    expect(drive.requests()).toEqual([]);
    await drive.observed(hinted, 'CREATED');
    await drive.advance(1_000);
    await drive.observed(drive.request('PaymentStatusRequested'), 'COMPLETED');
    expect(typesOf(drive.told())).toEqual(['PaymentSucceeded']);
    expect(drive.requests()).toEqual([]);
  });

  test('in a flood leads to one read a second', async () => {
    const drive = await PaymentsDrive.start({ pollFirstMs: 900_000, pollMaxMs: 900_000 });
    await drive.waitingShopper();
    for (let second = 0; second < 3; second += 1) {
      for (let count = 0; count < 20; count += 1) await drive.notified();
      await drive.observed(drive.request('PaymentStatusRequested'), 'CREATED');
      await drive.notified();
      expect(drive.requests()).toEqual([]);
      await drive.advance(1_000);
    }
  });

  test('that names no attempt of ours asks about all there are', async () => {
    const drive = await PaymentsDrive.start();
    await drive.waitingShopper();
    await drive.notified({ merchantPaymentId: `${ORDER_ID}-77` });
    expect(drive.request('PaymentStatusRequested')).toMatchObject({ attempt: 1 });
  });
});

describe('a webhook whose sender the edge vouches for', () => {
  const trusted = { verdict: 'TRUSTED' } as const;

  test('settles the payment by itself', async () => {
    const drive = await PaymentsDrive.start();
    await drive.waitingShopper();
    await drive.notified(trusted);
    expect(drive.told()).toMatchObject([
      {
        type: 'PaymentSucceeded',
        paymentId: 'payment-1',
        amount: AMOUNT,
        currency: 'JPY',
        settledBy: 'NOTIFICATION',
      },
    ]);
    expect(drive.requests()).toEqual([]);
  });

  test('settles once, even when it is delivered twice', async () => {
    const drive = await PaymentsDrive.start();
    await drive.waitingShopper();
    await drive.notified(trusted);
    await drive.notified(trusted);
    expect(typesOf(drive.told())).toEqual(['PaymentSucceeded']);
  });

  test('is a hint when it speaks of anything but money taken', async () => {
    const drive = await PaymentsDrive.start();
    await drive.waitingShopper();
    await drive.notified({ ...trusted, state: 'FAILED' });
    expect(drive.told()).toEqual([]);
    expect(drive.request('PaymentStatusRequested')).toMatchObject({ purpose: 'NOTIFICATION' });
  });

  test('is a hint when PayPay has said that the payment is over', async () => {
    const drive = await PaymentsDrive.start();
    await drive.waitingShopper();
    await drive.advance(4_000);
    await drive.observed(drive.request('PaymentStatusRequested'), 'FAILED');
    drive.told();
    await drive.notified(trusted);
    expect(drive.told()).toEqual([]);
    await drive.observed(drive.request('PaymentStatusRequested'), 'COMPLETED');
    expect(typesOf(drive.told())).toEqual(['PaymentSucceeded']);
  });
});
