import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { systemClock } from '../../../platform/clock';
import { StoreFolder } from '../../../streams/runtime/store/store-folder';
import { RecordDecoder } from '../../../streams/runtime/task/record-decoder';
import type { RunningTask } from '../../../streams/runtime/task/running-task';
import { takeTask } from '../../../streams/runtime/task/take';
import { partitionFor } from '../../../streams/runtime/kafka/partitioner';
import { GRACE_MS, answer, request } from './probe-app';
import { PARTITIONS, ProbeFixture, eventually } from './probe-fixture';

jest.setTimeout(120_000);

let fixture: ProbeFixture;

afterEach(async () => {
  await fixture.close();
});

function ordersOf(events: readonly { readonly orderId: string }[]): string[] {
  return events.map(({ orderId }) => orderId).sort();
}

/** Runs the probe in a process of its own until it kills itself. */
async function runUntilKilled(kind: 'state' | 'timer'): Promise<void> {
  const script = join(__dirname, 'killed-worker.ts');
  const tsx = require.resolve('tsx/cli');
  const child = spawn(process.execPath, [tsx, script, fixture.prefix, fixture.data, kind], {
    stdio: 'inherit',
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  // tsx passes its child's end on, as a signal or as 128 + its number.
  expect(signal === 'SIGKILL' || code === 137).toBe(true);
}

test('an app on a real broker answers, lets timers fire, and goes on after a restart', async () => {
  fixture = await ProbeFixture.open('restart');
  const first = await fixture.startWorker('one');
  const orders = ['o1', 'o2', 'o3', 'o4'];
  await fixture.write(fixture.requests, ...orders.map((id) => request(id)));
  await fixture.write(fixture.answers, answer('o1'), answer('o2'));
  await eventually(
    'two orders are captured',
    async () => (await fixture.read(fixture.results)).length >= 2,
  );
  await first.stop();
  await fixture.startWorker('one');
  await eventually(
    'all orders have a result',
    async () => (await fixture.read(fixture.results)).length >= 4,
  );
  const results = await fixture.read(fixture.results);
  expect(ordersOf(results)).toEqual(orders);
  expect(fixture.logged.filter(({ message }) => message === 'task initialized')).toMatchObject([
    { plan: 'begin' },
    { plan: 'begin' },
    { plan: 'current', records: 0 },
    { plan: 'current', records: 0 },
  ]);
});

test('S1: killed between the Kafka commit and the RocksDB write, nothing is emitted twice', async () => {
  fixture = await ProbeFixture.open('killed-state');
  await fixture.write(fixture.requests, request('o1'), request('o2'));
  await fixture.write(fixture.answers, answer('o1'));
  await runUntilKilled('state');
  await fixture.startWorker('one');
  await eventually(
    'both orders have a result',
    async () => (await fixture.read(fixture.results)).length >= 2,
  );
  expect(ordersOf(await fixture.read(fixture.results))).toEqual(['o1', 'o2']);
  const plans = fixture.logged.filter(({ message }) => message === 'task initialized');
  // It was the first commit of that store, which begins like one that was being built.
  expect(plans).toContainEqual(expect.objectContaining({ plan: 'resume', records: 1 }));
});

test('S1: killed in a commit that only fired timers, none fires twice', async () => {
  fixture = await ProbeFixture.open('killed-timer');
  await fixture.write(fixture.requests, request('o1'));
  await runUntilKilled('timer');
  expect(await fixture.read(fixture.results)).toMatchObject([{ type: 'FundsReleased' }]);
  await fixture.startWorker('one');
  await fixture.write(fixture.requests, request('o9'));
  await eventually('a later timer fires', async () =>
    (await fixture.read(fixture.results)).some(({ orderId }) => orderId === 'o9'),
  );
  expect(ordersOf(await fixture.read(fixture.results))).toEqual(['o1', 'o9']);
});

test('T1: a deadline passes while an open transaction holds the answer, and nothing fires', async () => {
  fixture = await ProbeFixture.open('open-transaction');
  await fixture.startWorker('one');
  const producer = fixture.kafka.producer({
    transactionalId: `${fixture.prefix}-open`,
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  await fixture.write(fixture.requests, request('o1'));
  const transaction = await producer.transaction();
  await transaction.send({
    topic: fixture.answers.name,
    messages: fixture.messages(fixture.answers, [answer('o1')]),
  });
  const late = systemClock.now() + 3 * GRACE_MS;
  // A second order without an answer in the other partition shows that timers do fire meanwhile.
  const elsewhere = otherPartitionThan('o1');
  await fixture.write(fixture.requests, request(elsewhere));
  await eventually('the deadline is long past', async () => {
    const fired = (await fixture.read(fixture.results)).some(
      ({ orderId }) => orderId === elsewhere,
    );
    return fired && systemClock.now() > late;
  });
  expect(ordersOf(await fixture.read(fixture.results))).toEqual([elsewhere]);
  await transaction.commit();
  await producer.disconnect();
  await eventually(
    'the answer is handled',
    async () => (await fixture.read(fixture.results)).length >= 2,
  );
  expect(await fixture.read(fixture.results)).toContainEqual(
    expect.objectContaining({ type: 'FundsCaptured', orderId: 'o1' }),
  );
});

test('E2: a zombie that wakes after its task was taken by another is fenced', async () => {
  fixture = await ProbeFixture.open('zombie');
  const zombie = await take('zombie');
  const successor = await take('successor');
  await fixture.write(fixture.requests, ...['o1', 'o2', 'o3'].map((id) => request(id)));
  await feed(zombie);
  await expect(work(zombie)).rejects.toMatchObject({ code: 'FENCED' });
  await feed(successor);
  await work(successor);
  await zombie.close();
  await successor.close();
});

function otherPartitionThan(order: string): string {
  const partition = partitionFor(order, PARTITIONS);
  const candidates = Array.from({ length: 20 }, (_, index) => `other-${String(index)}`);
  const found = candidates.find((id) => partitionFor(id, PARTITIONS) !== partition);
  if (found === undefined) throw new Error('all in one partition');
  return found;
}

async function take(instance: string): Promise<RunningTask> {
  const { app, broker, codec, data, logger, prefix } = fixture;
  const decoder = new RecordDecoder(app, codec, systemClock, new AbortController().signal);
  return takeTask(
    {
      app,
      partitions: PARTITIONS,
      deadLetters: fixture.deadLetters,
      broker,
      openProducer: () => broker.openProducer(`${app.name}-0`),
      decoder,
      clock: systemClock,
      clockSlackMs: 100,
      stores: await StoreFolder.open(data, prefix, instance, logger),
      wanted: () => true,
      learn: (ids) => decoder.learn(ids),
      inTurn: (build) => build(),
      restoring: () => undefined,
      progress: () => undefined,
      restored: () => undefined,
    },
    0,
  );
}

/** Reads what stands in the task's inputs into its queues. */
async function feed(task: RunningTask): Promise<void> {
  const reader = fixture.broker.openReader();
  for (const input of task.inputs) reader.assign(input, 0);
  let offered = 0;
  await eventually('there is something to handle', async () => {
    for (const fetched of await reader.poll(100)) {
      task.offer(fetched);
      offered += fetched.records.length;
    }
    return offered > 0;
  });
  await reader.close();
}

async function work(task: RunningTask): Promise<void> {
  while ((await task.step()).kind === 'worked');
}
