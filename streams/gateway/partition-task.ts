/**
 * The life of one partition of requests in this process, from the moment the group gives it to the
 * moment it is given back.
 *
 *            taken (E2)             commit fails (E3)
 *   taking ────────────► running ───────────────────────┐
 *     ▲  ▲                  │                           ▼
 *     │  └──────────────────┼──────────────── waiting (backoff)
 *     │                     │ given back, `die`
 *     └ given               ▼
 *                         closed
 *
 * Being fenced leads to taking it again too: if the group has given it to somebody else, it says so
 * before long; if it has not, nobody would answer its requests.
 */
import { RegistryUnreachableError } from '../../platform/avro/schema-registry';
import type { Codec } from '../../platform/avro/codec';
import {
  partitionName,
  type Broker,
  type FetchedPartition,
  type RecordReader,
  type TopicPartition,
} from '../runtime/broker';
import type { Clock } from '../../platform/clock';
import { recoveryOf, type RuntimeError } from '../runtime/errors';
import { TASK_LIMITS } from '../runtime/limits';
import type { Logger } from '../runtime/logger';
import type { TaskHealth } from '../runtime/running-app';
import { Signal } from '../runtime/signal';
import { Underway } from '../runtime/watch/underway';
import type { TaskView, WatchedTask } from '../runtime/watch/watchdog';
import { GATEWAY, type GatewayTopics } from './gateway-topics';
import { GATEWAY_LIMITS } from './limits';
import { OffsetWindow } from './offset-window';
import type { PayPayCaller } from './paypay-caller';
import { RunningPartition } from './running-partition';

export interface PartitionTaskOptions {
  readonly topics: GatewayTopics;
  readonly broker: Broker;
  readonly reader: RecordReader;
  readonly codec: Codec;
  readonly caller: PayPayCaller;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly partitions: number;
  /** The gateway cannot go on: a bug, a wrong configuration, a damaged cluster. */
  died(error: unknown): void;
}

type TaskState =
  | { readonly kind: 'taking' }
  | { readonly kind: 'running'; readonly running: RunningPartition }
  | { readonly kind: 'waiting'; readonly error: string }
  | { readonly kind: 'closed' };

export class PartitionTask implements WatchedTask {
  readonly inputs: readonly TopicPartition[];
  private state: TaskState = { kind: 'taking' };
  private wanted = true;
  private held = false;
  /** Wall clock, ms since the epoch. */
  private heldSince = 0;
  private paused = false;
  /** Set by the watchdog: the partition is taken anew. */
  private retakeFor: RuntimeError | undefined;
  /** Since when it waits for the schema registry; wall clock, ms since the epoch. */
  private askingRegistrySince: number | undefined;
  private readonly underway: Underway;
  private resting: (() => void)[] = [];
  private readonly wake = new Signal();
  private readonly place: TopicPartition;
  private readonly ended: Promise<void>;

  constructor(
    private readonly options: PartitionTaskOptions,
    readonly partition: number,
  ) {
    this.place = { topic: options.topics.requests.name, partition };
    this.inputs = [this.place];
    this.underway = new Underway(options.clock);
    this.ended = this.live();
  }

  /** Ignored unless it runs: it will read them again. */
  offer(fetched: FetchedPartition): void {
    if (this.state.kind !== 'running') return;
    if (!this.state.running.offer(fetched)) {
      this.options.reader.pause(this.place);
      this.paused = true;
    }
    this.wake.notify();
  }

  /**
   * Resolves once no call is under way and every answer is committed, or after the time that a call
   * takes at most; what is left then is asked again by whoever takes the partition next.
   */
  async hold(): Promise<void> {
    if (!this.held) this.heldSince = this.options.clock.now();
    this.held = true;
    if (this.state.kind !== 'running') return;
    this.state.running.drain();
    const rest = new Promise<void>((resolve) => this.resting.push(resolve));
    this.wake.notify();
    await rest;
  }

  release(): void {
    this.held = false;
    if (this.state.kind === 'running') this.state.running.proceed();
    this.wake.notify();
  }

  /** Gives the partition back at once; `hold` before it to lose no answer. */
  async close(): Promise<void> {
    this.wanted = false;
    this.wake.notify();
    await this.ended;
  }

  health(): TaskHealth {
    const { state, partition } = this;
    switch (state.kind) {
      case 'running': {
        const { lagRecords } = state.running;
        return { partition, state: this.held ? 'held' : 'running', lagRecords };
      }
      case 'waiting':
        return { partition, state: `waiting: ${state.error}`, lagRecords: 0 };
      case 'taking':
      case 'closed':
        return { partition, state: state.kind, lagRecords: 0 };
    }
  }

  /** An operator's pause holds it as well; the gateway knows which it is. */
  view(): TaskView {
    const { state } = this;
    const { since } = this.underway;
    if (since !== undefined) {
      return { kind: 'busy', what: state.kind === 'taking' ? 'taking it' : 'a commit', since };
    }
    if (state.kind !== 'running') return { kind: 'resting' };
    if (this.held) return { kind: 'held', since: this.heldSince };
    return { kind: 'reading', inputs: [state.running.inputView] };
  }

  retake(why: RuntimeError): void {
    if (this.state.kind !== 'running') return;
    this.retakeFor = why;
    this.wake.notify();
  }

  get registryAwaySince(): number | undefined {
    return this.askingRegistrySince;
  }

  private async live(): Promise<void> {
    let backoffMs: number = TASK_LIMITS.retakeBackoffMinMs;
    while (this.wanted) {
      try {
        await this.takeAndRun();
      } catch (error) {
        this.state = { kind: 'waiting', error: String(error) };
        this.rest();
        await this.recover(error, backoffMs);
        backoffMs = Math.min(backoffMs * 2, TASK_LIMITS.retakeBackoffMaxMs);
      }
    }
    this.state = { kind: 'closed' };
    this.rest();
  }

  /**
   * E2, in order: 1. fence, 2. read the committed offset and its bitmap, 3. take requests from
   * exactly there.
   */
  private async takeAndRun(): Promise<void> {
    this.state = { kind: 'taking' };
    this.retakeFor = undefined;
    const { broker, reader, topics } = this.options;
    // 1.
    const producer = await this.underway.note(() =>
      broker.openProducer(`${topics.group}-${this.partition}`),
    );
    let running: RunningPartition | undefined;
    try {
      // 2.
      const { start, window } = await this.underway.note(() => this.committed());
      // 3.
      const { partition, wake, options } = this;
      running = new RunningPartition({ ...options, partition, producer, window, wake });
      if (this.held) running.drain();
      this.state = { kind: 'running', running };
      this.paused = false;
      reader.assign(this.place, start);
      reader.resume(this.place);
      reader.wake();
      this.options.logger.info({ app: GATEWAY, partition, offset: start }, 'partition taken');
      await this.run(running);
    } finally {
      // From here on it takes no records, and what waits to be called is left to the next.
      this.state = { kind: 'taking' };
      this.options.caller.tellConditionAgain();
      running?.drain();
      reader.unassign(this.place);
      await producer.close();
    }
  }

  private async committed(): Promise<{ readonly start: number; readonly window: OffsetWindow }> {
    const { broker, topics } = this.options;
    const name = partitionName(this.place);
    const committed = (await broker.committedOffsets(topics.group, [this.place])).get(name);
    const start = committed?.offset ?? (await broker.logStarts([this.place])).get(name) ?? 0;
    return { start, window: OffsetWindow.restore(start, committed?.metadata ?? '') };
  }

  private async run(running: RunningPartition): Promise<void> {
    const { clock, reader } = this.options;
    let heldUntil = Infinity;
    while (this.wanted) {
      if (this.retakeFor !== undefined) throw this.retakeFor;
      const missing = running.begin();
      const committed = await this.underway.note(() => running.commit());
      if (this.paused && running.hungry) {
        this.paused = false;
        reader.resume(this.place);
      }
      if (missing !== undefined) await this.learn(missing);
      if (committed || missing !== undefined) continue;
      if (!this.held) heldUntil = Infinity;
      else if (heldUntil === Infinity) heldUntil = clock.now() + GATEWAY_LIMITS.drainMs;
      if (this.held && (running.isDrained || clock.now() >= heldUntil)) this.rest();
      const recheckAt =
        this.resting.length > 0 ? clock.now() + GATEWAY_LIMITS.drainRecheckMs : Infinity;
      await this.wake.wait(clock, recheckAt);
    }
  }

  /** A registry that cannot be reached is waited for; it never makes a dead letter. */
  private async learn(schemaId: number): Promise<void> {
    const { clock, codec } = this.options;
    try {
      await codec.learn([schemaId]);
      this.askingRegistrySince = undefined;
    } catch (error) {
      if (!(error instanceof RegistryUnreachableError)) throw error;
      this.askingRegistrySince ??= clock.now();
      await this.wake.wait(clock, clock.now() + TASK_LIMITS.retryBackoffMs);
    }
  }

  private rest(): void {
    for (const rested of this.resting.splice(0)) rested();
  }

  /** E3: what an error says is done; an unknown one ends the gateway. */
  private async recover(error: unknown, backoffMs: number): Promise<void> {
    const { clock, logger } = this.options;
    const fields = { app: GATEWAY, partition: this.partition, error: String(error) };
    switch (recoveryOf(error)) {
      case 'retry':
      case 'retake':
      case 'drop':
        logger.warn({ ...fields, backoffMs }, 'partition will be taken again');
        await this.wake.wait(clock, clock.now() + backoffMs);
        return;
      case 'die':
        logger.error(fields, 'partition died');
        this.wanted = false;
        this.options.died(error);
    }
  }
}
