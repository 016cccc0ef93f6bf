import { Registry } from 'prom-client';
import type { AnyEvent, EventOf } from '../../../schemas/event';
import { ViewMetrics } from '../../../streams/views/view-metrics';
import { ofOrder } from './sample-events';

const NOW = Date.parse('2026-11-22T01:10:00.000Z');
const ORDER = 'b5a34a53-68b1-5b8a-9a55-0f7e9a3d6d11';

let registry: Registry;
let metrics: ViewMetrics;

beforeEach(() => {
  registry = new Registry();
  metrics = new ViewMetrics(registry);
});

/** Reads an event that the log took `secondsAgo`. */
function read(event: AnyEvent, secondsAgo: number): void {
  const timestamp = NOW - secondsAgo * 1_000;
  const place = { topic: 'a.topic', partition: 0, offset: 0, key: null, value: null, headers: {} };
  metrics.written([{ event, record: { ...place, timestamp } }]);
}

const common = { paymentId: 'p-1', amount: 400, currency: 'JPY', paidAt: NOW - 100_000 };

const paid = (paidAt = common.paidAt): EventOf<'OrderPaid'> =>
  ofOrder(ORDER, { type: 'OrderPaid', userId: 'user-1', ...common, paidAt });

const succeeded = (paymentId = 'p-1'): EventOf<'PaymentSucceeded'> =>
  ofOrder(ORDER, {
    type: 'PaymentSucceeded',
    attempt: 1,
    merchantPaymentId: `${ORDER}-1`,
    settledBy: 'POLL',
    ...common,
    paymentId,
  });

const webhook = (): EventOf<'PaymentNotificationReceived'> =>
  ofOrder(ORDER, {
    type: 'PaymentNotificationReceived',
    merchantPaymentId: `${ORDER}-1`,
    paymentId: 'p-1',
    state: 'COMPLETED',
    amount: 400,
    paidAt: common.paidAt,
    verdict: 'HINT',
    sourceAddress: '127.0.0.1',
    receivedAt: NOW,
    body: '{}',
    replayOf: null,
  });

const line = async (name: string) => {
  const found = (await registry.metrics()).split('\n').find((each) => each.startsWith(`${name} `));
  return Number(found?.split(' ')[1]);
};

const WEBHOOK = 'orders_webhook_to_paid_seconds';

test('the time from the webhook to PAID is the log’s, whichever is read first', async () => {
  read(webhook(), 12);
  read(paid(), 9);
  expect(await line(`${WEBHOOK}_sum`)).toBe(3);
  read(paid(), 9);
  read(webhook(), 12);
  expect(await line(`${WEBHOOK}_sum`)).toBe(6);
  expect(await line(`${WEBHOOK}_count`)).toBe(2);
});

test('of several webhooks the first counts, and one that came after PAID does not', async () => {
  read(webhook(), 12);
  read(webhook(), 11);
  read(paid(), 10);
  expect(await line(`${WEBHOOK}_sum`)).toBe(2);
  read(paid(), 9);
  read(webhook(), 5);
  expect(await line(`${WEBHOOK}_count`)).toBe(1);
});

test('an order is measured from the moment PayPay took the money', async () => {
  read(paid(NOW - 90_000), 20);
  expect(await line('orders_payment_to_paid_seconds_sum')).toBe(70);
  read(paid(NOW), 20);
  expect(await line('orders_payment_to_paid_seconds_sum')).toBe(70);
});

test('an order that pays twice has one payment to be PAID for', async () => {
  read(succeeded(), 20);
  read(succeeded('p-2'), 10);
  expect(await line('orders_payments_succeeded_total')).toBe(1);
});
