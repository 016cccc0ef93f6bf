/** The life that apps, gateway and views share, over tasks that do nothing by themselves. */
import { setImmediate as turn } from 'node:timers/promises';
import { ManualClock } from '../../../platform/manual-clock';
import {
  partitionName,
  type Broker,
  type GroupMemberId,
  type TopicPartition,
} from '../../../streams/runtime/broker';
import { RuntimeError } from '../../../streams/runtime/errors';
import {
  coPartitions,
  GroupWorker,
  type PartitionTask,
  type PartitionWork,
} from '../../../streams/runtime/group-worker';
import { WATCH_LIMITS, WORKER_LIMITS } from '../../../streams/runtime/limits';
import { MemoryCluster } from '../../../streams/runtime/memory/memory-cluster';
import { MemoryConnection } from '../../../streams/runtime/memory/memory-connection';
import type { TaskHealth } from '../../../streams/runtime/running-app';
import type { TaskView } from '../../../streams/runtime/watch/watchdog';

const TOPIC = 'requests';
const POLL_MS = 100;

let clock: ManualClock;
let cluster: MemoryCluster;
let broker: Broker;
let work: ScriptedWork;
/** What happened to tasks and to what they share, in order. */
let done: string[];
let said: string[];

beforeEach(() => {
  clock = new ManualClock(1_000);
  cluster = new MemoryCluster({ clock, autoCreatePartitions: 2 });
  broker = new MemoryConnection({ cluster, clock });
  done = [];
  said = [];
  work = new ScriptedWork();
});

class ScriptedTask implements PartitionTask {
  isHeld = false;
  current: TaskView = { kind: 'resting' };
  /** Awaited before it rests, and before it has closed. */
  rests: Promise<void> = Promise.resolve();
  closes: Promise<void> = Promise.resolve();

  constructor(
    readonly partition: number,
    readonly inputs: readonly TopicPartition[],
    readonly died: (error: unknown) => void,
  ) {
    done.push(`open ${partition}`);
  }

  health(): TaskHealth {
    const { partition, isHeld } = this;
    return { partition, state: isHeld ? 'held' : 'running', lagRecords: 0 };
  }

  view(): TaskView {
    return this.current;
  }

  retake(): void {
    done.push(`retake ${this.partition}`);
  }

  async hold(): Promise<void> {
    this.isHeld = true;
    await this.rests;
    done.push(`held ${this.partition}`);
  }

  release(): void {
    this.isHeld = false;
  }

  async close(): Promise<void> {
    await this.closes;
    done.push(`closed ${this.partition}`);
  }
}

class ScriptedWork implements PartitionWork<ScriptedTask> {
  readonly name = 'scripted';
  readonly group = 'scripted';
  readonly topics = [TOPIC];
  readonly opened: ScriptedTask[] = [];
  rounds = 0;
  /** What the next rounds do instead of waiting. */
  readonly next: (() => Promise<void>)[] = [];
  private readonly stopping = new AbortController();

  open(
    partition: number,
    inputs: readonly TopicPartition[],
    died: (error: unknown) => void,
  ): ScriptedTask {
    const task = new ScriptedTask(partition, inputs, died);
    this.opened.push(task);
    return task;
  }

  async round(): Promise<void> {
    this.rounds += 1;
    await (this.next.shift() ?? (() => clock.sleep(POLL_MS, this.stopping.signal)))();
  }

  assigned(_member: GroupMemberId, count: number): void {
    done.push(`has ${count}`);
  }

  stickyPartitions(held: readonly number[]): readonly number[] {
    return held;
  }

  registryAwaySince(): undefined {
    return undefined;
  }

  stop(): void {
    done.push('stop');
    this.stopping.abort();
  }

  close(): Promise<void> {
    done.push('close');
    return Promise.resolve();
  }

  task(index: number): ScriptedTask {
    const task = this.opened[index];
    if (task === undefined) throw new Error(`no task ${index} was opened`);
    return task;
  }
}

function start(of: Broker = broker): Promise<GroupWorker<ScriptedTask>> {
  const say = (_fields: object, message: string) => said.push(message);
  return GroupWorker.start(work, {
    broker: of,
    clock,
    logger: { info: say, warn: say, error: say },
  });
}

async function started(): Promise<GroupWorker<ScriptedTask>> {
  const worker = await start();
  await pass(0);
  done.length = 0;
  return worker;
}

async function pass(ms: number): Promise<void> {
  const until = clock.now() + ms;
  for (;;) {
    for (let turns = 0; turns < 20; turns += 1) await turn();
    if (clock.now() >= until) return;
    clock.moveTo(Math.min(until, clock.now() + 50));
  }
}

function place(partition: number, topic = TOPIC): TopicPartition {
  return { topic, partition };
}

/** A promise that is kept once it is opened. */
function gate(): { readonly opens: Promise<void>; open(): void } {
  let open!: () => void;
  const opens = new Promise<void>((resolve) => (open = resolve));
  return { opens, open };
}

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = () => {
    settled = true;
  };
  promise.then(settle, settle);
  await pass(0);
  return settled;
}

describe('its start', () => {
  it('is over with the first assignment, and each partition number has its task', async () => {
    const worker = await start();
    await pass(0);
    expect(done).toEqual(['has 2', 'open 0', 'open 1']);
    expect(worker.health()).toEqual({
      state: 'running',
      tasks: [
        { partition: 0, state: 'running', lagRecords: 0 },
        { partition: 1, state: 'running', lagRecords: 0 },
      ],
    });
    await worker.stop();
  });

  it('leaves nothing behind when it cannot join', async () => {
    const without = new MemoryConnection({ cluster: new MemoryCluster({ clock }), clock });
    await expect(start(without)).rejects.toMatchObject({ code: 'UNKNOWN_TOPIC' });
    expect(done).toEqual(['close']);
  });

  it('needs topics of equal partition counts', async () => {
    cluster.createTopic('wide', 3);
    const topics = [{ name: TOPIC }, { name: 'wide' }];
    await expect(coPartitions('scripted', broker, topics)).rejects.toMatchObject({
      code: 'NOT_CO_PARTITIONED',
    });
    expect(await coPartitions('scripted', broker, [{ name: TOPIC }])).toBe(2);
  });
});

describe('an assignment', () => {
  it('keeps the tasks that it gives again, and opens others once those given away have closed', async () => {
    const worker = await started();
    const closing = gate();
    work.task(0).closes = closing.opens;
    await worker.revoked();
    const partitions = [place(1), place(2)];
    const assigned = worker.assigned({ generation: 2, memberId: 'member', partitions });
    expect(await isSettled(assigned)).toBe(false);
    expect(done).toEqual(['held 0', 'held 1']);
    closing.open();
    await assigned;
    expect(done).toEqual(['held 0', 'held 1', 'closed 0', 'has 2', 'open 2']);
    expect(work.task(1).isHeld).toBe(false);
  });

  it('of a partition that was lost opens it only once its former task has closed', async () => {
    const worker = await started();
    const closing = gate();
    work.task(0).closes = closing.opens;
    worker.lost();
    const assigned = worker.assigned({ generation: 2, memberId: 'member', partitions: [place(0)] });
    expect(await isSettled(assigned)).toBe(false);
    expect(work.opened).toHaveLength(2);
    closing.open();
    await assigned;
    expect(work.opened).toHaveLength(3);
  });

  it('that was lost while former tasks closed opens nothing', async () => {
    const worker = await started();
    const closing = gate();
    work.task(0).closes = closing.opens;
    const assigned = worker.assigned({
      generation: 2,
      memberId: 'member',
      partitions: [place(1), place(2)],
    });
    worker.lost();
    closing.open();
    await assigned;
    expect(worker.health().tasks).toEqual([]);
    expect(work.opened).toHaveLength(2);
  });

  it('takes a partition anew to which a topic was added', async () => {
    const worker = await started();
    const partitions = [place(0), place(0, 'more'), place(1)];
    await worker.assigned({ generation: 2, memberId: 'member', partitions });
    expect(done).toEqual(['closed 0', 'has 2', 'open 0']);
    expect(work.task(2).inputs.map(partitionName)).toEqual(['requests-0', 'more-0']);
  });
});

test('a revocation is over once every task rests', async () => {
  const worker = await started();
  const resting = gate();
  work.task(1).rests = resting.opens;
  const revoked = worker.revoked();
  expect(await isSettled(revoked)).toBe(false);
  resting.open();
  expect(await isSettled(revoked)).toBe(true);
});

describe('an operator’s pause', () => {
  it('holds every task, also one that is given meanwhile, until it is resumed', async () => {
    const worker = await started();
    worker.pause();
    expect(worker.health().state).toBe('paused');
    await worker.revoked();
    await worker.assigned({
      generation: 2,
      memberId: 'member',
      partitions: [place(0), place(1), place(2)],
    });
    expect(work.opened.map(({ isHeld }) => isHeld)).toEqual([true, true, true]);
    worker.resume();
    expect(worker.health().state).toBe('running');
    expect(work.opened.map(({ isHeld }) => isHeld)).toEqual([false, false, false]);
  });

  it('is no standstill, and a task that hangs is one', async () => {
    const worker = await started();
    const [task] = work.opened;
    if (task !== undefined) task.current = { kind: 'busy', what: 'a step', since: clock.now() };
    worker.pause();
    await pass(2 * WATCH_LIMITS.taskStallMs);
    expect(worker.health().state).toBe('paused');
    worker.resume();
    await pass(2 * WATCH_LIMITS.watchIntervalMs);
    expect(worker.health().state).toBe('failed');
    await expect(worker.ended).rejects.toMatchObject({ code: 'STALLED' });
  });
});

describe('what fails a round', () => {
  const away = () => Promise.reject(new RuntimeError('BROKER_UNREACHABLE', 'no broker answers'));

  it('is waited out while it is the surroundings, longer each time, up to a limit', async () => {
    const attempts = 12;
    const worker = await started();
    work.next.push(...Array.from({ length: attempts }, () => away));
    const { roundBackoffMinMs, roundBackoffMaxMs } = WORKER_LIMITS;
    const before = work.rounds;
    await pass(POLL_MS);
    expect(worker.health()).toMatchObject({
      state: 'running',
      detail: 'waiting for a dependency: BROKER_UNREACHABLE: no broker answers',
    });
    expect(work.rounds - before).toBe(1);
    await pass(roundBackoffMinMs);
    expect(work.rounds - before).toBe(2);
    await pass(attempts * roundBackoffMaxMs);
    expect(work.rounds - before).toBeGreaterThan(attempts);
    expect(worker.health().detail).toBeUndefined();
    await worker.stop();
  });

  it('ends it when it is anything else, and says why', async () => {
    const worker = await started();
    work.next.push(() => Promise.reject(new Error('a bug')));
    await pass(POLL_MS);
    await expect(worker.ended).rejects.toThrow('a bug');
    expect(worker.health()).toMatchObject({ state: 'failed', detail: 'a bug' });
    expect(done).toEqual(['stop', 'held 0', 'held 1', 'closed 0', 'closed 1', 'close']);
  });
});

describe('its end', () => {
  it('finishes what is under way, then leaves the group and frees what was shared', async () => {
    const worker = await started();
    const resting = gate();
    work.task(0).rests = resting.opens;
    const stopped = worker.stop();
    await pass(POLL_MS);
    expect(worker.health().state).toBe('stopping');
    expect(done).toEqual(['stop', 'held 1']);
    resting.open();
    await pass(0);
    await stopped;
    await worker.ended;
    expect(done).toEqual(['stop', 'held 1', 'held 0', 'closed 0', 'closed 1', 'close']);
    work = new ScriptedWork();
    const other = await start();
    await pass(0);
    expect(other.health().tasks).toHaveLength(2);
    await other.stop();
  });

  it('comes when a task dies', async () => {
    const worker = await started();
    work.task(0).died(new RuntimeError('STORE_LOCKED', 'by another'));
    await pass(POLL_MS);
    await expect(worker.ended).rejects.toMatchObject({ code: 'STORE_LOCKED' });
  });

  it('does not wait for ever for a task that does not rest, once it has failed', async () => {
    const worker = await started();
    work.task(0).rests = gate().opens;
    worker.failed(new Error('the disk is full'));
    await pass(WORKER_LIMITS.giveUpMs - POLL_MS);
    expect(await isSettled(worker.ended)).toBe(false);
    await pass(2 * POLL_MS);
    await expect(worker.ended).rejects.toThrow('the disk is full');
  });

  it('does not wait for a round that hangs, once it has failed', async () => {
    const worker = await started();
    work.next.push(() => gate().opens);
    await pass(POLL_MS);
    worker.failed(new Error('the database hangs'));
    await pass(POLL_MS);
    await expect(worker.ended).rejects.toThrow('the database hangs');
    expect(done.at(-1)).toBe('close');
  });
});
