import { fullBucket, pause, spend, type TokenBucket } from '../../platform/token-bucket';

const rate = { perSecond: 10, burst: 3 };

function spendTimes(bucket: TokenBucket, times: number, now: number): TokenBucket {
  let result = bucket;
  for (let count = 0; count < times; count += 1) {
    const spending = spend(result, now, rate);
    if (spending.kind === 'empty') throw new Error(`empty after ${count}`);
    result = spending.bucket;
  }
  return result;
}

test('what a quiet time saved up is spent at once, and then calls are evenly spaced', () => {
  const empty = spendTimes(fullBucket(rate, 0), 3, 0);
  expect(spend(empty, 0, rate)).toEqual({ kind: 'empty', waitMs: 100 });
  expect(spend(empty, 40, rate)).toEqual({ kind: 'empty', waitMs: 60 });
  expect(spend(empty, 100, rate).kind).toBe('spent');
});

test('a long quiet time saves up no more than the burst', () => {
  const rested = spendTimes(fullBucket(rate, 0), 3, 3_600_000);
  expect(spend(rested, 3_600_000, rate).kind).toBe('empty');
});

test('the wait it names is long enough', () => {
  const uneven = { perSecond: 7, burst: 1 };
  const bucket = spendTimes(fullBucket(uneven, 0), 1, 0);
  const first = spend(bucket, 0, uneven);
  if (first.kind !== 'empty') throw new Error(first.kind);
  expect(spend(bucket, first.waitMs, uneven).kind).toBe('spent');
});

test('after PayPay asked for a pause nothing is called for its length', () => {
  const paused = pause(fullBucket(rate, 0), 0, 500, rate);
  expect(spend(paused, 499, rate).kind).toBe('empty');
  expect(spend(paused, 500, rate).kind).toBe('spent');
});

test('a clock that goes back neither gives nor takes calls', () => {
  const empty = spendTimes(fullBucket(rate, 1_000), 3, 1_000);
  expect(spend(empty, 0, rate)).toEqual({ kind: 'empty', waitMs: 100 });
});
