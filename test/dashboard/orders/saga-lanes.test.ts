import { sagaOf, toneOf } from '../../../dashboard/orders/saga-lanes';
import type { TimelineEntry } from '../../../edge/contract/api-types';

function entry(
  topic: string,
  type: string,
  loggedAt: number,
  payload: Record<string, unknown> = {},
): TimelineEntry {
  const eventId = `${type}-id`;
  return {
    ...{ topic, partition: 0, offset: loggedAt, eventId, type },
    ...{ occurredAt: loggedAt, loggedAt, payload },
  };
}

const sale = [
  entry('orders.events.v1', 'OrderCreated', 1_000),
  entry('inventory.events.v1', 'StockReserved', 1_012, { causationId: 'OrderCreated-id' }),
  entry('payments.events.v1', 'PaymentSucceeded', 96_000, { causationId: 'elsewhere' }),
  entry('orders.events.v1', 'OrderPaid', 96_020, { causationId: 'PaymentSucceeded-id' }),
];

test('each record is a step in the lane of its participant', () => {
  const { steps, lanes, tookMs } = sagaOf(sale);
  expect(steps.map(({ lane }) => lane)).toEqual(['orders', 'inventory', 'payments', 'orders']);
  expect(lanes).toEqual(['orders', 'inventory', 'payments']);
  expect(tookMs).toBe(95_020);
});

test('a step knows the step that led to it, and nothing else', () => {
  expect(sagaOf(sale).steps.map(({ cause }) => cause)).toEqual([undefined, 0, undefined, 2]);
});

test('a gap of minutes is wider than one of milliseconds, and not by its ratio', () => {
  const xs = sagaOf(sale).steps.map(({ x }) => x);
  const gap = (place: number) => (xs[place + 1] ?? 0) - (xs[place] ?? 0);
  const [short, long] = [gap(0), gap(1)];
  expect(long).toBeGreaterThan(short);
  expect(long).toBeLessThan(short * 4);
});

test('a topic of no participant is no step', () => {
  expect(sagaOf([entry('dead-letters.v1', 'DeadLetter', 1)]).steps).toEqual([]);
});

test.each([
  ['StockReleased', 'compensation'],
  ['PaymentRefunded', 'compensation'],
  ['OrderPaid', 'success'],
  ['FundsHoldRejected', 'failure'],
  ['AlertRaised', 'failure'],
  ['StockReserved', 'step'],
])('%s is a %s', (type, tone) => {
  expect(toneOf(type)).toBe(tone);
});
