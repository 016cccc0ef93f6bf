/**
 * The life of a task over work that is scripted. What stateful tasks make of it: task/task.test.ts;
 * what the gateway does: gateway/partition-task.test.ts.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { ManualClock } from '../../../platform/manual-clock';
import type { FetchedPartition, RecordReader } from '../../../streams/runtime/broker';
import { RuntimeError } from '../../../streams/runtime/errors';
import { TASK_LIMITS } from '../../../streams/runtime/limits';
import { MemoryBroker } from '../../../streams/runtime/memory-broker';
import {
  handOut,
  TransactionalTask,
  type Step,
  type TakenPartition,
  type TaskWork,
} from '../../../streams/runtime/transactional-task';

const PLACE = { topic: 'requests', partition: 0 };

let clock: ManualClock;
let broker: MemoryBroker;
let reader: RecordReader;
let died: unknown[];
let said: string[];
let work: ScriptedWork;
let task: TransactionalTask;

beforeEach(async () => {
  clock = new ManualClock(1_000);
  broker = new MemoryBroker(clock);
  reader = broker.openReader();
  died = [];
  said = [];
  work = new ScriptedWork();
  const say = (_fields: object, message: string) => said.push(message);
  const logger = { info: say, warn: say, error: say };
  task = new TransactionalTask(
    work,
    { clock, logger, reader, died: (error) => died.push(error) },
    0,
  );
  await settled();
});

afterEach(async () => {
  const closed = task.close();
  await settled();
  await closed;
});

/** Handles every record that it is offered; a step may be made to fail. */
class ScriptedWork implements TaskWork {
  readonly app = 'scripted';
  readonly inputs = [PLACE];
  readonly done: string[] = [];
  /** What the next steps reject with. */
  readonly failures: Error[] = [];
  waiting = 0;
  isFull = false;
  settles: () => Promise<void> = () => Promise.resolve();
  mends: () => Promise<void> = () => Promise.resolve();

  take(): Promise<TakenPartition> {
    this.done.push('take');
    this.waiting = 0;
    return Promise.resolve({
      lagRecords: 7,
      inputViews: [],
      positions: new Map(),
      offer: ({ records }: FetchedPartition) => {
        this.waiting += records.length;
        return !this.isFull;
      },
      hungry: () => !this.isFull,
      step: () => this.step(),
      settle: async () => {
        this.done.push('settle');
        await this.settles();
        return { kind: 'rested' };
      },
      close: () => {
        this.done.push('close');
        return Promise.resolve();
      },
    });
  }

  takingHealth() {
    return { state: 'taking' };
  }

  mend(): Promise<void> {
    return this.mends();
  }

  private step(): Promise<Step> {
    const failure = this.failures.shift();
    if (failure !== undefined) return Promise.reject(failure);
    if (this.waiting > 0) this.done.push(`handle ${this.waiting}`);
    this.waiting = 0;
    return Promise.resolve({ kind: 'idle', wakeAt: Infinity });
  }
}

async function settled(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await turn();
}

async function append(): Promise<void> {
  broker.append({ ...PLACE, key: 'k', value: null });
  await handOut(reader, new Map([[0, task]]));
  await settled();
}

async function failWith(error: Error): Promise<void> {
  work.failures.push(error);
  await append();
}

test('it is taken, works on what it is offered, and is closed with everything committed', async () => {
  expect(task.health()).toEqual({ partition: 0, state: 'running', lagRecords: 7 });
  await append();
  await task.close();
  expect(work.done).toEqual(['take', 'handle 1', 'settle', 'close']);
  expect(task.health()).toMatchObject({ state: 'closed', lagRecords: 0 });
});

test('while it is held it handles nothing, and goes on when it is released', async () => {
  await task.hold();
  await append();
  expect(task.view()).toEqual({ kind: 'held', since: clock.now() });
  expect(work.done).not.toContain('handle 1');
  task.release();
  await settled();
  expect(work.done).toContain('handle 1');
});

test('B1: an input that has enough waiting is paused until it is hungry again', async () => {
  const pause = jest.spyOn(reader, 'pause');
  const resume = jest.spyOn(reader, 'resume');
  work.isFull = true;
  await append();
  expect(pause).toHaveBeenCalledTimes(1);
  expect(resume).not.toHaveBeenCalled();
  work.isFull = false;
  task.release();
  await settled();
  expect(resume).toHaveBeenCalledTimes(1);
});

describe('E3: what a step throws is done:', () => {
  it('`retake` closes what was taken and takes it again after a pause', async () => {
    await failWith(new RuntimeError('ABORTED', 'by the test'));
    expect(task.health().state).toMatch(/^waiting: .*ABORTED/);
    expect(work.done).toEqual(['take', 'close']);
    clock.moveTo(clock.now() + TASK_LIMITS.retakeBackoffMinMs);
    await settled();
    expect(work.done).toEqual(['take', 'close', 'take']);
    expect(task.health().state).toBe('running');
  });

  it('`drop` forgets the partition', async () => {
    await failWith(new RuntimeError('STALE_ASSIGNMENT', 'by the test'));
    expect(task.health().state).toBe('closed');
    expect(died).toEqual([]);
  });

  it('an unknown error ends the owner', async () => {
    await failWith(new Error('a bug'));
    expect(task.health().state).toBe('closed');
    expect(died).toEqual([new Error('a bug')]);
  });

  it('an error that cannot be mended ends the owner as well', async () => {
    work.mends = () => Promise.reject(new Error('the disk is read-only'));
    await failWith(new RuntimeError('STORE_DAMAGED', 'by the test'));
    expect(task.health().state).toBe('closed');
    expect(died).toEqual([new Error('the disk is read-only')]);
  });
});

test('a rebalance does not wait for a task that waits to be taken again', async () => {
  work.settles = () => Promise.reject(new RuntimeError('ABORTED', 'by the test'));
  await task.hold();
  expect(task.health().state).toMatch(/^waiting: /);
  await task.hold();
  expect(work.done).toEqual(['take', 'settle', 'close']);
});

test('a retake by the watchdog throws away what was taken', async () => {
  task.retake(new RuntimeError('INPUT_STALLED', 'by the test'));
  await settled();
  expect(said).toContain('task will be re-initialized');
  expect(work.done).toEqual(['take', 'close']);
});
