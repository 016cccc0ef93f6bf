/**
 * The views as an app: a group member that reads every event topic into Postgres. Not a StreamApp,
 * because its transaction is Postgres' and its positions stand beside its rows.
 *
 *     starting ──> running <──> paused
 *        │            │           │
 *        └────────────┴───────────┴──> stopping ──> (ended)
 *        any ──> failed
 *
 * What always holds: one loop does all the work, so a batch is never written while the group takes
 * partitions away; whoever takes them waits for the batch under way. Errors of the surroundings are
 * waited out with a pause that grows; any other error ends the app.
 */
import type { Codec } from '../../platform/avro/codec';
import { RegistryUnreachableError } from '../../platform/avro/schema-registry';
import type { Broker, Membership } from '../runtime/broker';
import { partitionName } from '../runtime/broker';
import type { Clock } from '../../platform/clock';
import { recoveryOf } from '../runtime/errors';
import { untilGivenBack } from '../runtime/give-back';
import { WATCH_LIMITS, type WatchLimits } from '../runtime/limits';
import type { Logger } from '../runtime/logger';
import type { AppHealth, AppState, RunningApp } from '../runtime/running-app';
import { Watchdog } from '../runtime/watch/watchdog';
import { AssignmentChanges } from './assignment-changes';
import { VIEW_LIMITS } from './limits';
import { passes } from './postgres-error';
import { allProjections } from './projections/all-projections';
import { ViewReader } from './view-reader';
import { ViewStore, type ViewDatabase } from './view-store';

export interface ViewsDependencies {
  readonly broker: Broker;
  readonly codec: Codec;
  /** postgres://user:password@host:port/database */
  readonly databaseUrl: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Group of the instances that share the work on one database. */
  readonly group?: string;
  /** Where the member id is kept, so that a restart need not wait for the former session. */
  readonly memberIdFile?: string;
  readonly watchLimits?: WatchLimits;
}

/** Resolves at once; `health` tells when it has prepared the database and joined its group. */
export function startViews(dependencies: ViewsDependencies): Promise<RunningApp> {
  return startViewsOn(new ViewStore(dependencies.databaseUrl), dependencies);
}

/** The same on a database that is there already; it is closed with the app. */
export function startViewsOn(
  database: ViewDatabase,
  dependencies: Omit<ViewsDependencies, 'databaseUrl'>,
): Promise<RunningApp> {
  return Promise.resolve(new Views(database, dependencies));
}

class Views implements RunningApp {
  readonly name = 'views';
  readonly ended: Promise<void>;
  private readonly reader: ViewReader;
  private readonly changes = new AssignmentChanges(() => this.wake());
  private state: AppState = 'starting';
  private detail: string | undefined;
  /** Attempts in a row that met an error of the surroundings. */
  private failedAttempts = 0;
  private sleep = new AbortController();
  private readonly watchdog: Watchdog;
  private readonly watching = new AbortController();
  /** Rejects when the watchdog gives the process up. */
  private readonly givenUp: Promise<never>;

  constructor(
    private readonly store: ViewDatabase,
    private readonly dependencies: Omit<ViewsDependencies, 'databaseUrl'>,
  ) {
    const { broker, clock, codec, logger } = dependencies;
    this.reader = new ViewReader({
      broker,
      codec,
      store,
      projections: allProjections,
      onReread: (partition, reason) =>
        logger.warn({ partition: partitionName(partition), reason }, 'a partition is read anew'),
      onRefused: (place, reason) =>
        logger.error({ place, reason }, 'Postgres refused a record; it is a dead letter now'),
      clock,
    });
    let giveUp!: (error: unknown) => void;
    this.givenUp = new Promise<never>((_resolve, reject) => (giveUp = reject));
    this.givenUp.catch(() => undefined);
    this.watchdog = new Watchdog({
      app: this.name,
      broker,
      clock,
      limits: dependencies.watchLimits ?? WATCH_LIMITS,
      logger,
      tasks: () => (this.state === 'running' ? this.reader.watchedTasks : []),
      // Told by `detail`: a registry that is away fails the step.
      registryAwaySince: () => undefined,
      exit: giveUp,
    });
    this.ended = this.run();
    // Whoever waits for `ended` hears of a failure; that nobody does must not end the process.
    this.ended.catch(() => undefined);
  }

  health(): AppHealth {
    const { state, detail } = this;
    const tasks = this.reader.watchedTasks.map((task) =>
      this.watchdog.healthOf(task, this.reader.healthOf(task.partition)),
    );
    return { state, tasks, ...(detail === undefined ? {} : { detail }) };
  }

  pause(): void {
    if (this.state === 'running') this.state = 'paused';
    this.wake();
  }

  resume(): void {
    if (this.state === 'paused') this.state = 'running';
    this.wake();
  }

  async stop(): Promise<void> {
    if (this.state !== 'failed') this.state = 'stopping';
    this.wake();
    // A failure is told by `ended`; whoever stops a failed app has nothing more to learn from it.
    await Promise.allSettled([this.ended]);
  }

  private async run(): Promise<void> {
    let membership: Membership | undefined;
    try {
      await this.untilDone(() => this.prepare());
      membership = await this.untilDone(() => this.join());
      void this.watchdog.run(this.watching.signal);
      await Promise.race([this.work(), this.givenUp]);
    } catch (error) {
      this.state = 'failed';
      this.detail = messageOf(error);
      throw error;
    } finally {
      this.watching.abort();
      this.changes.close();
      this.reader.hold([]);
      await this.giveBack(membership);
    }
  }

  /** Where Kafka or Postgres is away, its own timeouts end what is left of this instance. */
  private giveBack(membership: Membership | undefined): Promise<void> {
    const given = Promise.allSettled([membership?.leave()]).then(() =>
      Promise.allSettled([this.reader.close(), this.store.close()]),
    );
    const hasFailed = this.state === 'failed';
    return untilGivenBack(given, { hasFailed, clock: this.dependencies.clock });
  }

  private async work(): Promise<void> {
    while (!this.stopping()) await this.turn();
  }

  private async turn(): Promise<void> {
    const held = this.changes.take();
    if (held !== undefined) {
      this.reader.hold(held);
      if (this.state === 'starting') this.state = 'running';
    }
    if (this.state === 'paused') {
      await this.attempt(() => this.reader.lookAtEnds());
      await this.rest(VIEW_LIMITS.pollWaitMs);
    } else {
      await this.attempt(() => this.reader.step());
    }
  }

  private async prepare(): Promise<void> {
    const { broker, logger } = this.dependencies;
    const clusterId = await broker.clusterId();
    const { migrated, rows } = await this.store.prepare(clusterId);
    if (migrated.length > 0) logger.info({ migrated }, 'the database was migrated');
    if (rows.kind === 'rebuild') {
      logger.warn({ reason: rows.reason, clusterId }, 'the read models are rebuilt from Kafka');
    }
  }

  private async join(): Promise<Membership> {
    const { broker, group = 'views', memberIdFile } = this.dependencies;
    return broker.join({
      group,
      topics: allProjections.map(({ topic }) => topic.name),
      ...(memberIdFile === undefined ? {} : { memberIdFile }),
      // All state is in Postgres: any instance does for any partition.
      stickyPartitions: () => [],
      sessionTimeoutMs: VIEW_LIMITS.sessionTimeoutMs,
      rebalanceTimeoutMs: VIEW_LIMITS.rebalanceTimeoutMs,
      listener: this.changes,
    });
  }

  /** Undefined when the app was stopped before it could be done. */
  private async untilDone<T>(work: () => Promise<T>): Promise<T | undefined> {
    while (!this.stopping()) {
      const attempt = await this.attempt(work);
      if (attempt.kind === 'done') return attempt.value;
    }
    return undefined;
  }

  /** Waits when the surroundings fail the work; rejects with any other error. */
  private async attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
    try {
      const value = await work();
      this.failedAttempts = 0;
      this.detail = undefined;
      return { kind: 'done', value };
    } catch (error) {
      if (!comesFromSurroundings(error)) throw error;
      this.detail = `waits for its surroundings: ${messageOf(error)}`;
      this.dependencies.logger.warn({ err: error }, 'views try again');
      await this.rest(backoffMs(this.failedAttempts++));
      return { kind: 'later' };
    }
  }

  /** Sleeps, unless there is something to do. */
  private async rest(ms: number): Promise<void> {
    if (this.stopping() || this.changes.pending) return;
    this.sleep = new AbortController();
    await this.dependencies.clock.sleep(ms, this.sleep.signal);
  }

  private wake(): void {
    this.sleep.abort();
    this.reader.wake();
  }

  /** Also once the watchdog has given it up, should what hung go on after all. */
  private stopping(): boolean {
    return this.state === 'stopping' || this.state === 'failed';
  }
}

type Attempt<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'later' };

function comesFromSurroundings(error: unknown): boolean {
  return (
    passes(error) || error instanceof RegistryUnreachableError || recoveryOf(error) === 'retry'
  );
}

/** Pause before attempt `failedAttempts` + 1, ms. */
function backoffMs(failedAttempts: number): number {
  const { retryBackoffMinMs, retryBackoffMaxMs } = VIEW_LIMITS;
  return Math.min(retryBackoffMinMs * 2 ** failedAttempts, retryBackoffMaxMs);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
