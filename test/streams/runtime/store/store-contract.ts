/** What every store must keep, whatever it is made of. */
import type { Checkpoint, Store } from '../../../../streams/runtime/store/store';

const CHECKPOINT: Checkpoint = {
  seq: 3,
  changelogPosition: 42,
  storeId: 'store',
  clusterId: 'cluster',
  writtenAt: 1_000,
};

const NOTHING = { states: [], timersCleared: [], timersSet: [], checkpoint: CHECKPOINT };

export function describeStore(name: string, open: () => Promise<Store>): void {
  describe(name, () => {
    let store: Store;

    beforeEach(async () => {
      store = await open();
    });

    afterEach(async () => {
      await store.close();
    });

    test('has no checkpoint before anything was written', async () => {
      expect(await store.checkpoint()).toBeUndefined();
    });

    test('gives back what was written, in the order that was asked for', async () => {
      await store.write({
        ...NOTHING,
        states: [
          ['a', Buffer.from('1')],
          ['b', Buffer.from('2')],
        ],
      });
      const values = await store.getMany(['b', 'missing', 'a']);
      expect(values.map((value) => value?.toString())).toEqual(['2', undefined, '1']);
      expect(await store.checkpoint()).toEqual(CHECKPOINT);
    });

    test('an empty value is a value, a null one deletes', async () => {
      await store.write({
        ...NOTHING,
        states: [
          ['a', Buffer.alloc(0)],
          ['b', Buffer.from('2')],
        ],
      });
      await store.write({ ...NOTHING, states: [['b', null]] });
      const [a, b] = await store.getMany(['a', 'b']);
      expect(a).toHaveLength(0);
      expect(b).toBeUndefined();
    });

    test('gives timers by due time, then key, then name, and no more than asked for', async () => {
      const timersSet = [
        { key: 'b', name: 'x', dueAt: 300 },
        { key: 'b', name: 'a', dueAt: 70_000 },
        { key: 'a', name: 'x', dueAt: 300 },
        { key: 'a', name: 'w', dueAt: 300 },
      ];
      await store.write({ ...NOTHING, timersSet });
      const names = (await store.earliestTimers(3)).map(({ key, name }) => key + name);
      expect(names).toEqual(['aw', 'ax', 'bx']);
    });

    test('gives all timers in parts, each behind the last of the one before', async () => {
      const timersSet = [5, 1, 4, 2, 3].map((dueAt) => ({ key: 'a', name: 'x', dueAt }));
      await store.write({ ...NOTHING, timersSet });
      const seen: number[] = [];
      let part = await store.earliestTimers(2);
      for (let last = part.at(-1); last !== undefined; last = part.at(-1)) {
        seen.push(...part.map(({ dueAt }) => dueAt));
        part = await store.timersAfter(last, 2);
      }
      expect(seen).toEqual([1, 2, 3, 4, 5]);
    });

    test('a cleared timer is gone, one moved in the same batch stays', async () => {
      const timer = { key: 'a', name: 'x', dueAt: 300 };
      await store.write({ ...NOTHING, timersSet: [timer] });
      const moved = { ...timer, dueAt: 400 };
      await store.write({ ...NOTHING, timersCleared: [timer], timersSet: [moved] });
      expect(await store.earliestTimers(10)).toEqual([moved]);
    });

    test('keys of any text do not mix with timers or the checkpoint', async () => {
      const keys = ['c', 't', '', '東京', 's/t', 'a\u0000b'];
      await store.write({
        ...NOTHING,
        states: keys.map((key) => [key, Buffer.from(key)] as const),
        timersSet: [{ key: '東京', name: 'a\u0000b', dueAt: 5 }],
      });
      const values = await store.getMany(keys);
      expect(values.map((value) => value?.toString())).toEqual(keys);
      expect(await store.earliestTimers(10)).toEqual([{ key: '東京', name: 'a\u0000b', dueAt: 5 }]);
    });

    test('forgets everything when cleared and goes on', async () => {
      await store.write({
        ...NOTHING,
        states: [['a', Buffer.from('1')]],
        timersSet: [{ key: 'a', name: 'x', dueAt: 1 }],
      });
      await store.clear();
      expect(await store.checkpoint()).toBeUndefined();
      expect(await store.getMany(['a'])).toEqual([undefined]);
      expect(await store.earliestTimers(10)).toEqual([]);
      await store.write({ ...NOTHING, states: [['a', Buffer.from('2')]] });
      expect((await store.getMany(['a']))[0]?.toString()).toBe('2');
    });
  });
}
