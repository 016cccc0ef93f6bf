import { percentile, settleTimesOf } from '../../../dashboard/health/settle-times';
import type { TopicMessage } from '../../../edge/contract/api-types';

function message(type: string, key: string, loggedAt: number, settledBy?: string): TopicMessage {
  return {
    ...{ topic: 't', partition: 0, offset: loggedAt, loggedAt, key, headers: {}, schemaId: 1 },
    ...{ valueBytes: 1, type, payload: { settledBy }, problem: null, outcome: 'COMMITTED' },
  };
}

test('the first webhook of an order counts', () => {
  const { times } = settleTimesOf([
    message('PaymentNotificationReceived', 'a', 1_100),
    message('PaymentNotificationReceived', 'a', 1_000),
    message('OrderPaid', 'a', 1_142),
    message('OrderPaid', 'without-webhook', 1_500),
  ]);
  expect(times).toEqual([142]);
});

test('payments that no webhook brought to light are counted apart', () => {
  const { payments, polled } = settleTimesOf([
    message('PaymentSucceeded', 'a', 1, 'NOTIFICATION'),
    message('PaymentSucceeded', 'b', 2, 'POLL'),
    message('PaymentSucceeded', 'c', 3, 'OPERATOR'),
  ]);
  expect([payments, polled]).toEqual([3, 2]);
});

test('a percentile is one of the figures, and of nothing there is none', () => {
  const hundred = Array.from({ length: 100 }, (_, place) => place + 1);
  expect([percentile(hundred, 0.5), percentile(hundred, 0.99)]).toEqual([50, 99]);
  expect(percentile([], 0.5)).toBeUndefined();
});
