import { quantile, spreadOf } from '../../../proof/bench/statistics';

it('the median of an even count lies between the two in the middle', () => {
  expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 });
  expect(spreadOf([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 });
});

it('a quantile is a value at or below which that share lies', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(quantile(hundred, 0.99)).toBe(99);
  expect(quantile(hundred, 0.999)).toBe(100);
  expect(quantile([7], 0.01)).toBe(7);
});

it('refuses to make a figure of nothing', () => {
  expect(() => spreadOf([])).toThrow('nothing to take a figure of');
});
