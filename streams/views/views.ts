/**
 * The views: every event topic into Postgres. What a `GroupWorker` does with partitions whose
 * transaction is Postgres' and whose positions stand beside its rows. The index of products in
 * OpenSearch is one more of them, of one topic (search-index.ts).
 *
 * What always holds: one loop does all the work, so a batch is never written while the group takes
 * partitions away; whoever takes them waits for the batch in flight.
 */
import type { Codec } from '../../platform/avro/codec';
import type { Clock } from '../../platform/clock';
import { partitionName, type Broker, type TopicPartition } from '../runtime/broker';
import { messageOf, RuntimeError } from '../runtime/errors';
import { GroupWorker, type PartitionWork } from '../runtime/group-worker';
import type { WatchLimits } from '../runtime/limits';
import type { Logger } from '../runtime/logger';
import type { RunningApp } from '../runtime/running-app';
import { Signal } from '../runtime/signal';
import type { WrittenEvent } from './batch-writer';
import { VIEW_LIMITS } from './limits';
import { passes } from './postgres-error';
import type { Projection } from './projection';
import { allProjections } from './projections/all-projections';
import { ViewReader } from './view-reader';
import { ViewStore, type ViewDatabase } from './view-store';
import { ViewTask } from './view-task';

export interface ViewsDependencies {
  readonly broker: Broker;
  readonly codec: Codec;
  /** postgres://user:password@host:port/database */
  readonly databaseUrl: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Group of the instances that share the work on one database. */
  readonly group?: string;
  /** Of the app; `views` unless told otherwise. */
  readonly name?: string;
  /** What of the log is kept; all of it unless told otherwise. */
  readonly projections?: readonly Projection[];
  /** Where the member id is kept, so that a restart need not wait for the previous session. */
  readonly memberIdFile?: string;
  readonly watchLimits?: WatchLimits;
  /** Told what was written, once it stands. */
  readonly onWritten?: (events: readonly WrittenEvent[]) => void;
}

/**
 * Prepares the database and joins the group. Rejects when either cannot be, with
 * DATABASE_UNAVAILABLE while Postgres is away; then nothing is left behind.
 */
export function startViews(dependencies: ViewsDependencies): Promise<RunningApp> {
  return startViewsOn(new ViewStore(dependencies.databaseUrl), dependencies);
}

/** The same on a database that is there already; it is closed with the app. */
export async function startViewsOn(
  database: ViewDatabase,
  dependencies: Omit<ViewsDependencies, 'databaseUrl'>,
): Promise<RunningApp> {
  const views = new Views(database, dependencies);
  try {
    await views.prepare();
  } catch (error) {
    await views.close();
    throw error;
  }
  const { sessionTimeoutMs, rebalanceTimeoutMs } = VIEW_LIMITS;
  return GroupWorker.start(views, { ...dependencies, sessionTimeoutMs, rebalanceTimeoutMs });
}

class Views implements PartitionWork<ViewTask> {
  readonly name: string;
  readonly group: string;
  readonly topics: readonly string[];
  private readonly reader: ViewReader;
  private readonly wake = new Signal();
  /** Of the partitions that the reader reads. */
  private reads = '';
  private underWay: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: ViewDatabase,
    private readonly dependencies: Omit<ViewsDependencies, 'databaseUrl'>,
  ) {
    const { broker, clock, codec, logger, onWritten } = dependencies;
    const { name = 'views', group = name, projections = allProjections } = dependencies;
    this.name = name;
    this.group = group;
    this.topics = projections.map(({ topic }) => topic.name);
    this.reader = new ViewReader({
      broker,
      codec,
      store,
      projections,
      onReread: (partition, reason) =>
        logger.warn({ partition: partitionName(partition), reason }, 'a partition is reprocessed'),
      onRefused: (place, reason) =>
        logger.error({ place, reason }, 'Postgres rejected a record; it becomes a dead letter'),
      ...(onWritten === undefined ? {} : { onWritten }),
      clock,
    });
  }

  async prepare(): Promise<void> {
    const { broker, logger } = this.dependencies;
    const clusterId = await broker.clusterId();
    const { migrated, rows } = await askingPostgres(() => this.store.prepare(clusterId));
    if (migrated.length > 0) logger.info({ migrated }, 'the database was migrated');
    if (rows.kind === 'rebuild') {
      logger.warn({ reason: rows.reason, clusterId }, 'the read models are rebuilt from Kafka');
    }
  }

  open(partition: number, inputs: readonly TopicPartition[]): ViewTask {
    const { reader, dependencies } = this;
    const deps = {
      reader,
      clock: dependencies.clock,
      wake: () => this.stop(),
      roundEnds: () => this.underWay,
    };
    return new ViewTask(deps, partition, inputs);
  }

  async round(tasks: ReadonlyMap<number, ViewTask>): Promise<void> {
    const round = askingPostgres(() => this.readAndWrite([...tasks.values()]));
    this.underWay = round.catch(() => undefined);
    await round;
  }

  /** All state is in Postgres: any instance does for any partition. */
  stickyPartitions(): readonly number[] {
    return [];
  }

  /** Told by `detail`: a registry that is away fails the round. */
  registryAwaySince(): undefined {
    return undefined;
  }

  stop(): void {
    this.wake.notify();
    this.reader.wake();
  }

  /** Where Kafka or Postgres is away, its own timeouts end what is left of this instance. */
  async close(): Promise<void> {
    await Promise.allSettled([this.reader.close(), this.store.close()]);
  }

  private async readAndWrite(tasks: readonly ViewTask[]): Promise<void> {
    const inputs = tasks.flatMap((task) => task.inputs);
    const reads = inputs.map(partitionName).join();
    if (reads !== this.reads) this.reader.hold(inputs);
    this.reads = reads;
    if (!tasks.some((task) => task.isHeld)) {
      await this.reader.step();
      return;
    }
    // So that the lag is told of who is paused.
    await this.reader.lookAtEnds();
    const { clock } = this.dependencies;
    await this.wake.wait(clock, clock.now() + VIEW_LIMITS.pollWaitMs);
  }
}

/** What passes at Postgres is waited for, as a broker is that is away. */
async function askingPostgres<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!passes(error)) throw error;
    throw new RuntimeError('DATABASE_UNAVAILABLE', messageOf(error), { cause: error });
  }
}
