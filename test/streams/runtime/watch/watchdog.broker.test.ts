/** The watchdog on a real broker: what stands still is seen in health, and does not stay that way. */
import type { Broker, RecordReader } from '../../../../streams/runtime/broker';
import { startHealthServer } from '../../../../streams/runtime/health-server';
import { TASK_LIMITS, WATCH_LIMITS, type WatchLimits } from '../../../../streams/runtime/limits';
import type { Store, Stores } from '../../../../streams/runtime/store/store';
import type { RunningApp } from '../../../../streams/runtime/running-app';
import { overlaid } from '../../../../proof/simulation/overlaid-broker';
import { answer, request } from '../probe-app';
import { PARTITIONS, ProbeFixture, eventually } from '../probe-fixture';

jest.setTimeout(120_000);

/** Seconds of production as tenths: what is shown is what happens, not how long it takes. */
const watchLimits = Object.fromEntries(
  Object.entries(WATCH_LIMITS).map(([name, ms]) => [name, ms / 20]),
) as WatchLimits;

/** Records of one write, below the broker's limit for a batch. */
const WRITE_RECORDS = 4_000;

let fixture: ProbeFixture;

beforeEach(async () => {
  fixture = await ProbeFixture.open('watch');
});

afterEach(() => fixture.close());

function start(broker: Broker = fixture.broker, wrap?: (stores: Stores) => Stores) {
  return fixture.startWorker('one', wrap, { broker, watchLimits });
}

function stallsOf(worker: RunningApp): readonly (string | undefined)[] {
  return worker.health().tasks.map(({ stall }) => stall?.kind);
}

function said(message: string): readonly object[] {
  return fixture.logged.filter((line) => line.message === message);
}

/** Asks the worker's health server over HTTP. */
async function ask(worker: RunningApp, path: string): Promise<{ status: number; text: string }> {
  const server = await startHealthServer({ host: '127.0.0.1', port: 0, apps: () => [worker] });
  try {
    const { statusCode, body } = await server.inject(path);
    return { status: statusCode, text: body };
  } finally {
    await server.close();
  }
}

/** The broker with one thing changed about its readers. */
function withReader(change: (reader: RecordReader) => Partial<RecordReader>): Broker {
  return overlaid(fixture.broker, {
    openReader: () => {
      const reader = fixture.broker.openReader();
      return {
        assign: (place, offset) => reader.assign(place, offset),
        unassign: (place) => reader.unassign(place),
        pause: (place) => reader.pause(place),
        resume: (place) => reader.resume(place),
        poll: (maxWaitMs) => reader.poll(maxWaitMs),
        wake: () => reader.wake(),
        close: () => reader.close(),
        ...change(reader),
      };
    },
  });
}

test("somebody else's transaction that stays open is reported until it ends, and then read", async () => {
  const { worker } = await start();
  const producer = fixture.kafka.producer({
    transactionalId: `${fixture.prefix}-hung`,
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  const transaction = await producer.transaction();
  const messages = fixture.messages(fixture.answers, [answer('o1')]);
  await transaction.send({ topic: fixture.answers.name, messages });
  await eventually('it is noticed', () => stallsOf(worker).includes('transaction'));
  const ready = await ask(worker, '/health/ready');
  expect(ready.status).toBe(503);
  expect(ready.text).toContain('kafka-transactions.sh');
  const { text } = await ask(worker, '/metrics');
  expect(text).toMatch(
    /streams_task_stalled_seconds\{app="[^"]+",partition="\d",kind="transaction"\} \d/,
  );
  await eventually('its task is taken again', () => said('task will be re-initialized').length > 0);
  expect(said('task is stalled')).toContainEqual(expect.objectContaining({ kind: 'transaction' }));
  await transaction.commit();
  await producer.disconnect();
  await eventually(
    'the answer is handled',
    async () => (await fixture.read(fixture.results)).length > 0,
  );
  await eventually('all is well', () => stallsOf(worker).every((kind) => kind === undefined));
  await eventually('it is ready', async () => (await ask(worker, '/health/ready')).status === 200);
});

test('a paused partition that never resumes is taken again, and nothing is lost', async () => {
  const paused = new Set<number>();
  const broker = withReader((reader) => ({
    pause: (place) => {
      paused.add(place.partition);
      reader.pause(place);
    },
    resume: () => undefined,
  }));
  const { worker } = await start(broker);
  // Held, as in a rebalance, while far more comes than it may have waiting.
  await worker.revoked();
  const orders = Array.from(
    { length: 12 * TASK_LIMITS.queueRecordsMax },
    (_, n) => `o${String(n)}`,
  );
  for (let from = 0; from < orders.length; from += WRITE_RECORDS) {
    const some = orders.slice(from, from + WRITE_RECORDS);
    await fixture.write(fixture.answers, ...some.map((id) => answer(id)));
  }
  await eventually('both partitions are paused', () => paused.size === PARTITIONS);
  const partitions = [fixture.requests, fixture.answers].flatMap(({ name }) =>
    [0, 1].map((partition) => ({ topic: name, partition })),
  );
  const [memberId = ''] = await fixture.broker.groupMembers(worker.name);
  await worker.assigned({ generation: 1, memberId, partitions });
  await eventually(
    'all are handled',
    async () => (await fixture.read(fixture.results)).length >= orders.length,
  );
  expect(await fixture.read(fixture.results)).toHaveLength(orders.length);
  expect(said('task is stalled')).toContainEqual(expect.objectContaining({ kind: 'reading' }));
});

test('a partition that is never read has its task taken again, and then ends the process', async () => {
  const broker = withReader((reader) => ({
    poll: async (maxWaitMs) => {
      const fetched = await reader.poll(maxWaitMs);
      return fetched.filter(({ topic }) => topic !== fixture.requests.name);
    },
  }));
  const { worker } = await start(broker);
  await fixture.write(fixture.requests, request('o1'));
  await expect(worker.ended).rejects.toMatchObject({
    code: 'STALLED',
    message: expect.stringContaining('also after it was re-initialized') as string,
  });
  expect(said('task is stalled')).toContainEqual(expect.objectContaining({ kind: 'reading' }));
  expect(said('task will be re-initialized')).not.toHaveLength(0);
  expect((await ask(worker, '/health/live')).status).toBe(503);
});

test('a write of the store that never ends does not keep the process from ending', async () => {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const neverWritten = (store: Store): Store => ({
    checkpoint: () => store.checkpoint(),
    getMany: (keys) => store.getMany(keys),
    earliestTimers: (limit) => store.earliestTimers(limit),
    timersAfter: (after, limit) => store.timersAfter(after, limit),
    write: async (batch) => {
      if (batch.states.length > 0) await released;
      await store.write(batch);
    },
    clear: () => store.clear(),
    close: () => store.close(),
  });
  const { worker } = await start(fixture.broker, (stores) => ({
    open: async (partition) => neverWritten(await stores.open(partition)),
    destroy: (partition) => stores.destroy(partition),
    partitions: () => stores.partitions(),
  }));
  await fixture.write(fixture.requests, request('o1'));
  await expect(worker.ended).rejects.toMatchObject({
    code: 'STALLED',
    message: expect.stringContaining('a step does not complete') as string,
  });
  expect(worker.health().state).toBe('failed');
  release();
});
