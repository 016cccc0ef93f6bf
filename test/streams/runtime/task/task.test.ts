import { setImmediate as turn } from 'node:timers/promises';
import type { Broker, OffsetToCommit, RecordReader } from '../../../../streams/runtime/broker';
import { RuntimeError, type RuntimeErrorCode } from '../../../../streams/runtime/errors';
import { TASK_LIMITS } from '../../../../streams/runtime/limits';
import { ManualClock } from '../../../../platform/manual-clock';
import { MemoryBroker } from '../../../../streams/runtime/memory-broker';
import { MemoryStore } from '../../../../streams/runtime/store/memory-store';
import { encodeCommitMetadata } from '../../../../streams/runtime/task/commit-metadata';
import { RecordDecoder } from '../../../../streams/runtime/task/record-decoder';
import { RestoreLine } from '../../../../streams/runtime/task/restore-line';
import { statefulTask } from '../../../../streams/runtime/task/task';
import type { TransactionalTask } from '../../../../streams/runtime/transactional-task';
import { answer, probe, request } from '../probe-app';
import { probeCodec } from '../probe-fixture';

const { app, requests, answers, results, deadLetters } = probe();
const codec = probeCodec('probe');
const TURNS_MAX = 20_000;

/** What another process does while the task is taken. */
interface Rival {
  /** Before the task looks at its changelog. */
  readonly first?: (broker: Broker) => Promise<void>;
  /** Right after the task has read its committed offsets. */
  readonly then?: (broker: Broker) => Promise<void>;
}

/** A task of the probe app, its reader's doings, and a broker whose commits can be made to fail. */
class TaskBench {
  readonly clock = new ManualClock(1_000);
  readonly broker = new MemoryBroker(this.clock);
  readonly store = new MemoryStore();
  readonly told: string[] = [];
  readonly paused = new Set<string>();
  died: unknown;
  /** Codes that the next commits reject with, whether or not Kafka has them. */
  readonly failures: { readonly code: RuntimeErrorCode; readonly committed: boolean }[] = [];
  readonly task: TransactionalTask;
  private readonly source = this.broker.openReader();

  constructor(private readonly rival: Rival = {}) {
    const reader: RecordReader = {
      assign: (place, offset) => this.source.assign(place, offset),
      unassign: (place) => this.source.unassign(place),
      pause: ({ topic }) => this.paused.add(topic),
      resume: ({ topic }) => this.paused.delete(topic),
      poll: (maxWaitMs) => this.source.poll(maxWaitMs),
      wake: () => undefined,
      close: () => this.source.close(),
    };
    const keep = (_fields: object, message: string) => this.told.push(message);
    const broker = this.failing();
    this.task = statefulTask(
      {
        app,
        partitions: 1,
        deadLetters,
        broker,
        openProducer: () => broker.openProducer(`${app.name}-0`),
        decoder: new RecordDecoder(app, codec, this.clock, new AbortController().signal),
        clock: this.clock,
        clockSlackMs: 0,
        stores: {
          open: () => Promise.resolve(this.store),
          destroy: () => this.store.clear(),
          partitions: () => [],
        },
        reader,
        restoreLine: new RestoreLine(),
        logger: { info: keep, warn: keep, error: keep },
        died: (error) => {
          this.died = error;
        },
      },
      0,
    );
  }

  append(
    topic: typeof requests | typeof answers,
    event: ReturnType<typeof request | typeof answer>,
  ) {
    const value = codec.encode(topic.name, event);
    this.broker.append({ topic: topic.name, partition: 0, key: event.orderId, value });
  }

  /** Gives the task what its inputs hold. */
  async read(): Promise<void> {
    for (const fetched of await this.source.poll(0)) this.task.offer(fetched);
  }

  resultCount(): number {
    return this.broker.recordsOf({ topic: results.name, partition: 0 }).length;
  }

  async until(what: string, check: () => boolean): Promise<void> {
    for (let turns = 0; !check(); turns += 1) {
      if (turns > TURNS_MAX) throw new Error(`never: ${what}`);
      await turn();
    }
  }

  private failing(): Broker {
    const { broker, failures } = this;
    return new Proxy(broker, {
      get: (target, name) => {
        if (name === 'highWatermarks') {
          return async (...args: Parameters<Broker['highWatermarks']>) => {
            await this.rival.first?.(target);
            return target.highWatermarks(...args);
          };
        }
        if (name === 'committedOffsets') {
          return async (...args: Parameters<Broker['committedOffsets']>) => {
            const offsets = await target.committedOffsets(...args);
            await this.rival.then?.(target);
            return offsets;
          };
        }
        if (name !== 'openProducer') {
          const member: unknown = Reflect.get(target, name);
          return typeof member === 'function' ? (member.bind(target) as unknown) : member;
        }
        return async (id: string) => {
          const producer = await target.openProducer(id);
          return {
            close: () => producer.close(),
            commit: async (transaction: Parameters<typeof producer.commit>[0]) => {
              const failure = failures.shift();
              if (failure === undefined || failure.committed) await producer.commit(transaction);
              if (failure !== undefined) throw new RuntimeError(failure.code, 'by the test');
            },
          };
        };
      },
    });
  }
}

let bench: TaskBench;

beforeEach(async () => {
  bench = new TaskBench();
  await bench.until('it runs', () => bench.task.health().state === 'running');
});

afterEach(async () => {
  const closed = bench.task.close();
  bench.clock.moveTo(bench.clock.now() + TASK_LIMITS.retakeBackoffMaxMs);
  await closed;
});

test('B1: a partition with too much waiting is paused, and read again once little waits', async () => {
  await bench.task.hold();
  for (let order = 0; order <= TASK_LIMITS.queueRecordsMax; order += 1) {
    bench.append(requests, request(`o${String(order)}`));
  }
  await bench.read();
  expect([...bench.paused]).toEqual([requests.name]);
  bench.task.release();
  await bench.until('it is read again', () => bench.paused.size === 0);
});

test('while it is held it hands out nothing, and goes on when released', async () => {
  await bench.task.hold();
  bench.append(answers, answer('o1'));
  await bench.read();
  for (let turns = 0; turns < 100; turns += 1) await turn();
  expect(bench.resultCount()).toBe(0);
  expect(bench.task.health().state).toBe('held');
  bench.task.release();
  await bench.until('it goes on', () => bench.resultCount() === 1);
});

describe('E3: after a commit that failed the task is taken anew', () => {
  test.each([
    ['was not written', 'ABORTED', false],
    ['was written, and nobody said so', 'UNKNOWN_OUTCOME', true],
    ['may have been written and was not', 'UNKNOWN_OUTCOME', false],
  ] as const)('and its outputs stand once: it %s', async (_what, code, committed) => {
    bench.failures.push({ code, committed });
    bench.append(answers, answer('o1'));
    await bench.read();
    await bench.until('it notices', () => bench.told.includes('task will be re-initialized'));
    bench.clock.moveTo(bench.clock.now() + TASK_LIMITS.retakeBackoffMinMs);
    await bench.until('it runs again', () => bench.task.health().state === 'running');
    await bench.read();
    await bench.until('the answer is handled', () => bench.resultCount() === 1);
    bench.append(answers, answer('o2'));
    await bench.read();
    await bench.until('it goes on', () => bench.resultCount() === 2);
  });

  test('a task that fails again and again waits longer, up to a limit', async () => {
    const attempts = 12;
    bench.append(answers, answer('o1'));
    let waitedMs = 0;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      bench.failures.push({ code: 'ABORTED', committed: false });
      await bench.read();
      await bench.until('it waits', () => bench.task.health().state.startsWith('waiting'));
      const from = bench.clock.now();
      while (bench.task.health().state.startsWith('waiting')) {
        bench.clock.moveTo(bench.clock.now() + TASK_LIMITS.retakeBackoffMinMs);
        await turn();
      }
      waitedMs = bench.clock.now() - from;
      await bench.until('it runs again', () => bench.task.health().state === 'running');
    }
    expect(waitedMs).toBeGreaterThanOrEqual(TASK_LIMITS.retakeBackoffMaxMs);
    expect(waitedMs).toBeLessThan(2 * TASK_LIMITS.retakeBackoffMaxMs);
  });

  test('a fenced one waits until the group has had its say', async () => {
    bench.failures.push({ code: 'FENCED', committed: false });
    bench.append(answers, answer('o1'));
    await bench.read();
    await bench.until('it notices', () => bench.told.includes('task will be re-initialized'));
    bench.clock.moveTo(bench.clock.now() + TASK_LIMITS.fencedPauseMs - 1);
    for (let turns = 0; turns < 100; turns += 1) await turn();
    expect(bench.task.health().state).toMatch(/^waiting: /);
    bench.clock.moveTo(bench.clock.now() + 1);
    await bench.until('it runs again', () => bench.task.health().state === 'running');
  });
});

/** A commit of the task by another process; what `offsets` throws leaves it open. */
async function commitOfRival(
  broker: Broker,
  offsets: (metadata: string) => OffsetToCommit[],
): Promise<void> {
  const producer = await broker.openProducer(`${app.name}-0`);
  const metadata = encodeCommitMetadata({ seq: 1, changelogEnd: 1, storeId: 'of the rival' });
  await producer.commit({
    group: app.name,
    records: [{ topic: app.changelog.name, partition: 0, key: 'o1', value: null }],
    offsets: () => offsets(metadata),
  });
  await producer.close();
}

test.each([
  ['on an empty changelog', {}],
  [
    'after one that was left open',
    {
      first: (broker: Broker) =>
        commitOfRival(broker, () => {
          throw new Error('killed');
        }).catch(() => undefined),
    },
  ],
])(
  'E2: a commit %s by who fenced it meanwhile is no sign of lost offsets',
  async (_where, rival) => {
    const fenced = new TaskBench({
      ...rival,
      then: (broker) =>
        commitOfRival(broker, (metadata) => [
          { topic: requests.name, partition: 0, offset: 0, metadata },
        ]),
    });
    await fenced.until('it runs', () => fenced.task.health().state === 'running');
    expect(fenced.died).toBeUndefined();
    await fenced.task.close();
  },
);

test('a commit that can never be written ends the app instead of being tried for ever', async () => {
  bench.failures.push({ code: 'RECORD_TOO_LARGE', committed: false });
  bench.append(answers, answer('o1'));
  await bench.read();
  await bench.until('it dies', () => bench.died !== undefined);
  expect(bench.died).toMatchObject({ code: 'RECORD_TOO_LARGE' });
});

test('D1: a flood of dead letters is a bug, and ends the app', async () => {
  for (let at = 0; at <= TASK_LIMITS.deadLettersPerMinuteMax; at += 1) {
    const place = { topic: requests.name, partition: 0, key: 'k' };
    bench.broker.append({ ...place, value: Buffer.from('garbage') });
  }
  await bench.read();
  await bench.until('it dies', () => bench.died !== undefined);
  expect(bench.died).toMatchObject({ code: 'TOO_MANY_DEAD_LETTERS' });
});
