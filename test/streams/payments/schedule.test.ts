import { pollDelayMs, retryDelayMs } from '../../../streams/payments/schedule';
import { paymentsDefaults } from '../../../streams/payments/settings';

const orderIds = Array.from({ length: 500 }, (_, index) => `order-${index}`);

test('the first poll comes 4-5 s after the code', () => {
  for (const orderId of orderIds) {
    const delayMs = pollDelayMs(paymentsDefaults, orderId, 0);
    expect(delayMs).toBeGreaterThanOrEqual(4_000);
    expect(delayMs).toBeLessThanOrEqual(5_000);
  }
});

test('polls of one order come further and further apart, up to the limit', () => {
  const delays = [0, 1, 2, 5, 50].map((round) =>
    pollDelayMs({ ...paymentsDefaults, jitterShare: 0 }, 'order-1', round),
  );
  expect(delays).toEqual([4_000, 6_000, 9_000, 30_000, 30_000]);
});

test('a replay polls at the same times', () => {
  expect(pollDelayMs(paymentsDefaults, 'order-1', 3)).toBe(
    pollDelayMs(paymentsDefaults, 'order-1', 3),
  );
});

test('orders of one moment are spread evenly', () => {
  const tenths = new Array<number>(10).fill(0);
  for (const orderId of orderIds) {
    const share = (pollDelayMs(paymentsDefaults, orderId, 0) - 4_000) / 1_000;
    const tenth = Math.min(9, Math.floor(share * 10));
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  // 50 expected in each.
  expect(Math.min(...tenths)).toBeGreaterThan(25);
  expect(Math.max(...tenths)).toBeLessThan(85);
});

test('the pause after failures doubles up to the limit', () => {
  const settings = { ...paymentsDefaults, jitterShare: 0 };
  const delays = [1, 2, 3, 20].map((count) => retryDelayMs(settings, 'order-1', count, 30_000));
  expect(delays).toEqual([2_000, 4_000, 8_000, 30_000]);
});
