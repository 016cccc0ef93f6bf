import { setImmediate as turn } from 'node:timers/promises';
import type { TopicPartition } from '../../../../streams/runtime/broker';
import { partitionName } from '../../../../streams/runtime/broker';
import { RuntimeError } from '../../../../streams/runtime/errors';
import { WATCH_LIMITS } from '../../../../streams/runtime/limits';
import { ManualClock } from '../../../../platform/manual-clock';
import {
  Watchdog,
  type TaskView,
  type WatchedTask,
} from '../../../../streams/runtime/watch/watchdog';

const place = { topic: 'orders', partition: 0 };
const READ = { place, readTo: 90, handledTo: 90, hungry: true };
const WELL: TaskView = { kind: 'reading', inputs: [READ] };
const UNREAD: TaskView = { kind: 'reading', inputs: [{ ...READ, readTo: 80, handledTo: 80 }] };

/** One task, its partition's ends, and what the watchdog did. */
class Scene {
  readonly clock = new ManualClock(0);
  readonly said: string[] = [];
  readonly retakes: string[] = [];
  readonly exits: unknown[] = [];
  view: TaskView = WELL;
  ends = { highWatermark: 90, lastStableOffset: 90 };
  brokerError: RuntimeError | undefined;
  brokersAnswer = true;
  registryAwaySince: number | undefined;
  readonly watchdog: Watchdog;
  private readonly stopping = new AbortController();
  private readonly task: WatchedTask = {
    partition: 0,
    inputs: [place],
    view: () => this.view,
    retake: ({ code }) => this.retakes.push(code),
  };
  private readonly running: Promise<void>;

  constructor() {
    const keep = (_fields: object, message: string) => this.said.push(message);
    this.watchdog = new Watchdog({
      app: 'app',
      broker: {
        highWatermarks: (places) => this.answer(places, this.ends.highWatermark),
        lastStableOffsets: (places) => this.answer(places, this.ends.lastStableOffset),
      },
      clock: this.clock,
      limits: WATCH_LIMITS,
      logger: { info: keep, warn: keep, error: keep },
      tasks: () => [this.task],
      registryAwaySince: () => this.registryAwaySince,
      exit: (error) => this.exits.push(error),
    });
    this.running = this.watchdog.run(this.stopping.signal);
  }

  get stall() {
    return this.watchdog.stallOf(this.task);
  }

  /** Lets time pass in rounds of the watchdog. */
  async pass(ms: number): Promise<void> {
    const until = this.clock.now() + ms;
    while (this.clock.now() < until) {
      await turn();
      this.clock.moveTo(Math.min(until, this.clock.now() + WATCH_LIMITS.watchIntervalMs));
      await turn();
    }
    await turn();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private answer(places: readonly TopicPartition[], offset: number) {
    if (this.brokerError !== undefined) return Promise.reject(this.brokerError);
    if (!this.brokersAnswer) return new Promise<never>(() => undefined);
    return Promise.resolve(new Map(places.map((one) => [partitionName(one), offset])));
  }
}

let scene: Scene;

beforeEach(() => {
  scene = new Scene();
});

afterEach(() => scene.stop());

test('a task that is well is left alone, for however long nothing comes', async () => {
  await scene.pass(10 * WATCH_LIMITS.taskStallMs);
  expect(scene.stall).toBeUndefined();
  expect([scene.said, scene.retakes, scene.exits]).toEqual([[], [], []]);
});

test('a step that does not end is reported, and ends the process', async () => {
  scene.view = { kind: 'busy', what: 'a step', since: 0 };
  await scene.pass(WATCH_LIMITS.taskStallMs - WATCH_LIMITS.watchIntervalMs);
  expect(scene.stall).toBeUndefined();
  await scene.pass(2 * WATCH_LIMITS.watchIntervalMs);
  expect(scene.stall).toMatchObject({ kind: 'step', since: 0, detail: 'a step does not complete' });
  expect(scene.exits[0]).toMatchObject({ code: 'STALLED', recovery: 'die' });
});

test('a rebalance that does not settle ends the process', async () => {
  scene.view = { kind: 'held', since: 0 };
  await scene.pass(WATCH_LIMITS.holdStallMs - WATCH_LIMITS.watchIntervalMs);
  expect(scene.exits).toEqual([]);
  await scene.pass(2 * WATCH_LIMITS.watchIntervalMs);
  expect(scene.stall).toMatchObject({ kind: 'rebalance' });
  expect(scene.exits[0]).toMatchObject({ code: 'STALLED' });
});

describe('a partition that is not read, such as a paused one that never resumes,', () => {
  beforeEach(async () => {
    scene.view = UNREAD;
    await scene.pass(WATCH_LIMITS.readStallMs + 3 * WATCH_LIMITS.watchIntervalMs);
  });

  test('is reported and its task taken again', () => {
    expect(scene.stall).toMatchObject({ kind: 'reading' });
    expect(scene.retakes).toEqual(['INPUT_STALLED']);
    expect(scene.exits).toEqual([]);
  });

  test('ends the process when that did not help', async () => {
    await scene.pass(WATCH_LIMITS.retakeStallMs + WATCH_LIMITS.watchIntervalMs);
    expect(scene.retakes).toHaveLength(1);
    expect(scene.exits[0]).toMatchObject({
      code: 'STALLED',
      message: expect.stringContaining('also after it was re-initialized') as string,
    });
  });

  test('is forgotten once it goes on', async () => {
    scene.view = WELL;
    await scene.pass(WATCH_LIMITS.watchIntervalMs);
    expect(scene.stall).toBeUndefined();
    expect(scene.said).toEqual(['task is stalled', 'task is no longer stalled']);
    await scene.pass(2 * WATCH_LIMITS.retakeStallMs);
    expect(scene.exits).toEqual([]);
  });
});

test('records that wait and are not handled have the task taken again', async () => {
  scene.view = { kind: 'reading', inputs: [{ ...READ, handledTo: 70, hungry: false }] };
  await scene.pass(WATCH_LIMITS.taskStallMs - WATCH_LIMITS.watchIntervalMs);
  expect(scene.retakes).toEqual([]);
  await scene.pass(2 * WATCH_LIMITS.watchIntervalMs);
  expect(scene.stall).toMatchObject({ kind: 'handling' });
  expect(scene.retakes).toEqual(['INPUT_STALLED']);
});

test('an open transaction is reported, and the task taken again and again until it ends', async () => {
  scene.ends = { lastStableOffset: 90, highWatermark: 95 };
  await scene.pass(WATCH_LIMITS.openTransactionMs + 3 * WATCH_LIMITS.watchIntervalMs);
  expect(scene.stall).toMatchObject({ kind: 'transaction' });
  expect(scene.retakes).toHaveLength(1);
  await scene.pass(WATCH_LIMITS.openTransactionRetakeMs);
  expect(scene.retakes).toHaveLength(2);
  expect(scene.exits).toEqual([]);
  scene.ends = { lastStableOffset: 96, highWatermark: 96 };
  await scene.pass(2 * WATCH_LIMITS.watchIntervalMs);
  expect(scene.stall).toBeUndefined();
});

describe('brokers that do not answer', () => {
  test('are reported, whatever the task seems to be stuck in, and waited for', async () => {
    scene.brokersAnswer = false;
    scene.view = { kind: 'busy', what: 'a step', since: 0 };
    await scene.pass(2 * WATCH_LIMITS.taskStallMs);
    expect(scene.stall).toMatchObject({ kind: 'brokers', detail: 'no broker responds' });
    expect([scene.retakes, scene.exits]).toEqual([[], []]);
  });

  test('count as away over questions that were given up', async () => {
    scene.brokerError = new RuntimeError('BROKER_UNREACHABLE', 'by the test');
    await scene.pass(WATCH_LIMITS.brokersAwayMs + 2 * WATCH_LIMITS.watchIntervalMs);
    expect(scene.stall).toMatchObject({ kind: 'brokers' });
    scene.brokerError = undefined;
    await scene.pass(2 * WATCH_LIMITS.watchIntervalMs);
    expect(scene.stall).toBeUndefined();
  });

  test('and any other error of theirs is fatal', async () => {
    scene.brokerError = new RuntimeError('PROTOCOL', 'by the test');
    await scene.pass(WATCH_LIMITS.watchIntervalMs);
    expect(scene.exits[0]).toMatchObject({ code: 'PROTOCOL' });
  });
});

test('a registry that does not answer is reported and waited for', async () => {
  scene.registryAwaySince = 0;
  scene.view = { kind: 'busy', what: 'a step', since: 0 };
  await scene.pass(2 * WATCH_LIMITS.taskStallMs);
  expect(scene.stall).toMatchObject({ kind: 'registry' });
  expect([scene.retakes, scene.exits]).toEqual([[], []]);
});
