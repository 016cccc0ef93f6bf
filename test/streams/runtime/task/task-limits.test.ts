/** B1: what a task holds and does at once, at its limits. */
import { recordTypes } from '../../../../schemas/avro-types';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FetchedPartition } from '../../../../streams/runtime/broker';
import { TASK_LIMITS } from '../../../../streams/runtime/limits';
import { ManualClock } from '../../../../platform/manual-clock';
import { MemoryBroker } from '../../../../streams/runtime/memory-broker';
import { MemoryStore } from '../../../../streams/runtime/store/memory-store';
import { RocksDbStore } from '../../../../streams/runtime/store/rocksdb-store';
import { deadLetterOfRecord } from '../../../../streams/runtime/task/dead-letter';
import { RecordDecoder } from '../../../../streams/runtime/task/record-decoder';
import type { RunningTask } from '../../../../streams/runtime/task/running-task';
import { takeTask } from '../../../../streams/runtime/task/take';
import { TopologyTestDriver } from '../../../../streams/runtime/test-driver';
import { GRACE_MS, answer, probe, request } from '../probe-app';
import { probeCodec } from '../probe-fixture';

const { app, requests, answers, results, deadLetters } = probe();
const codec = probeCodec('probe');
const START = 1_000_000;

let clock: ManualClock;
let broker: MemoryBroker;
let task: RunningTask;

beforeEach(async () => {
  clock = new ManualClock(START);
  broker = new MemoryBroker(clock);
  const decoder = new RecordDecoder(app, codec, clock, new AbortController().signal);
  const store = new MemoryStore();
  task = await takeTask(
    {
      ...{ app, partitions: 1, deadLetters, broker, decoder, clock, clockSlackMs: 0 },
      openProducer: () => broker.openProducer(`${app.name}-0`),
      stores: {
        open: () => Promise.resolve(store),
        destroy: () => store.clear(),
        partitions: () => [],
      },
      wanted: () => true,
      learn: () => Promise.resolve(),
      inTurn: (build) => build(),
      restoring: () => undefined,
      progress: () => undefined,
      restored: () => undefined,
    },
    0,
  );
});

/** Gives the task `count` answers, each of a user with a name of so many characters. */
async function offerAnswers(count: number, characters = 4): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const event = { ...answer(`o${String(number)}`), userId: 'u'.repeat(characters) };
    const value = codec.encode(answers.name, event);
    broker.append({ topic: answers.name, partition: 0, key: event.orderId, value });
  }
  const reader = broker.openReader();
  reader.assign({ topic: answers.name, partition: 0 }, 0);
  for (const fetched of await reader.poll(0)) task.offer(fetched);
  await reader.close();
}

function handled(): number {
  return task.inputViews.find(({ place }) => place.topic === answers.name)?.handledTo ?? 0;
}

function committed(): number {
  return broker.recordsOf({ topic: results.name, partition: 0 }).length;
}

test('a round handles no more records than its limit, so that the thread is given back', async () => {
  await offerAnswers(3 * TASK_LIMITS.roundRecordsMax);
  await task.step();
  expect(handled()).toBe(TASK_LIMITS.roundRecordsMax);
});

test('under a backlog a commit is made once it has its records, and not before', async () => {
  await offerAnswers(TASK_LIMITS.commitRecordsMax + 2 * TASK_LIMITS.roundRecordsMax);
  while (committed() === 0) await task.step();
  expect(committed()).toBeGreaterThanOrEqual(TASK_LIMITS.commitRecordsMax);
  expect(committed()).toBeLessThan(TASK_LIMITS.commitRecordsMax + TASK_LIMITS.roundRecordsMax);
});

test('a commit of large records is made before it outgrows its bytes', async () => {
  const characters = 100 * 1_024;
  await offerAnswers(200, characters);
  while (committed() === 0) await task.step();
  const bytes = committed() * characters;
  expect(bytes).toBeGreaterThan(TASK_LIMITS.commitBytesMax - 2 * characters);
  expect(bytes).toBeLessThan(TASK_LIMITS.commitBytesMax + 2 * characters);
});

test('under a backlog nothing that is handled waits longer than the interval for its commit', async () => {
  await offerAnswers(4 * TASK_LIMITS.roundRecordsMax);
  await task.step();
  expect(committed()).toBe(0);
  clock.moveTo(START + TASK_LIMITS.commitIntervalMs);
  await task.step();
  expect(committed()).toBe(2 * TASK_LIMITS.roundRecordsMax);
});

test('what is far behind gathers longer, so that a key which changes often is written once', async () => {
  await offerAnswers(TASK_LIMITS.commitRecordsMax + 4 * TASK_LIMITS.roundRecordsMax);
  await task.step();
  clock.moveTo(START + TASK_LIMITS.commitIntervalMs);
  await task.step();
  expect(committed()).toBe(0);
  clock.moveTo(START + TASK_LIMITS.commitBacklogIntervalMs);
  await task.step();
  expect(committed()).toBe(3 * TASK_LIMITS.roundRecordsMax);
});

test('a task that waits for another partition looks again after the recheck, not in a loop', async () => {
  const event = request('o1');
  const value = codec.encode(requests.name, event);
  broker.append({ topic: requests.name, partition: 0, key: event.orderId, value });
  const unread: FetchedPartition = {
    ...{ topic: requests.name, partition: 0, highWatermark: 1, lastStableOffset: 1, nextOffset: 1 },
    records: broker.recordsOf({ topic: requests.name, partition: 0 }),
  };
  task.offer(unread);
  while ((await task.step()).kind === 'worked');
  // An answer is in the log and has not been read.
  broker.append({ topic: answers.name, partition: 0, key: 'o1', value: Buffer.from('unread') });
  clock.moveTo(START + GRACE_MS);
  expect(await task.step()).toEqual({
    kind: 'idle',
    wakeAt: START + GRACE_MS + TASK_LIMITS.gateRecheckMs,
  });
});

test('more timers than stand in memory all fire, in their order', async () => {
  const driver = await TopologyTestDriver.start([app], { records: recordTypes, startAt: START });
  const count = TASK_LIMITS.timersInMemoryMax + 100;
  for (let number = 0; number < count; number += 1) {
    driver.append(requests, request(`o${String(number)}`));
  }
  await driver.advance(GRACE_MS);
  expect(driver.take(results)).toHaveLength(count);
});

test('what is too large to be emitted is a dead letter, and its handler is taken back', async () => {
  const driver = await TopologyTestDriver.start([app], { records: recordTypes, startAt: START });
  const event = { ...answer('o1'), userId: 'u'.repeat(TASK_LIMITS.recordBytesMax) };
  await driver.pipe(answers, event);
  expect(driver.deadLetters()).toHaveLength(1);
  expect(driver.take(results)).toEqual([]);
  expect(await driver.state('probe', 'o1')).toBeUndefined();
});

describe('a dead letter', () => {
  const record = {
    ...{ topic: 'input', partition: 0, offset: 0, timestamp: 0, key: null, value: null },
    headers: {
      small: Buffer.from('kept'),
      large: Buffer.alloc(TASK_LIMITS.deadLetterHeaderBytesMax),
      after: Buffer.from('cut with it'),
    },
  };

  test('keeps the headers that fit, the first ones', () => {
    const letter = deadLetterOfRecord('app', record, { errorCode: 'BAD', reason: 'why' });
    expect(Object.keys(letter.headers)).toEqual(['small']);
  });

  test('quotes no more of a reason than fits', () => {
    const reason = 'x'.repeat(2 * TASK_LIMITS.deadLetterReasonCharactersMax);
    const letter = deadLetterOfRecord('app', record, { errorCode: 'BAD', reason });
    expect(letter.reason).toHaveLength(TASK_LIMITS.deadLetterReasonCharactersMax);
  });
});

describe('a store on disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'limits-'));
  const checkpoint = { seq: 1, changelogPosition: 0, storeId: 's', clusterId: 'c', writtenAt: 0 };
  let store: RocksDbStore;

  beforeEach(async () => {
    store = await RocksDbStore.open(join(folder, 'store'));
  });

  afterEach(() => store.close());

  afterAll(() => rmSync(folder, { recursive: true }));

  test('writes a table before more than its memory is to be replayed after a kill', async () => {
    const value = Buffer.alloc(1024 * 1024, 'v');
    const writes = (2 * TASK_LIMITS.storeMemtableBytes) / value.length;
    for (let number = 0; number < writes; number += 1) {
      const states = [[`k${String(number)}`, value] as const];
      await store.write({ states, timersCleared: [], timersSet: [], checkpoint });
    }
    const path = join(folder, 'store');
    expect(existsSync(path)).toBe(true);
    expect(readdirSync(path).filter((name) => name.endsWith('.sst'))).not.toEqual([]);
  });

  test('gives more timers than an iterator fetches at once', async () => {
    const count = 2 * TASK_LIMITS.storeIteratorRows + 1;
    const timersSet = Array.from({ length: count }, (_, dueAt) => ({ key: 'k', name: 'n', dueAt }));
    await store.write({ states: [], timersCleared: [], timersSet, checkpoint });
    const timers = await store.earliestTimers(2 * count);
    expect(timers.map(({ dueAt }) => dueAt)).toEqual(timersSet.map(({ dueAt }) => dueAt));
  });
});
