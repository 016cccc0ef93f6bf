import { fullBudget, pause, spend, type Budget } from '../../../streams/gateway/call-budget';

const settings = { callsPerSecond: 10, callsBurst: 3 };

function spendTimes(budget: Budget, times: number, now: number): Budget {
  let result = budget;
  for (let count = 0; count < times; count += 1) {
    const spending = spend(result, now, settings);
    if (spending.kind === 'empty') throw new Error(`empty after ${count}`);
    result = spending.budget;
  }
  return result;
}

test('what a quiet time saved up is spent at once, and then calls are evenly spaced', () => {
  const empty = spendTimes(fullBudget(settings, 0), 3, 0);
  expect(spend(empty, 0, settings)).toEqual({ kind: 'empty', waitMs: 100 });
  expect(spend(empty, 40, settings)).toEqual({ kind: 'empty', waitMs: 60 });
  expect(spend(empty, 100, settings).kind).toBe('spent');
});

test('a long quiet time saves up no more than the burst', () => {
  const rested = spendTimes(fullBudget(settings, 0), 3, 3_600_000);
  expect(spend(rested, 3_600_000, settings).kind).toBe('empty');
});

test('the wait it names is long enough', () => {
  const uneven = { callsPerSecond: 7, callsBurst: 1 };
  const budget = spendTimes(fullBudget(uneven, 0), 1, 0);
  const first = spend(budget, 0, uneven);
  if (first.kind !== 'empty') throw new Error(first.kind);
  expect(spend(budget, first.waitMs, uneven).kind).toBe('spent');
});

test('after PayPay asked for a pause nothing is called for its length', () => {
  const paused = pause(fullBudget(settings, 0), 0, 500, settings);
  expect(spend(paused, 499, settings).kind).toBe('empty');
  expect(spend(paused, 500, settings).kind).toBe('spent');
});

test('a clock that goes back neither gives nor takes calls', () => {
  const empty = spendTimes(fullBudget(settings, 1_000), 3, 1_000);
  expect(spend(empty, 0, settings)).toEqual({ kind: 'empty', waitMs: 100 });
});
