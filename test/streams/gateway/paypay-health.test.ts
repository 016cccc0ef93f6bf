import {
  inWords,
  noted,
  wellSince,
  type Noted,
  type PayPayHealth,
} from '../../../streams/gateway/paypay-health';
import { gatewayDefaults } from '../../../streams/gateway/settings';

const { health: settings } = gatewayDefaults;

type Outcome = Omit<Noted, 'orderId'>;
type Request = readonly [second: number, orderId: string, outcome: Outcome];

const answer: Outcome = { outcome: 'answered', isCircuitClosed: true };
const failure: Outcome = { outcome: 'unavailable', isCircuitClosed: true };
const unreadable: Outcome = { outcome: 'unreadable', isCircuitClosed: true };
const open: Outcome = { outcome: 'unavailable', isCircuitClosed: false };

/** The health after requests that ended at those seconds. */
function after(...requests: readonly Request[]): PayPayHealth {
  return requests.reduce<PayPayHealth>(
    (health, [second, orderId, outcome]) =>
      noted(health, { orderId, ...outcome }, second * 1_000, settings),
    wellSince(0),
  );
}

/** One request each of as many orders. */
function orders(count: number, outcome: Outcome, prefix = 'order', second = 1): Request[] {
  return Array.from({ length: count }, (_, n) => [second, `${prefix}-${String(n)}`, outcome]);
}

/** A request of one order every so many seconds. */
function every(seconds: number, until: number, orderId: string, outcome: Outcome): Request[] {
  const count = Math.floor(until / seconds);
  return Array.from({ length: count }, (_, n) => [n * seconds, orderId, outcome]);
}

/** Several orders side by side. */
function together(...requests: readonly Request[][]): Request[] {
  return requests.flat().sort(([a], [b]) => a - b);
}

test('PayPay is degraded at once when the circuit opens', () => {
  expect(after([1, 'a', failure], [2, 'b', failure])).toMatchObject({ degraded: false });
  expect(after([1, 'a', failure], [2, 'b', open])).toMatchObject({ degraded: true, since: 2_000 });
});

test('PayPay is degraded when half of twenty orders within a minute fail', () => {
  const most = [...orders(11, answer, 'well'), ...orders(9, failure, 'ill')];
  expect(after(...most)).toMatchObject({ degraded: false });
  const half = [...orders(10, answer, 'well'), ...orders(10, failure, 'ill')];
  expect(after(...half)).toMatchObject({ degraded: true });
});

test('a few requests that fail prove nothing, and those of long ago nothing any more', () => {
  expect(after(...orders(19, failure))).toMatchObject({ degraded: false });
  expect(after(...orders(19, failure), [70, 'another', failure])).toMatchObject({
    degraded: false,
  });
});

test('an order has one vote in ten seconds, however often it is asked for', () => {
  const often = every(0.1, 10, 'ill', failure);
  expect(after(...often, ...orders(10, failure))).toMatchObject({ degraded: false });
});

test('an order whose details are unreadable does not degrade PayPay', () => {
  expect(after(...every(2, 600, 'ill', unreadable)).degraded).toBe(false);
});

test('nor do two that fail for long while PayPay answers others', () => {
  const requests = together(
    every(2, 120, 'ill', failure),
    every(2, 120, 'ill too', unreadable),
    every(5, 120, 'well', answer),
  );
  expect(requests.every((_, n) => !after(...requests.slice(0, n)).degraded)).toBe(true);
});

test('three orders that fail are more than bad luck', () => {
  const ill = ['a', 'b', 'c', 'd'].map((id) => every(5, 60, id, failure));
  expect(after(...together(...ill, every(5, 60, 'well', answer))).degraded).toBe(true);
});

test('PayPay is well again half a minute after the last failure', () => {
  const dead: Request[] = [
    [0, 'a', open],
    [59, 'a', open],
    [60, 'a', answer],
  ];
  expect(after(...dead, [89, 'a', answer])).toMatchObject({ degraded: true, since: 0 });
  expect(after(...dead, [90, 'a', answer])).toMatchObject({ degraded: false, since: 90_000 });
});

test('an order that stays unreadable does not keep PayPay degraded', () => {
  const outage = orders(5, open, 'all', 0);
  const back = together(every(2, 60, 'ill', unreadable), every(5, 60, 'all-1', answer)).map(
    ([second, ...request]) => [second + 60, ...request] as const,
  );
  expect(after(...outage).degraded).toBe(true);
  expect(after(...outage, ...back).degraded).toBe(false);
});

test('a failure among many answers does not keep PayPay degraded', () => {
  const late: Request = [31, 'well-0', failure];
  const outage: Request = [0, 'a', open];
  expect(after(outage, late, ...orders(8, answer, 'well', 42)).degraded).toBe(true);
  expect(after(outage, late, ...orders(9, answer, 'well', 42)).degraded).toBe(false);
});

test('while nobody calls, nothing changes', () => {
  expect(after([0, 'a', open], [3_600, 'a', answer])).toMatchObject({
    degraded: false,
    since: 3_600_000,
  });
  expect(after([0, 'a', open])).toMatchObject({ degraded: true, since: 0 });
});

test('people are told how many requests failed', () => {
  const health = after([0, 'a', answer], [10, 'a', open]);
  expect(inWords(health, settings)).toBe('1 of the latest 2 requests to PayPay failed');
});
