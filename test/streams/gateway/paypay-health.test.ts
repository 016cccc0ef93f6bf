import {
  inWords,
  noted,
  wellSince,
  type PayPayHealth,
} from '../../../streams/gateway/paypay-health';
import { gatewayDefaults } from '../../../streams/gateway/settings';

const { health: settings } = gatewayDefaults;
const closed = { failed: false, isCircuitClosed: true };
const failure = { failed: true, isCircuitClosed: true };
const open = { failed: true, isCircuitClosed: false };

/** `outcomes`: what a call at that second came to. */
function after(...outcomes: readonly (readonly [second: number, outcome: typeof closed])[]) {
  return outcomes.reduce<PayPayHealth>(
    (health, [second, outcome]) => noted(health, outcome, second * 1_000, settings),
    wellSince(0),
  );
}

function times(count: number, outcome: typeof closed) {
  return Array.from({ length: count }, () => [1, outcome] as const);
}

test('PayPay is degraded at once when the circuit opens', () => {
  expect(after([1, failure], [2, failure])).toMatchObject({ degraded: false });
  expect(after([1, failure], [2, open])).toMatchObject({ degraded: true, since: 2_000 });
});

test('PayPay is degraded when half of twenty calls within a minute fail', () => {
  expect(after(...times(11, closed), ...times(9, failure))).toMatchObject({ degraded: false });
  expect(after(...times(10, closed), ...times(10, failure))).toMatchObject({ degraded: true });
});

test('a few calls that fail prove nothing, and those of long ago nothing any more', () => {
  expect(after(...times(19, failure))).toMatchObject({ degraded: false });
  expect(after(...times(19, failure), [70, failure])).toMatchObject({ degraded: false });
});

test('PayPay is well again half a minute after the last failure', () => {
  const dead = [0, open] as const;
  const last = [59, open] as const;
  expect(after(dead, last, [60, closed], [89, closed])).toMatchObject({ degraded: true, since: 0 });
  expect(after(dead, last, [60, closed], [90, closed])).toMatchObject({
    degraded: false,
    since: 90_000,
  });
});

test('a failure among many answers does not keep PayPay degraded', () => {
  const recovering = after([0, open], [41, failure], ...times(0, closed));
  const answers = Array.from({ length: 9 }, () => closed);
  const later = answers.reduce(
    (health, outcome) => noted(health, outcome, 42_000, settings),
    recovering,
  );
  expect(later.degraded).toBe(false);
});

test('while nobody calls, nothing changes', () => {
  expect(after([0, open], [3_600, closed])).toMatchObject({ degraded: false, since: 3_600_000 });
  expect(after([0, open])).toMatchObject({ degraded: true, since: 0 });
});

test('people are told how many calls failed', () => {
  expect(inWords(after([0, closed], [1, open]))).toBe('1 of the latest 2 calls of PayPay failed');
});
