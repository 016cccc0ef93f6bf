import { ordersEvents } from '../../../topics/orders';
import { paymentsNotifications } from '../../../topics/payments';
import { ORDER_ID, PaymentsDrive, typesOf } from './payments-drive';

const MINUTE_MS = 60_000;

describe('a webhook before its order', () => {
  test('is parked without asking PayPay, and read when the order appears', async () => {
    const drive = await PaymentsDrive.start();
    await drive.notified();
    await drive.notified();
    expect(drive.requests()).toEqual([]);
    await drive.advance(14 * MINUTE_MS);
    await drive.orderWaits();
    const requests = drive.requests();
    expect(typesOf(requests)).toEqual(['CodeCreationRequested', 'PaymentStatusRequested']);
    expect(requests[1]).toMatchObject({ purpose: 'NOTIFICATION', attempt: 1 });
    await drive.advance(2 * MINUTE_MS);
    expect(drive.driver.deadLetters()).toEqual([]);
  });

  test('is a dead letter that says where it stands after 15 minutes without one', async () => {
    const drive = await PaymentsDrive.start();
    await drive.notified();
    await drive.advance(15 * MINUTE_MS - 1);
    expect(drive.driver.deadLetters()).toEqual([]);
    await drive.advance(1);
    expect(drive.driver.deadLetters()).toMatchObject([
      {
        app: 'payments',
        topic: paymentsNotifications.name,
        partition: 0,
        offset: 0,
        errorCode: 'ORDER_NEVER_CAME',
        correlationId: ORDER_ID,
      },
    ]);
    expect(await drive.state()).toBeUndefined();
  });

  test('is a dead letter at once when too many are parked, until there is room again', async () => {
    const drive = await PaymentsDrive.start({ parkedMax: 1 });
    await drive.notified({ orderId: 'unknown-1' });
    await drive.notified({ orderId: 'unknown-2' });
    expect(drive.driver.deadLetters()).toMatchObject([
      { errorCode: 'PARKING_FULL', correlationId: 'unknown-2' },
    ]);
    await drive.advance(15 * MINUTE_MS);
    await drive.notified({ orderId: 'unknown-3' });
    expect(drive.driver.deadLetters().map(({ errorCode }) => errorCode)).toEqual([
      'PARKING_FULL',
      'ORDER_NEVER_CAME',
    ]);
  });

  test('takes one place however often it comes', async () => {
    const drive = await PaymentsDrive.start({ parkedMax: 2 });
    await drive.notified();
    await drive.notified();
    await drive.notified({ orderId: 'unknown-1' });
    expect(drive.driver.deadLetters()).toEqual([]);
  });

  test('leaves its place to others once the order has come', async () => {
    const drive = await PaymentsDrive.start({ parkedMax: 1 });
    await drive.notified();
    await drive.orderWaits();
    await drive.notified({ orderId: 'unknown-1' });
    expect(drive.driver.deadLetters()).toEqual([]);
  });
});

test('an answer about a payment that was never asked for is a dead letter', async () => {
  const drive = await PaymentsDrive.start();
  await drive.orderWaits();
  const request = drive.request('CodeCreationRequested');
  const other = await PaymentsDrive.start();
  await other.codeCreated(request);
  expect(other.driver.deadLetters()).toMatchObject([{ errorCode: 'UNKNOWN_PAYMENT' }]);
});

test('an order that fails for another reason has its code withdrawn', async () => {
  const drive = await PaymentsDrive.start();
  const { eventId } = await drive.waitingShopper();
  await drive.driver.pipe(ordersEvents, {
    type: 'OrderFailed',
    eventId: `${eventId}-failed`,
    orderId: ORDER_ID,
    occurredAt: drive.now,
    causationId: eventId,
    correlationId: ORDER_ID,
    userId: 'user-1',
    reason: 'TIMED_OUT',
    detail: '',
  });
  expect(drive.request('CodeDeletionRequested')).toMatchObject({ codeId: 'code-1' });
});

test.each(['kept', 'lost'] as const)(
  'a kill with the store %s in the middle of an expiry changes nothing about its end',
  async (store) => {
    const drive = await PaymentsDrive.start({ pollFirstMs: 900_000, pollMaxMs: 900_000 });
    await drive.waitingShopper();
    await drive.driver.restart('payments', { store });
    await drive.advance(300_000);
    const deletion = drive.request('CodeDeletionRequested');
    await drive.driver.restart('payments', { store });
    await drive.codeDeleted(deletion);
    const look = drive.request('PaymentStatusRequested');
    await drive.driver.restart('payments', { store });
    await drive.observed(look, 'CREATED');
    expect(typesOf(drive.told())).toEqual(['PaymentExpired']);
  },
);

describe('a webhook that was set aside', () => {
  test.each(['FOREIGN_ORDER', 'UNKNOWN_KIND', 'REFUSED'] as const)(
    'as %s concerns no payment',
    async (verdict) => {
      const drive = await PaymentsDrive.start();
      await drive.setAside({ verdict });
      expect(drive.requests()).toEqual([]);
      expect(drive.driver.deadLetters()).toEqual([]);
    },
  );

  test('as UNREADABLE is a dead letter', async () => {
    const drive = await PaymentsDrive.start();
    await drive.setAside({ verdict: 'UNREADABLE', reason: 'the body is not JSON' });
    expect(drive.driver.deadLetters()).toMatchObject([
      {
        app: 'payments',
        topic: paymentsNotifications.name,
        offset: 0,
        errorCode: 'UNREADABLE_WEBHOOK',
        reason: 'the body is not JSON',
      },
    ]);
  });
});
