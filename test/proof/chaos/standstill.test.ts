import { longestGap } from '../../../proof/chaos/standstill';

test('the longest time without a commit counts, from the last one before', () => {
  expect(longestGap([900, 1_900, 4_000, 4_100], 2_000, 4_200)).toBe(2_100);
});

test('a partition that is still silent at the end has stood still until then', () => {
  expect(longestGap([1_900, 2_100], 2_000, 9_000)).toBe(6_900);
});

test('a partition with nothing to do before tells nothing', () => {
  expect(longestGap([100, 9_000], 5_000, 10_000)).toBeUndefined();
  expect(longestGap([], 5_000, 10_000)).toBeUndefined();
});
