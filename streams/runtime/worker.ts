/**
 * One app in one process: its place in the group, one reader for all its tasks, and the tasks.
 * Data flows one way: reader -> task queues -> steps -> commits.
 *
 *   starting -> running <-> paused -> stopping; failed from any of them
 */
import type { Codec } from '../../platform/avro/codec';
import type { Topic } from '../../platform/topic';
import type { StreamApp } from './app';
import type { Assignment, Broker, Membership, MembershipListener, RecordReader } from './broker';
import type { Clock } from '../../platform/clock';
import { recoveryOf, RuntimeError } from './errors';
import { untilGivenBack } from './give-back';
import { TASK_LIMITS, WATCH_LIMITS, WORKER_LIMITS, type WatchLimits } from './limits';
import type { Logger } from './logger';
import type { AppHealth, AppState, RunningApp } from './running-app';
import type { Stores } from './store/store';
import { RecordDecoder } from './task/record-decoder';
import { RestoreLine } from './task/restore-line';
import { Task } from './task/task';
import { Watchdog } from './watch/watchdog';

export interface WorkerOptions {
  readonly app: StreamApp;
  readonly broker: Broker;
  readonly codec: Codec;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stores: Stores;
  readonly memberIdFile?: string;
  readonly deadLetters: Topic<'DeadLetter'>;
  readonly sessionTimeoutMs?: number;
  readonly clockSlackMs?: number;
  readonly watchLimits?: WatchLimits;
}

export class Worker implements RunningApp, MembershipListener {
  readonly name: string;
  readonly ended: Promise<void>;
  private readonly tasks = new Map<number, Task>();
  private readonly stopping = new AbortController();
  private readonly restoreLine = new RestoreLine();
  private readonly decoder: RecordDecoder;
  private readonly watchdog: Watchdog;
  /** Given back and not yet ended; watched until they are. */
  private readonly leaving = new Set<Task>();
  private state: AppState = 'starting';
  private failure: Error | undefined;
  /** Tasks on their way out: a new one of the same partition must not open its store before. */
  private closing: Promise<unknown> = Promise.resolve();
  private end!: { resolve(): void; reject(error: unknown): void };

  private constructor(
    private readonly options: WorkerOptions,
    private readonly partitions: number,
    private readonly reader: RecordReader,
  ) {
    this.name = options.app.name;
    const { app, codec, clock } = options;
    this.decoder = new RecordDecoder(app, codec, clock, this.stopping.signal);
    this.watchdog = new Watchdog({
      app: app.name,
      broker: options.broker,
      clock,
      limits: options.watchLimits ?? WATCH_LIMITS,
      logger: options.logger,
      tasks: () => (this.state === 'paused' ? [] : [...this.tasks.values(), ...this.leaving]),
      registryAwaySince: () => this.decoder.registryAwaySince,
      exit: (error) => this.failed(error),
    });
    this.ended = new Promise((resolve, reject) => {
      this.end = { resolve, reject };
    });
    this.ended.catch(() => undefined);
  }

  /**
   * Joins the group and begins to work. Rejects with NOT_CO_PARTITIONED or UNKNOWN_TOPIC before
   * anything is joined.
   */
  static async start(options: WorkerOptions): Promise<Worker> {
    const partitions = await coPartitions(options);
    const worker = new Worker(options, partitions, options.broker.openReader());
    try {
      void worker.work(await worker.join());
      return worker;
    } catch (error) {
      await worker.reader.close();
      throw error;
    }
  }

  health(): AppHealth {
    const tasks = [...this.tasks.values()]
      .map((task) => this.watchdog.healthOf(task, task.health()))
      .sort((a, b) => a.partition - b.partition);
    const detail = this.failure === undefined ? {} : { detail: this.failure.message };
    return { state: this.state, tasks, ...detail };
  }

  pause(): void {
    if (this.state !== 'running') return;
    this.state = 'paused';
    for (const task of this.tasks.values()) void task.hold();
  }

  resume(): void {
    if (this.state !== 'paused') return;
    this.state = 'running';
    for (const task of this.tasks.values()) task.release();
  }

  async stop(): Promise<void> {
    if (this.state !== 'failed') this.state = 'stopping';
    this.stopping.abort();
    this.reader.wake();
    await this.ended.catch(() => undefined);
  }

  async revoked(): Promise<void> {
    await Promise.all([...this.tasks.values()].map((task) => task.hold()));
  }

  async assigned({ partitions }: Assignment): Promise<void> {
    const units = new Set(partitions.map(({ partition }) => partition));
    const lost = [...this.tasks.values()].filter(({ partition }) => !units.has(partition));
    await this.close(lost);
    for (const unit of units) if (!this.tasks.has(unit)) this.tasks.set(unit, this.open(unit));
    if (this.state === 'starting') this.state = 'running';
    for (const task of this.tasks.values()) {
      if (this.state === 'running') task.release();
      else void task.hold();
    }
    this.options.logger.info({ app: this.name, partitions: [...units] }, 'partitions assigned');
  }

  lost(): void {
    this.options.logger.warn({ app: this.name }, 'lost the place in the group');
    void this.close([...this.tasks.values()]);
  }

  failed(error: unknown): void {
    this.failure ??= error instanceof Error ? error : new Error(String(error));
    if (this.state === 'failed') return;
    this.state = 'failed';
    this.stopping.abort();
    this.reader.wake();
  }

  private join(): Promise<Membership> {
    const { app, broker, memberIdFile, sessionTimeoutMs } = this.options;
    return broker.join({
      group: app.name,
      topics: app.inputs.map(({ name }) => name),
      ...(memberIdFile === undefined ? {} : { memberIdFile }),
      stickyPartitions: () => this.stickyPartitions(),
      sessionTimeoutMs: sessionTimeoutMs ?? WORKER_LIMITS.sessionTimeoutMs,
      rebalanceTimeoutMs: WORKER_LIMITS.rebalanceTimeoutMs,
      listener: this,
    });
  }

  private async work(membership: Membership): Promise<void> {
    const { clock } = this.options;
    void this.watchdog.run(this.stopping.signal);
    while (!this.stopping.signal.aborted) {
      try {
        for (const fetched of await this.reader.poll(TASK_LIMITS.pollWaitMs)) {
          this.tasks.get(fetched.partition)?.offer(fetched);
        }
      } catch (error) {
        if (recoveryOf(error) !== 'retry') this.failed(error);
        // Kafka is away for longer than the reader itself waits: so are all who could take over.
        else await clock.sleep(TASK_LIMITS.retryBackoffMs, this.stopping.signal);
      }
    }
    await this.shutDown(membership);
  }

  private async shutDown(membership: Membership): Promise<void> {
    try {
      await this.giveBack(membership);
    } catch (error) {
      this.failed(error);
    }
    if (this.failure === undefined) this.end.resolve();
    else this.end.reject(this.failure);
  }

  /** A task that does not end must not keep a process that failed from ending. */
  private giveBack(membership: Membership): Promise<void> {
    const given = this.close([...this.tasks.values()])
      .then(() => membership.leave())
      .then(() => this.reader.close());
    const hasFailed = this.state === 'failed';
    return untilGivenBack(given, { hasFailed, clock: this.options.clock });
  }

  private open(partition: number): Task {
    const { app, broker, clock, clockSlackMs, deadLetters, logger, stores } = this.options;
    return new Task(
      {
        app,
        broker,
        clock,
        deadLetters,
        logger,
        stores,
        partitions: this.partitions,
        decoder: this.decoder,
        clockSlackMs: clockSlackMs ?? WORKER_LIMITS.clockSlackMs,
        reader: this.reader,
        restoreLine: this.restoreLine,
        died: (error) => this.failed(error),
      },
      partition,
    );
  }

  private async close(tasks: readonly Task[]): Promise<void> {
    for (const task of tasks) {
      this.tasks.delete(task.partition);
      this.leaving.add(task);
    }
    const closed = tasks.map((task) => task.close().then(() => this.leaving.delete(task)));
    this.closing = Promise.all([this.closing, ...closed]);
    await this.closing;
  }

  private stickyPartitions(): readonly number[] {
    const held = [...this.tasks.keys()];
    const others = this.options.stores.partitions().filter((unit) => !this.tasks.has(unit));
    return [...held, ...others];
  }
}

/** Task p reads partition p of every input and owns partition p of the changelog. */
async function coPartitions({ app, broker, deadLetters }: WorkerOptions): Promise<number> {
  const names = [...app.inputs, ...app.outputs, app.changelog, deadLetters].map(({ name }) => name);
  const counts = await broker.partitionCounts(names);
  const distinct = new Set(counts.values());
  const [partitions] = distinct;
  if (partitions === undefined || distinct.size > 1) {
    const list = [...counts].map(([name, count]) => `${name}: ${String(count)}`).join(', ');
    throw new RuntimeError('NOT_CO_PARTITIONED', `${app.name} needs equal counts; ${list}`);
  }
  return partitions;
}
