/** S1 on the real RocksDB and Kafka: what becomes of each kind of store that a task may find. */
import { cpSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import RocksDB from 'rocksdb-native';
import { CHECKPOINT_ROW } from '../../../../streams/runtime/store/row-key';
import type { RestoreHealth } from '../../../../streams/runtime/task/restore-status';
import type { RunningApp } from '../../../../streams/runtime/running-app';
import { request } from '../probe-app';
import { PARTITIONS, ProbeFixture, eventually } from '../probe-fixture';

jest.setTimeout(120_000);

const ORDERS = 200;

let fixture: ProbeFixture;

beforeEach(async () => {
  fixture = await ProbeFixture.open('restore');
});

afterEach(() => fixture.close());

/** Runs the probe until every order is released, and stops it; its stores are current then. */
async function leaveStores(): Promise<void> {
  const { stop } = await fixture.startWorker('one');
  const orders = Array.from({ length: ORDERS }, (_, order) => request(`o${String(order)}`));
  await fixture.write(fixture.requests, ...orders);
  await eventually(
    'every order is released',
    async () => (await fixture.read(fixture.results)).length >= ORDERS,
  );
  await stop();
  fixture.logged.splice(0);
}

async function restart(): Promise<readonly RestoreHealth[]> {
  const { worker } = await fixture.startWorker('one');
  return restoresOf(worker);
}

function restoresOf(worker: RunningApp): readonly RestoreHealth[] {
  return worker.health().tasks.flatMap(({ restore }) => restore ?? []);
}

/** Both partitions together: which orders are in which is not what these tests are about. */
function recordsOf(restores: readonly RestoreHealth[]): number {
  return restores.reduce((sum, { records }) => sum + records, 0);
}

function said(message: string): readonly object[] {
  return fixture.logged.filter((line) => line.message === message);
}

function storePath(partition: number): string {
  return join(fixture.data, fixture.prefix, 'one', String(partition));
}

const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);

/** Changes the checkpoint of every store behind the runtime's back. */
async function forge(change: object): Promise<void> {
  for (const partition of partitions) {
    const database = new RocksDB(storePath(partition));
    await database.ready();
    const read = database.read({ capacity: 1, autoDestroy: true });
    const found = read.get(CHECKPOINT_ROW);
    read.tryFlush();
    const checkpoint = JSON.parse(String(await found)) as object;
    const write = database.write({ capacity: 1, autoDestroy: true });
    write.tryPut(CHECKPOINT_ROW, Buffer.from(JSON.stringify({ ...checkpoint, ...change })));
    await write.flush();
    await database.close();
  }
}

/** Half of the largest file of a kind, so that something of its end is missing. */
function truncate(partition: number, kind: RegExp): void {
  const files = readdirSync(storePath(partition))
    .filter((name) => kind.test(name))
    .map((name) => join(storePath(partition), name))
    .sort((a, b) => statSync(b).size - statSync(a).size);
  const [largest = ''] = files;
  truncateSync(largest, Math.floor(statSync(largest).size / 2));
}

/** Timers and all: the state of an order that asks again is known, so it is not released twice. */
async function expectWholeState(): Promise<void> {
  await fixture.write(fixture.requests, request('o0'), request('o1'), request('new'));
  await eventually('the new order is released', async () =>
    (await fixture.read(fixture.results)).some(({ orderId }) => orderId === 'new'),
  );
  expect(await fixture.read(fixture.results)).toHaveLength(ORDERS + 1);
}

test('a current store is used as it is: not one record of the changelog is read', async () => {
  await leaveStores();
  const restores = await restart();
  expect(restores.map(({ plan, state }) => [plan, state])).toEqual([
    ['current', 'done'],
    ['current', 'done'],
  ]);
  expect(recordsOf(restores)).toBe(0);
  expect(said('task initialized')).toMatchObject([
    { plan: 'current', records: 0 },
    { plan: 'current', records: 0 },
  ]);
  await expectWholeState();
});

test('a store that is behind catches up from its own position, and reads no more', async () => {
  await leaveStores();
  // Put back later, it is what a process leaves that was killed before its last writes.
  const behind = join(fixture.data, 'behind');
  for (const partition of partitions) {
    cpSync(storePath(partition), join(behind, String(partition)), { recursive: true });
  }
  const { stop } = await fixture.startWorker('one');
  await fixture.write(fixture.requests, request('x1'), request('x2'), request('x3'));
  await eventually('they are released', async () => {
    const released = await fixture.read(fixture.results);
    return released.length >= ORDERS + 3;
  });
  await stop();
  for (const partition of partitions) {
    rmSync(storePath(partition), { recursive: true });
    cpSync(join(behind, String(partition)), storePath(partition), { recursive: true });
  }
  const restores = await restart();
  expect(restores.some(({ plan }) => plan === 'catch-up')).toBe(true);
  // Each was written when it was asked for and when its timer was gone; none of the others is read.
  expect(recordsOf(restores)).toBeGreaterThanOrEqual(3);
  expect(recordsOf(restores)).toBeLessThanOrEqual(6);
  await fixture.write(fixture.requests, request('x1'), request('new'));
  await eventually('the new order is released', async () =>
    (await fixture.read(fixture.results)).some(({ orderId }) => orderId === 'new'),
  );
  expect(await fixture.read(fixture.results)).toHaveLength(ORDERS + 4);
});

describe('rebuilt from the changelog, with a line that says why:', () => {
  const damages: readonly (readonly [string, () => Promise<void> | void, string, object])[] = [
    [
      'a lost store',
      () => partitions.forEach((partition) => rmSync(storePath(partition), { recursive: true })),
      'rebuilding the store',
      { why: 'there is none' },
    ],
    [
      'a truncated manifest',
      () => partitions.forEach((partition) => truncate(partition, /^MANIFEST/)),
      'store damaged: it will be rebuilt',
      {},
    ],
    [
      'another format version',
      () => forge({ version: 999 }),
      'store damaged: it will be rebuilt',
      { error: expect.stringContaining('has format 999, this build reads 1') as string },
    ],
    [
      "another cluster's data",
      () => forge({ clusterId: 'elsewhere' }),
      'rebuilding the store',
      { why: 'it belongs to cluster elsewhere' },
    ],
    [
      'another history of the same app',
      () => forge({ storeId: 'another' }),
      'rebuilding the store',
      { why: 'it has the id of another store' },
    ],
    [
      'a store ahead of what Kafka has',
      () => forge({ seq: 1_000_000 }),
      'rebuilding the store',
      { why: expect.stringMatching(/^it is at commit 1000000, Kafka at \d+$/) as string },
    ],
  ];

  test.each(damages)('%s', async (_what, damage, message, fields) => {
    await leaveStores();
    await damage();
    const restores = await restart();
    expect(restores.map(({ plan }) => plan)).toEqual(['rebuild', 'rebuild']);
    expect(recordsOf(restores)).toBeGreaterThanOrEqual(ORDERS);
    expect(
      restores.every(
        ({ recordsPerSecond, secondsLeft }) => recordsPerSecond > 0 && secondsLeft === 0,
      ),
    ).toBe(true);
    expect(said(message)).toMatchObject([fields, fields]);
    expect(said('store rebuilt')).toHaveLength(PARTITIONS);
    await expectWholeState();
  });
});

test('a table that was cut short is found and its store rebuilt', async () => {
  await leaveStores();
  for (const partition of partitions) {
    const database = new RocksDB(storePath(partition));
    await database.ready();
    await database.flush();
    await database.close();
    truncate(partition, /\.sst$/);
  }
  const restores = await restart();
  expect(restores.map(({ plan }) => plan)).toEqual(['rebuild', 'rebuild']);
  await expectWholeState();
});
