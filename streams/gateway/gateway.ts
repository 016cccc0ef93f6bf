/**
 * The only part that calls PayPay: takes requests off one topic and answers on another. Owns the
 * place in the group, one reader for all partitions, and what they share towards PayPay.
 *
 *   starting -> running <-> paused -> stopping; failed from any of them
 */
import type { Codec } from '../../platform/avro/codec';
import type {
  Assignment,
  Broker,
  Membership,
  MembershipListener,
  RecordReader,
} from '../runtime/broker';
import type { Clock } from '../../platform/clock';
import { recoveryOf, RuntimeError } from '../runtime/errors';
import { untilGivenBack } from '../runtime/give-back';
import { TASK_LIMITS, WATCH_LIMITS, WORKER_LIMITS, type WatchLimits } from '../runtime/limits';
import type { Logger } from '../runtime/logger';
import type { AppHealth, AppState, RunningApp } from '../runtime/running-app';
import { Watchdog } from '../runtime/watch/watchdog';
import { GATEWAY, gatewayTopics, type GatewayTopics } from './gateway-topics';
import { PartitionTask } from './partition-task';
import { PayPayCaller } from './paypay-caller';
import type { PayPayClient } from './paypay/client';
import type { GatewaySettings } from './settings';

export interface GatewayOptions {
  readonly broker: Broker;
  /** Knows the ids of results and dead letters. */
  readonly codec: Codec;
  /** Stays the caller's to close, after the gateway has ended. */
  readonly paypay: PayPayClient;
  readonly clock: Clock;
  readonly settings: GatewaySettings;
  /** Absent: `gatewayTopics`. */
  readonly topics?: GatewayTopics;
  readonly logger: Logger;
  /** See `GroupOptions`. */
  readonly memberIdFile?: string;
  readonly sessionTimeoutMs?: number;
  readonly watchLimits?: WatchLimits;
}

/** Rejects with NOT_CO_PARTITIONED or UNKNOWN_TOPIC before anything is joined. */
export async function startGateway(options: GatewayOptions): Promise<RunningApp> {
  const topics = options.topics ?? gatewayTopics;
  const partitions = await partitionsOf(options.broker, topics);
  const gateway = new Gateway(options, topics, partitions, options.broker.openReader());
  const membership = await options.broker.join({
    group: topics.group,
    topics: [topics.requests.name],
    ...(options.memberIdFile === undefined ? {} : { memberIdFile: options.memberIdFile }),
    stickyPartitions: () => gateway.held(),
    sessionTimeoutMs: options.sessionTimeoutMs ?? WORKER_LIMITS.sessionTimeoutMs,
    rebalanceTimeoutMs: WORKER_LIMITS.rebalanceTimeoutMs,
    listener: gateway,
  });
  void gateway.work(membership);
  return gateway;
}

class Gateway implements RunningApp, MembershipListener {
  readonly name = GATEWAY;
  readonly ended: Promise<void>;
  private readonly tasks = new Map<number, PartitionTask>();
  private readonly stopping = new AbortController();
  private readonly caller: PayPayCaller;
  private readonly watchdog: Watchdog;
  /** Given back and not yet ended; watched until they are. */
  private readonly leaving = new Set<PartitionTask>();
  private state: AppState = 'starting';
  private failure: Error | undefined;
  /** Partitions that were lost; one may be given again before it has let go. */
  private closing: Promise<void> = Promise.resolve();
  private end!: { resolve(): void; reject(error: unknown): void };

  constructor(
    private readonly options: GatewayOptions,
    private readonly topics: GatewayTopics,
    private readonly partitions: number,
    private readonly reader: RecordReader,
  ) {
    this.caller = new PayPayCaller(options.paypay, options.settings, options.clock);
    this.watchdog = new Watchdog({
      app: GATEWAY,
      broker: options.broker,
      clock: options.clock,
      limits: options.watchLimits ?? WATCH_LIMITS,
      logger: options.logger,
      tasks: () => (this.state === 'paused' ? [] : [...this.tasks.values(), ...this.leaving]),
      registryAwaySince: () => this.registryAwaySince(),
      exit: (error) => this.failed(error),
    });
    this.ended = new Promise((resolve, reject) => {
      this.end = { resolve, reject };
    });
    // Whoever does not wait for the end reads the failure off `health`.
    this.ended.catch(() => undefined);
  }

  /** Partitions that it holds, which it would like to keep. */
  held(): readonly number[] {
    return [...this.tasks.keys()];
  }

  health(): AppHealth {
    const tasks = [...this.tasks.values()]
      .map((task) => this.watchdog.healthOf(task, task.health()))
      .sort((a, b) => a.partition - b.partition);
    const detail = this.failure === undefined ? {} : { detail: String(this.failure) };
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
    await this.holdAll();
  }

  async assigned({ partitions }: Assignment): Promise<void> {
    await this.closing;
    const given = new Set(partitions.map(({ partition }) => partition));
    await this.close([...this.tasks.values()].filter(({ partition }) => !given.has(partition)));
    if (this.state === 'starting') this.state = 'running';
    if (given.size > 0) this.caller.takeShare(given.size / this.partitions);
    for (const partition of given) {
      if (!this.tasks.has(partition)) this.tasks.set(partition, this.open(partition));
    }
    for (const task of this.tasks.values()) {
      if (this.state === 'running') task.release();
      else void task.hold();
    }
    this.options.logger.info({ app: GATEWAY, partitions: [...given] }, 'partitions assigned');
  }

  lost(): void {
    this.options.logger.warn({ app: GATEWAY }, 'lost the place in the group');
    this.closing = this.close([...this.tasks.values()]);
  }

  failed(error: unknown): void {
    if (this.failure !== undefined) return;
    this.failure = errorOf(error);
    this.state = 'failed';
    this.stopping.abort();
    this.reader.wake();
  }

  /** Hands out what is read, until it is stopped. */
  async work(membership: Membership): Promise<void> {
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
      this.failure ??= errorOf(error);
    }
    if (this.failure === undefined) this.end.resolve();
    else this.end.reject(this.failure);
  }

  /** A partition that does not end must not keep a process that failed from ending. */
  private giveBack(membership: Membership): Promise<void> {
    const given = this.holdAll()
      .then(() => this.close([...this.tasks.values()]))
      .then(() => membership.leave())
      .then(() => this.reader.close());
    const hasFailed = this.state === 'failed';
    return untilGivenBack(given, { hasFailed, clock: this.options.clock });
  }

  private registryAwaySince(): number | undefined {
    const since = [...this.tasks.values()].flatMap((task) => task.registryAwaySince ?? []);
    return since.length === 0 ? undefined : Math.min(...since);
  }

  private open(partition: number): PartitionTask {
    const { caller, options, partitions, reader, topics } = this;
    const died = (error: unknown) => this.failed(error);
    const { broker, codec, clock, logger } = options;
    return new PartitionTask(
      {
        topics,
        broker,
        reader,
        codec,
        caller,
        clock,
        logger,
        partitions,
        died,
      },
      partition,
    );
  }

  private async holdAll(): Promise<void> {
    await Promise.all([...this.tasks.values()].map((task) => task.hold()));
  }

  private async close(tasks: readonly PartitionTask[]): Promise<void> {
    for (const task of tasks) {
      this.tasks.delete(task.partition);
      this.leaving.add(task);
    }
    await Promise.all(tasks.map((task) => task.close().then(() => this.leaving.delete(task))));
  }
}

/** An order's requests and results have the same partition number, as every topic's. */
async function partitionsOf(
  broker: Broker,
  { requests, results, conditions, deadLetters }: GatewayTopics,
): Promise<number> {
  const names = [requests, results, conditions, deadLetters].map(({ name }) => name);
  const counts = await broker.partitionCounts(names);
  const [partitions, ...others] = new Set(counts.values());
  if (partitions === undefined || others.length > 0) {
    const list = [...counts].map(([name, count]) => `${name}: ${count}`).join(', ');
    throw new RuntimeError('NOT_CO_PARTITIONED', `${GATEWAY} needs equal counts; ${list}`);
  }
  return partitions;
}

function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
