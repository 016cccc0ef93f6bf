import { TASK_LIMITS } from '../../../../streams/runtime/limits';
import { ABSENT } from '../../../../streams/runtime/task/entry';
import { Cell, StateCache } from '../../../../streams/runtime/task/state-cache';

function fill(cache: StateCache, name: string): void {
  for (let number = 0; number < TASK_LIMITS.cachedStatesMax; number += 1) {
    cache.add(new Cell(`${name}-${String(number)}`, ABSENT));
  }
}

test('a key that is used stays, one that is not used goes', () => {
  const cache = new StateCache(TASK_LIMITS.cachedStatesMax);
  cache.add(new Cell('used', ABSENT));
  cache.add(new Cell('unused', ABSENT));
  for (const name of ['a', 'b', 'c']) {
    fill(cache, name);
    cache.forgetUnused();
    expect(cache.get('used')).toBeDefined();
  }
  expect(cache.get('unused')).toBeUndefined();
});

test('nothing goes while there is room', () => {
  const cache = new StateCache(3);
  cache.add(new Cell('a', ABSENT));
  cache.add(new Cell('b', ABSENT));
  for (let commits = 0; commits < 5; commits += 1) cache.forgetUnused();
  expect([cache.get('a')?.key, cache.get('b')?.key]).toEqual(['a', 'b']);
});
