import { timelineEntryOf } from '../../../edge/push/live-record';
import { orderHeader } from '../../../schemas/header';
import { ORDER_ID } from '../rows';

const record = {
  topic: 'payments.notifications.v1',
  partition: 2,
  offset: 7,
  timestamp: 1_001,
  key: Buffer.from(ORDER_ID),
  value: null,
  headers: {},
};

test('a webhook comes live without its body, which may have 64 KiB', () => {
  const entry = timelineEntryOf(record, {
    type: 'PaymentNotificationReceived',
    ...orderHeader({ id: 'request-1', at: 1_000 }, 'notification', ORDER_ID),
    merchantPaymentId: `${ORDER_ID}-1`,
    paymentId: 'pp-1',
    state: 'COMPLETED',
    amount: 800,
    paidAt: 900,
    verdict: 'HINT',
    sourceAddress: '127.0.0.1',
    receivedAt: 1_000,
    replayOf: null,
    body: 'x'.repeat(64 * 1024),
  });
  expect(entry).toMatchObject({ type: 'PaymentNotificationReceived', offset: 7, loggedAt: 1_001 });
  expect(entry?.payload).toMatchObject({ state: 'COMPLETED', paymentId: 'pp-1' });
  expect(entry?.payload).not.toHaveProperty('body');
});
