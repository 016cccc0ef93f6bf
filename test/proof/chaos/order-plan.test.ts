import { drawOrder } from '../../../proof/chaos/order-plan';
import { Random } from '../../../proof/simulation/random';

function drawn(seed: number) {
  const random = new Random(seed);
  return Array.from({ length: 2_000 }, (_, index) =>
    drawOrder(random.fork(String(index)), seed, index),
  );
}

test('the orders of a seed are the same every time', () => {
  expect(drawn(1)).toEqual(drawn(1));
  expect(drawn(2)).not.toEqual(drawn(1));
});

test('most orders are simply paid; all that may happen to one happens to some', () => {
  const orders = drawn(1);
  const simple = orders.filter(
    ({ faults, cancelAfterMs }) => faults.length === 0 && cancelAfterMs === undefined,
  );
  expect(simple.length).toBeGreaterThan(orders.length / 2);
  const faults = new Set(orders.flatMap((order) => order.faults));
  const some = [
    'lost',
    'doubled',
    'forged',
    'never-paid',
    'second-payment',
    'authorized-only',
  ] as const;
  for (const fault of some) {
    expect(faults).toContain(fault);
  }
  expect(orders.some(({ cancelAfterMs }) => cancelAfterMs !== undefined)).toBe(true);
});

test('an order with a wrong amount does not end by itself', () => {
  for (const { faults, endsByItself } of drawn(1)) {
    const wrong = faults.includes('wrong-amount') || faults.includes('wrong-currency');
    expect(endsByItself).toBe(!wrong);
  }
});
