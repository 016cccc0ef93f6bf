import { ORDER_ID, PaymentsDrive } from './payments-drive';

test('a code that was issued is polled after 4 s, then less and less often', async () => {
  const drive = await PaymentsDrive.start();
  await drive.waitingShopper();
  for (const pauseMs of [4_000, 6_000, 9_000]) {
    await drive.advance(pauseMs - 1);
    expect(drive.requests()).toEqual([]);
    await drive.advance(1);
    const poll = drive.request('PaymentStatusRequested');
    expect(poll).toMatchObject({ purpose: 'POLL', attempt: 1, notAfter: drive.now + 300_000 });
    await drive.observed(poll, 'CREATED');
  }
});

test('all attempts are polled, one request at a time', async () => {
  const drive = await PaymentsDrive.start();
  await drive.orderWaits();
  await drive.codeFailed(drive.request('CodeCreationRequested'), 'DUPLICATE');
  await drive.codeCreated(drive.request('CodeCreationRequested'));
  await drive.advance(4_000);
  const first = drive.request('PaymentStatusRequested');
  await drive.observed(first, 'CREATED');
  const second = drive.request('PaymentStatusRequested');
  await drive.observed(second, 'CREATED');
  expect([first.attempt, second.attempt].sort()).toEqual([1, 2]);
  expect(drive.requests()).toEqual([]);
});

test('polls that come due while one is under way do not pile up', async () => {
  const drive = await PaymentsDrive.start();
  await drive.waitingShopper();
  await drive.advance(25_000);
  const poll = drive.request('PaymentStatusRequested');
  await drive.observed(poll, 'CREATED');
  // One read stands for all that were missed.
  await drive.observed(drive.request('PaymentStatusRequested'), 'CREATED');
  expect(drive.requests()).toEqual([]);
});

test('a status request whose answer is lost is asked again', async () => {
  const drive = await PaymentsDrive.start({ pollMaxMs: 4_000, lifetimeMs: 900_000 });
  await drive.waitingShopper();
  await drive.advance(4_000);
  const lost = drive.request('PaymentStatusRequested');
  await drive.advance(316_999);
  expect(drive.requests()).toEqual([]);
  await drive.advance(1);
  const again = drive.request('PaymentStatusRequested');
  expect(again.eventId).not.toBe(lost.eventId);
  expect(again).toMatchObject({ attempt: 1, purpose: 'POLL' });
});

test('a webhook does not wait behind a poll', async () => {
  const drive = await PaymentsDrive.start();
  await drive.waitingShopper();
  await drive.advance(4_000);
  const poll = drive.request('PaymentStatusRequested');
  await drive.advance(1_000);
  await drive.notified();
  const hinted = drive.request('PaymentStatusRequested');
  expect(hinted).toMatchObject({ purpose: 'NOTIFICATION', waitingSince: poll.occurredAt });
  await drive.unavailable(poll);
  await drive.notified();
  expect(drive.requests()).toEqual([]);
  await drive.observed(hinted, 'COMPLETED');
  expect(drive.told()).toMatchObject([{ type: 'PaymentSucceeded', settledBy: 'NOTIFICATION' }]);
});

test('a read that an urgent one of another attempt took the place of is asked after it', async () => {
  const drive = await PaymentsDrive.start();
  await drive.orderWaits();
  await drive.codeFailed(drive.request('CodeCreationRequested'), 'DUPLICATE');
  await drive.codeCreated(drive.request('CodeCreationRequested'));
  await drive.advance(4_000);
  const poll = drive.request('PaymentStatusRequested');
  const other = poll.attempt === 1 ? 2 : 1;
  await drive.notified({ merchantPaymentId: `${ORDER_ID}-${other}` });
  const hinted = drive.request('PaymentStatusRequested');
  expect(hinted).toMatchObject({ purpose: 'NOTIFICATION', attempt: other });
  await drive.observed(hinted, 'CREATED');
  await drive.advance(1_000);
  expect(drive.request('PaymentStatusRequested')).toMatchObject({
    purpose: 'POLL',
    attempt: poll.attempt,
  });
});

test('an order keeps its place among the others until PayPay has answered', async () => {
  const drive = await PaymentsDrive.start({ pollFirstMs: 60_000, pollMaxMs: 60_000 });
  await drive.waitingShopper();
  await drive.advance(60_000);
  const first = drive.request('PaymentStatusRequested');
  expect(first.waitingSince).toBe(drive.now);
  await drive.unavailable(first);
  await drive.advance(2_000);
  const again = drive.request('PaymentStatusRequested');
  expect(again.waitingSince).toBe(first.waitingSince);
  await drive.observed(again, 'CREATED');
  await drive.notified();
  expect(drive.request('PaymentStatusRequested').waitingSince).toBe(drive.now);
});

test('the late answer to a request that was given up still counts, and ends no other', async () => {
  const drive = await PaymentsDrive.start({ lifetimeMs: 900_000 });
  await drive.waitingShopper();
  await drive.advance(4_000);
  const lost = drive.request('PaymentStatusRequested');
  await drive.advance(317_000);
  drive.request('PaymentStatusRequested');
  await drive.unavailable(lost);
  expect(drive.requests()).toEqual([]);
  await drive.observed(lost, 'COMPLETED');
  expect(drive.told()).toMatchObject([{ type: 'PaymentSucceeded' }]);
});

test('while PayPay is away it is asked with growing pauses, and nothing is concluded', async () => {
  const drive = await PaymentsDrive.start({ pollFirstMs: 200_000, pollMaxMs: 200_000 });
  await drive.waitingShopper();
  await drive.notified();
  await drive.unavailable(drive.request('PaymentStatusRequested'));
  for (const pauseMs of [2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    await drive.advance(pauseMs - 1);
    expect(drive.requests()).toEqual([]);
    await drive.advance(1);
    await drive.unavailable(drive.request('PaymentStatusRequested'));
  }
  expect(drive.told()).toEqual([]);
});

test('a success is read again after 1 min, 10 min, 1 h and 24 h, and then every week', async () => {
  const drive = await PaymentsDrive.start();
  await drive.paidShopper();
  const minute = 60_000;
  const week = 7 * 24 * 60 * minute;
  for (const pauseMs of [minute, 9 * minute, 50 * minute, 23 * 60 * minute, week, week]) {
    await drive.advance(pauseMs - 1);
    expect(drive.requests()).toEqual([]);
    await drive.advance(1);
    const read = drive.request('PaymentStatusRequested');
    expect(read).toMatchObject({ purpose: 'WATCH' });
    await drive.observed(read, 'COMPLETED', { paidAt: 1 });
  }
  expect(drive.told()).toEqual([]);
});

test('a webhook shortens the long pause of a payment that nobody waits for', async () => {
  const drive = await PaymentsDrive.start({ watchAfterMs: [1_000] });
  await drive.paidShopper();
  await drive.advance(1_000);
  for (const pauseMs of [2_000, 4_000, 8_000, 16_000, 32_000, 64_000]) {
    await drive.unavailable(drive.request('PaymentStatusRequested'));
    await drive.advance(pauseMs);
  }
  await drive.unavailable(drive.request('PaymentStatusRequested'));
  await drive.notified();
  await drive.advance(29_999);
  expect(drive.requests()).toEqual([]);
  await drive.advance(1);
  expect(drive.request('PaymentStatusRequested')).toMatchObject({ purpose: 'NOTIFICATION' });
});

test('once the verdict is out, an outage of PayPay is waited out with pauses up to 10 min', async () => {
  const drive = await PaymentsDrive.start({ watchAfterMs: [] });
  await drive.paidShopper();
  await drive.notified();
  await drive.unavailable(drive.request('PaymentStatusRequested'));
  for (const pauseS of [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]) {
    await drive.advance(pauseS * 1_000 - 1);
    expect(drive.requests()).toEqual([]);
    await drive.advance(1);
    await drive.unavailable(drive.request('PaymentStatusRequested'));
  }
});

test('an answer ends the growth of the pauses', async () => {
  const drive = await PaymentsDrive.start({ pollFirstMs: 200_000, pollMaxMs: 200_000 });
  await drive.waitingShopper();
  await drive.notified();
  await drive.unavailable(drive.request('PaymentStatusRequested'));
  await drive.advance(2_000);
  await drive.observed(drive.request('PaymentStatusRequested'), 'CREATED');
  await drive.advance(1_000);
  await drive.notified();
  await drive.unavailable(drive.request('PaymentStatusRequested'));
  await drive.advance(2_000);
  drive.request('PaymentStatusRequested');
});
