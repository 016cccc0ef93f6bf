import { Random } from '../../../proof/simulation/random';

function draws(random: Random, count = 20): readonly number[] {
  return Array.from({ length: count }, () => random.between(0, 1_000_000));
}

test('the same seed draws the same numbers, another seed others', () => {
  expect(draws(new Random(1))).toEqual(draws(new Random(1)));
  expect(draws(new Random(1))).not.toEqual(draws(new Random(2)));
});

test('forks of different names are independent, of the same name equal', () => {
  const fork = (name: string) => draws(new Random(1).fork(name));
  expect(fork('faults')).toEqual(fork('faults'));
  expect(fork('faults')).not.toEqual(fork('workload'));
});

test('numbers are spread over the whole range, both ends included', () => {
  const random = new Random(3);
  const seen = new Set(Array.from({ length: 500 }, () => random.between(1, 6)));
  expect([...seen].sort()).toEqual([1, 2, 3, 4, 5, 6]);
});

test('a weight of nothing is never picked', () => {
  const random = new Random(4);
  const picked = Array.from({ length: 200 }, () => random.weighted({ often: 1, never: 0 }));
  expect(new Set(picked)).toEqual(new Set(['often']));
});
