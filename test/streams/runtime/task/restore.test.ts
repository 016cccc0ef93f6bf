import { ManualClock } from '../../../../platform/manual-clock';
import { TASK_LIMITS } from '../../../../streams/runtime/limits';
import { MemoryBroker } from '../../../../streams/runtime/memory-broker';
import { MemoryStore } from '../../../../streams/runtime/store/memory-store';
import type { StoreBatch } from '../../../../streams/runtime/store/store';
import { restore } from '../../../../streams/runtime/task/restore';
import type { RestoreReport } from '../../../../streams/runtime/task/restore-progress';
import { encodeState } from '../../../../streams/runtime/task/state-record';
import { ABSENT, type Entry, type Timers } from '../../../../streams/runtime/task/entry';
import { probe } from '../probe-app';
import { probeCodec } from '../probe-fixture';

const { app } = probe();
const codec = probeCodec('probe');
const changelog = { topic: app.changelog.name, partition: 0 };

/** Notes what is written to it. */
class NotingStore extends MemoryStore {
  readonly batches: StoreBatch[] = [];

  override write(batch: StoreBatch): Promise<void> {
    this.batches.push(batch);
    return super.write(batch);
  }
}

let broker: MemoryBroker;
let clock: ManualClock;
let store: NotingStore;
let reports: { readonly report: RestoreReport; readonly isDue: boolean }[];

beforeEach(() => {
  clock = new ManualClock(1_000);
  broker = new MemoryBroker(clock);
  store = new NotingStore();
  reports = [];
});

/** A state with a timer due at `dueAt`; without one for `undefined`; null deletes. */
function log(key: string, dueAt: number | undefined | null): number {
  const timers: Timers = typeof dueAt === 'number' ? { grace: dueAt } : {};
  const change = { changeEventId: 'event', requestFingerprint: '' };
  const state = { type: 'LimitChangeState', ...change, timers: {} } as const;
  const entry: Entry = dueAt === null ? ABSENT : { kind: 'present', state, timers };
  return broker.append({ ...changelog, key, value: encodeState(codec, changelog.topic, entry) });
}

function targetAt(changelogPosition: number) {
  return { seq: 7, changelogPosition, storeId: 'store', clusterId: 'memory', writtenAt: 0 };
}

function run(knowledge: 'known' | 'unknown', from: number, to: number) {
  const progress = (report: RestoreReport, isDue: boolean) => reports.push({ report, isDue });
  const deps = { broker, clock, codec, store, learn: () => Promise.resolve() };
  return restore(
    { ...deps, wanted: () => true, progress },
    { ...changelog, from, to },
    targetAt(to),
    knowledge,
  );
}

describe.each(['known', 'unknown'] as const)('a store that is %s', (knowledge) => {
  test('has the newest state and the timers of each key, and no others', async () => {
    log('moved', 100);
    log('cleared', 200);
    log('deleted', 300);
    log('kept', 400);
    const middle = log('moved', 500) + 1;
    await run(knowledge, 0, middle);
    log('cleared', undefined);
    const end = log('deleted', null) + 1;
    await run(knowledge, middle, end);
    expect(await store.earliestTimers(10)).toEqual([
      { key: 'kept', name: 'grace', dueAt: 400 },
      { key: 'moved', name: 'grace', dueAt: 500 },
    ]);
    const [moved, deleted] = await store.getMany(['moved', 'deleted']);
    expect([moved !== undefined, deleted]).toEqual([true, undefined]);
    expect(await store.checkpoint()).toEqual(targetAt(end));
  });

  test('says commit 0 until it is whole, so that a kill on the way is noticed', async () => {
    log('a', 100);
    const end = log('b', 200) + 1;
    await run(knowledge, 0, end);
    const seqs = store.batches.map(({ checkpoint }) => checkpoint.seq);
    expect(new Set(seqs.slice(0, -1))).toEqual(new Set([0]));
    expect(seqs.at(-1)).toBe(7);
  });
});

test('rows of timers that were overtaken are found also when there are more than one look takes', async () => {
  const keys = Array.from(
    { length: 2 * TASK_LIMITS.sweepTimersMax + 1 },
    (_, n) => `k${String(n)}`,
  );
  for (const key of keys) log(key, 100);
  let end = 0;
  for (const key of keys) end = log(key, key === 'k7' ? 900 : undefined) + 1;
  // In two parts, so that the rows of the first are in the store before the second is read.
  await run('unknown', 0, keys.length);
  await run('unknown', keys.length, end);
  expect(await store.earliestTimers(10)).toEqual([{ key: 'k7', name: 'grace', dueAt: 900 }]);
});

test('B1: no write holds more records than its limit', async () => {
  let end = 0;
  const count = 2 * TASK_LIMITS.restoreRecordsMax + 1;
  for (let n = 0; n < count; n += 1) end = log(`k${String(n)}`, undefined) + 1;
  await run('unknown', 0, end);
  const sizes = store.batches.map(({ states }) => states.length).filter((size) => size > 0);
  expect(sizes).toEqual([TASK_LIMITS.restoreRecordsMax, TASK_LIMITS.restoreRecordsMax, 1]);
});

test('tells how far it is, and when it is time to say so', async () => {
  log('a', undefined);
  const end = log('b', undefined) + 1;
  const report = await run('unknown', 0, end);
  expect(report).toMatchObject({ records: 2, offsetsLeft: 0, secondsLeft: 0 });
  expect(reports.map(({ isDue }) => isDue)).toEqual([false]);
});
