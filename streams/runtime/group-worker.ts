/**
 * The life of whatever owns partitions of a group in one process: an app with state, one that calls
 * an API, one that writes to a database. Owns its group membership, its tasks (one for each
 * partition number it was given), and what is told of them; what is done with a partition is the
 * owner's (`PartitionWork`).
 *
 *              first assignment            pause
 *   starting ───────────────────▶ running ◀───────▶ paused
 *       │                            │     resume     │
 *       └─────────────┬──────────────┴────────────────┘
 *                     │ stop
 *                     ▼
 *                 stopping ──▶ (ended: resolves)        any ──▶ failed ──▶ (ended: rejects)
 *
 * and its tasks in it:
 *
 *             given            revoked, paused, or stopped: hold
 *   (nobody's) ───▶ working ◀─────────────────────────────────▶ held
 *        ▲             │           given again, resumed: release  │
 *        │             └──────────────────┬───────────────────────┘
 *        │ closed                         │ given to another, lost, or stopped: close
 *        └─────────── leaving ◀───────────┘
 *
 * What always holds: a partition that is given again is opened only once its former task has
 * closed; leaving tasks are watched like the others; the group is left after all tasks have closed.
 * Errors of a dependency (`retry`) are waited out with a pause that grows; any other ends it.
 */
import type { Clock } from '../../platform/clock';
import {
  partitionName,
  type Assignment,
  type Broker,
  type GroupMemberId,
  type Membership,
  type MembershipListener,
  type TopicPartition,
} from './broker';
import { messageOf, RuntimeError } from './errors';
import { untilGivenBack } from './give-back';
import { WATCH_LIMITS, WORKER_LIMITS, type WatchLimits } from './limits';
import type { Logger } from './logger';
import { isTransient } from './patience';
import type { AppHealth, AppState, RunningApp, TaskHealth } from './running-app';
import { Watchdog, type WatchedTask } from './watch/watchdog';

/** One partition number of the inputs, while it is this process's. */
export interface PartitionTask extends WatchedTask {
  health(): TaskHealth;
  /** Resolves once it rests with everything committed, or has nothing to commit. */
  hold(): Promise<void>;
  release(): void;
  /** Gives the partition back and frees what it holds. Never rejects. */
  close(): Promise<void>;
}

/** What an owner does with its partitions. */
export interface PartitionWork<T extends PartitionTask> {
  /** The app's name. */
  readonly name: string;
  readonly group: string;
  readonly topics: readonly string[];
  /** Begins to work on what the group gave. `died` ends the owner: it cannot go on. */
  open(partition: number, inputs: readonly TopicPartition[], died: (error: unknown) => void): T;
  /** Told what it holds, and as whom, before new partitions are opened and held ones go on. */
  assigned?(member: GroupMemberId, count: number): void;
  /** One round of its loop: reads, and has the tasks work. Waits for records no longer than a poll. */
  round(tasks: ReadonlyMap<number, T>): Promise<void>;
  /** Partition numbers that it would like, best first. */
  stickyPartitions(held: readonly number[]): readonly number[];
  /** Since when the schema registry is waited for; undefined while it is not. */
  registryAwaySince(): number | undefined;
  /** It is to end: a round that waits for records, and whatever waits for a registry, gives up. */
  stop(): void;
  /** Frees what the tasks shared. */
  close(): Promise<void>;
}

export interface GroupWorkerOptions {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly logger: Logger;
  /** See `GroupOptions`. */
  readonly memberIdFile?: string;
  readonly sessionTimeoutMs?: number;
  readonly rebalanceTimeoutMs?: number;
  readonly watchLimits?: WatchLimits;
}

export class GroupWorker<T extends PartitionTask> implements RunningApp, MembershipListener {
  readonly name: string;
  readonly ended: Promise<void>;
  private readonly tasks = new Map<number, T>();
  private readonly stopping = new AbortController();
  private readonly watchdog: Watchdog;
  /** Given back and not yet closed; watched until they are. */
  private readonly leaving = new Set<T>();
  private state: AppState = 'starting';
  private failure: Error | undefined;
  /** The dependency that is unavailable. */
  private waitsFor: string | undefined;
  /** Tasks on their way out: a new one of the same partition must not begin before. */
  private closing: Promise<unknown> = Promise.resolve();
  /** Times that its group membership was lost. */
  private losses = 0;
  private end!: { resolve(): void; reject(error: unknown): void };
  private giveUp!: () => void;
  private readonly hasFailed: Promise<void>;

  private constructor(
    private readonly work: PartitionWork<T>,
    private readonly options: GroupWorkerOptions,
  ) {
    this.name = work.name;
    const { broker, clock, logger, watchLimits = WATCH_LIMITS } = options;
    this.watchdog = new Watchdog({
      app: work.name,
      broker,
      clock,
      limits: watchLimits,
      logger,
      tasks: () => (this.state === 'paused' ? [] : [...this.tasks.values(), ...this.leaving]),
      registryAwaySince: () => work.registryAwaySince(),
      exit: (error) => this.failed(error),
    });
    this.hasFailed = new Promise((resolve) => (this.giveUp = resolve));
    this.ended = new Promise((resolve, reject) => {
      this.end = { resolve, reject };
    });
    // Whoever does not wait for the end reads the failure off `health`.
    this.ended.catch(() => undefined);
  }

  /**
   * Joins the group and begins to work. Rejects as `Broker.join` does; then `work` is closed and
   * nothing is left behind.
   */
  static async start<T extends PartitionTask>(
    work: PartitionWork<T>,
    options: GroupWorkerOptions,
  ): Promise<GroupWorker<T>> {
    const worker = new GroupWorker(work, options);
    try {
      void worker.run(await worker.join());
      return worker;
    } catch (error) {
      await work.close();
      throw error;
    }
  }

  health(): AppHealth {
    const tasks = [...this.tasks.values()]
      .map((task) => this.watchdog.healthOf(task, task.health()))
      .sort((a, b) => a.partition - b.partition);
    const detail = this.failure?.message ?? this.waitsFor;
    return { state: this.state, tasks, ...(detail === undefined ? {} : { detail }) };
  }

  pause(): void {
    if (this.state !== 'running') return;
    this.state = 'paused';
    void this.holdAll();
  }

  resume(): void {
    if (this.state !== 'paused') return;
    this.state = 'running';
    for (const task of this.tasks.values()) task.release();
  }

  async stop(): Promise<void> {
    if (this.state !== 'failed') this.state = 'stopping';
    this.stopping.abort();
    this.work.stop();
    // A failure is told by `ended`; whoever stops what failed has nothing more to learn from it.
    await Promise.allSettled([this.ended]);
  }

  async revoked(): Promise<void> {
    await this.holdAll();
  }

  async assigned({ memberId, generation, partitions }: Assignment): Promise<void> {
    const given = byNumber(partitions);
    const { losses } = this;
    await this.close(
      [...this.tasks.values()].filter((task) => !isGiven(task, given.get(task.partition))),
    );
    // Meanwhile lost, or stopped: what would be opened now would be nobody's to close.
    if (losses !== this.losses || this.stopping.signal.aborted) return;
    this.work.assigned?.({ memberId, generation }, given.size);
    for (const [partition, inputs] of given) {
      if (this.tasks.has(partition)) continue;
      const task = this.work.open(partition, inputs, (error) => this.failed(error));
      this.tasks.set(partition, task);
    }
    if (this.state === 'starting') this.state = 'running';
    for (const task of this.tasks.values()) {
      if (this.state === 'running') task.release();
      else void task.hold();
    }
    this.options.logger.info(
      { app: this.name, partitions: [...given.keys()] },
      'partitions assigned',
    );
  }

  lost(): void {
    this.losses += 1;
    this.options.logger.warn({ app: this.name }, 'lost group membership');
    void this.close([...this.tasks.values()]);
  }

  failed(error: unknown): void {
    this.failure ??= error instanceof Error ? error : new Error(String(error));
    if (this.state === 'failed') return;
    this.state = 'failed';
    this.stopping.abort();
    this.work.stop();
    this.giveUp();
  }

  private join(): Promise<Membership> {
    const { broker, memberIdFile, sessionTimeoutMs, rebalanceTimeoutMs } = this.options;
    const { group, topics } = this.work;
    return broker.join({
      group,
      topics,
      ...(memberIdFile === undefined ? {} : { memberIdFile }),
      stickyPartitions: () => this.work.stickyPartitions([...this.tasks.keys()]),
      sessionTimeoutMs: sessionTimeoutMs ?? WORKER_LIMITS.sessionTimeoutMs,
      rebalanceTimeoutMs: rebalanceTimeoutMs ?? WORKER_LIMITS.rebalanceTimeoutMs,
      listener: this,
    });
  }

  private async run(membership: Membership): Promise<void> {
    void this.watchdog.run(this.stopping.signal);
    // A round may hang in what failed it; one that is only stopped is waited for.
    await Promise.race([this.goRound(), this.hasFailed]);
    try {
      await this.giveBack(membership);
    } catch (error) {
      this.failed(error);
    }
    if (this.failure === undefined) this.end.resolve();
    else this.end.reject(this.failure);
  }

  private async goRound(): Promise<void> {
    const { clock, logger } = this.options;
    let failures = 0;
    while (!this.stopping.signal.aborted) {
      try {
        await this.work.round(this.tasks);
        failures = 0;
        this.waitsFor = undefined;
      } catch (error) {
        if (!isTransient(error)) {
          this.failed(error);
          return;
        }
        this.waitsFor = `waiting for a dependency: ${messageOf(error)}`;
        logger.warn({ app: this.name, error: String(error) }, 'retrying');
        await clock.sleep(backoffMs(failures), this.stopping.signal);
        failures += 1;
      }
    }
  }

  /** A task that does not close must not keep a process that failed from ending. */
  private giveBack(membership: Membership): Promise<void> {
    const given = this.holdAll()
      .then(() => this.close([...this.tasks.values()]))
      .then(() => membership.leave())
      .finally(() => this.work.close());
    return untilGivenBack(given, {
      hasFailed: this.state === 'failed',
      clock: this.options.clock,
    });
  }

  private async holdAll(): Promise<void> {
    await Promise.all([...this.tasks.values()].map((task) => task.hold()));
  }

  private async close(tasks: readonly T[]): Promise<void> {
    for (const task of tasks) {
      this.tasks.delete(task.partition);
      this.leaving.add(task);
    }
    const closed = tasks.map((task) => task.close().then(() => this.leaving.delete(task)));
    this.closing = Promise.all([this.closing, ...closed]);
    await this.closing;
  }
}

/** Rejects with NOT_CO_PARTITIONED, or UNKNOWN_TOPIC: equal keys must meet in equal numbers. */
export async function coPartitions(
  app: string,
  broker: Broker,
  topics: readonly { readonly name: string }[],
): Promise<number> {
  const counts = await broker.partitionCounts(topics.map(({ name }) => name));
  const [partitions, ...others] = new Set(counts.values());
  if (partitions === undefined || others.length > 0) {
    const list = [...counts].map(([name, count]) => `${name}: ${String(count)}`).join(', ');
    throw new RuntimeError('NOT_CO_PARTITIONED', `${app} needs equal counts; ${list}`);
  }
  return partitions;
}

function byNumber(
  partitions: readonly TopicPartition[],
): ReadonlyMap<number, readonly TopicPartition[]> {
  const given = new Map<number, TopicPartition[]>();
  for (const place of partitions) {
    given.set(place.partition, [...(given.get(place.partition) ?? []), place]);
  }
  return given;
}

/** Whether the task has all that was given, and nothing else: a topic may have grown. */
function isGiven({ inputs }: WatchedTask, given: readonly TopicPartition[] | undefined): boolean {
  if (given?.length !== inputs.length) return false;
  const names = new Set(given.map(partitionName));
  return inputs.every((input) => names.has(partitionName(input)));
}

/** Backoff before a round is retried that failed after `failures` others in a row, ms. */
function backoffMs(failures: number): number {
  const { roundBackoffMinMs, roundBackoffMaxMs } = WORKER_LIMITS;
  return Math.min(roundBackoffMinMs * 2 ** failures, roundBackoffMaxMs);
}
