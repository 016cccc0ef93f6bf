/** The watchdog over the views: nothing of them stands still in silence. */
import { setImmediate as turn } from 'node:timers/promises';
import { recordTypes } from '../../../schemas/avro-types';
import { Codec } from '../../../platform/avro/codec';
import { partitionName, type Broker, type RecordReader } from '../../../streams/runtime/broker';
import { WATCH_LIMITS, WORKER_LIMITS } from '../../../streams/runtime/limits';
import { ManualClock } from '../../../platform/manual-clock';
import { MemoryCluster } from '../../../streams/runtime/memory/memory-cluster';
import { MemoryConnection } from '../../../streams/runtime/memory/memory-connection';
import type { RunningApp } from '../../../streams/runtime/running-app';
import type { ViewDatabase } from '../../../streams/views/view-store';
import { startViewsOn } from '../../../streams/views/views';
import { eventTopics } from '../../../topics/catalogue';
import { ordersEvents } from '../../../topics/orders';
import { orderCreated } from './sample-events';

const { readStallMs, retakeStallMs, taskStallMs, watchIntervalMs } = WATCH_LIMITS;

let clock: ManualClock;
let cluster: MemoryCluster;
let connection: MemoryConnection;
let codec: Codec;
let told: string[];

beforeEach(() => {
  clock = new ManualClock(1_000);
  cluster = new MemoryCluster({ clock, autoCreatePartitions: 1 });
  connection = new MemoryConnection({ cluster, clock });
  codec = Codec.local(recordTypes, eventTopics);
  told = [];
});

function record(orderId: string) {
  const value = codec.encode(ordersEvents.name, orderCreated(orderId));
  return { topic: ordersEvents.name, partition: 0, key: orderId, value };
}

/** Postgres' positions alone: no test here looks at rows. */
function database(commit: ViewDatabase['commit']): ViewDatabase {
  const next = new Map<string, number>();
  return {
    prepare: () => Promise.resolve({ migrated: [], rows: { kind: 'kept' } }),
    positions: (places) =>
      Promise.resolve(
        new Map(
          places.map(partitionName).flatMap((name) => {
            const known = next.get(name);
            return known === undefined ? [] : [[name, { next: known, committedMsAgo: 0 }]];
          }),
        ),
      ),
    begin: (starts) => {
      for (const start of starts) next.set(partitionName(start), start.offset);
      return Promise.resolve();
    },
    commit,
    rereadPartition: () => Promise.resolve({ kind: 'committed' }),
    close: () => Promise.resolve(),
  };
}

async function started(
  broker: Broker,
  commit: ViewDatabase['commit'] = () => Promise.resolve({ kind: 'committed' }),
): Promise<RunningApp> {
  const keep = (_fields: object, message: string) => told.push(message);
  const logger = { info: keep, warn: keep, error: keep };
  const views = await startViewsOn(database(commit), { broker, codec, clock, logger });
  await pass(watchIntervalMs);
  return views;
}

async function pass(ms: number): Promise<void> {
  const until = clock.now() + ms;
  while (clock.now() < until) {
    for (let n = 0; n < 20; n += 1) await turn();
    clock.moveTo(Math.min(until, clock.now() + 250));
  }
  for (let n = 0; n < 20; n += 1) await turn();
}

test('a partition that is not read although there is more is aligned anew, then ends the process', async () => {
  const deaf = (reader: RecordReader): RecordReader =>
    Object.create(reader, {
      poll: {
        value: async (maxWaitMs: number) => {
          await clock.sleep(maxWaitMs);
          return [];
        },
      },
    }) as RecordReader;
  const openReader = () => deaf(connection.openReader());
  const views = await started(
    Object.create(connection, { openReader: { value: openReader } }) as Broker,
  );
  cluster.append(record('order-1'));
  await pass(readStallMs + 4 * watchIntervalMs);
  expect(views.health().tasks).toMatchObject([{ partition: 0, stall: { kind: 'reading' } }]);
  await pass(readStallMs + retakeStallMs + watchIntervalMs);
  await expect(views.ended).rejects.toMatchObject({ code: 'STALLED' });
  expect(views.health().state).toBe('failed');
});

test('a batch that Postgres never ends ends the process', async () => {
  const views = await started(connection, () => new Promise(() => undefined));
  cluster.append(record('order-1'));
  await pass(taskStallMs + 2 * watchIntervalMs);
  expect(told).toContain('task is stalled');
  await pass(WORKER_LIMITS.giveUpMs + watchIntervalMs);
  await expect(views.ended).rejects.toMatchObject({ code: 'STALLED' });
});

test('an operator who pauses them is no standstill', async () => {
  const views = await started(connection);
  views.pause();
  cluster.append(record('order-1'));
  await pass(2 * readStallMs);
  expect(told).not.toContain('task is stalled');
  await views.stop();
});
