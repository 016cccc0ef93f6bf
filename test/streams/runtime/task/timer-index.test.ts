import type { Timer } from '../../../../streams/runtime/app';
import { compareTimers } from '../../../../streams/runtime/store/store';
import { TimerIndex } from '../../../../streams/runtime/task/timer-index';

const timer = (key: string, dueAt: number, name = 'x'): Timer => ({ key, name, dueAt });

function drain(index: TimerIndex): Timer[] {
  const fired: Timer[] = [];
  for (let next = index.earliest(); next !== undefined; next = index.earliest()) {
    fired.push(next);
    index.clear(next);
  }
  return fired;
}

describe('T2: timers by due time', () => {
  test('gives the earliest, ties by key and name', () => {
    const index = new TimerIndex(10);
    index.load([]);
    for (const set of [timer('b', 5), timer('a', 5, 'y'), timer('a', 5), timer('z', 1)]) {
      index.set(set);
    }
    expect(drain(index)).toEqual([timer('z', 1), timer('a', 5), timer('a', 5, 'y'), timer('b', 5)]);
  });

  test('a timer that was moved fires once, at its new time', () => {
    const index = new TimerIndex(10);
    index.load([timer('a', 5)]);
    index.set(timer('a', 9));
    expect(drain(index)).toEqual([timer('a', 9)]);
  });

  test('a timer moved away and back again fires once', () => {
    const index = new TimerIndex(10);
    index.load([timer('a', 5)]);
    index.set(timer('a', 9));
    index.set(timer('a', 5));
    expect(drain(index)).toEqual([timer('a', 5)]);
  });

  test('timers past what is in memory stay on disk until the earlier ones are gone', () => {
    const onDisk = Array.from({ length: 25 }, (_, at) => timer(`k${String(at)}`, at));
    const index = new TimerIndex(10);
    const fired: Timer[] = [];
    const rest = () => onDisk.filter((row) => !fired.includes(row)).sort(compareTimers);
    index.load(rest().slice(0, 10));
    for (let loads = 0; loads < 10 && fired.length < 25; loads += 1) {
      fired.push(...drain(index));
      if (index.mustReload) index.load(rest().slice(0, 10));
    }
    expect(fired).toEqual(onDisk);
    expect(index.mustReload).toBe(false);
  });

  test('a new timer before the horizon is kept, one past it is left to the disk', () => {
    const index = new TimerIndex(2);
    index.load([timer('a', 1), timer('b', 10)]);
    index.set(timer('c', 5));
    index.set(timer('d', 50));
    expect(drain(index).map(({ key }) => key)).toEqual(['a', 'c']);
    expect(index.mustReload).toBe(true);
  });

  test('more equal due times than fit in memory still make progress', () => {
    const index = new TimerIndex(2);
    index.load([timer('a', 7), timer('b', 7)]);
    expect(drain(index).map(({ key }) => key)).toEqual(['a', 'b']);
    expect(index.mustReload).toBe(true);
  });

  test('looks ahead no further than asked for', () => {
    const index = new TimerIndex(10);
    index.load([timer('a', 1), timer('b', 2), timer('c', 3)]);
    expect(index.upcoming(10, 2).map(({ key }) => key)).toEqual(['a', 'b']);
    expect(index.upcoming(1, 9).map(({ key }) => key)).toEqual(['a']);
  });
});
