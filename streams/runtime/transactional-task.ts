/**
 * The life of one partition that commits by a transactional producer of its own, from the moment the
 * group gives it to the moment it is given back. Source of truth for whether it may work; what it
 * does while it may is the owner's (`TaskWork`).
 *
 *            taken (E2)             step throws `retry`, `retake` (E3)
 *   taking ────────────► running ───────────────────────┐
 *     ▲  ▲                  │                           ▼
 *     │  └──────────────────┼──────────────── waiting (backoff)
 *     │                     │ given back, `drop`, `die`
 *     │                     ▼
 *     └ given            closed
 *
 * `hold` stops it between two steps with everything committed; `release` lets it go on. Holding is
 * how a rebalance and an operator's pause work.
 */
import type { Clock } from '../../platform/clock';
import {
  partitionName,
  type FetchedPartition,
  type RecordReader,
  type TopicPartition,
} from './broker';
import { recoveryOf, RuntimeError } from './errors';
import type { PartitionTask } from './group-worker';
import { TASK_LIMITS } from './limits';
import type { Logger } from './logger';
import type { TaskHealth } from './running-app';
import { Signal } from './signal';
import { Underway } from './watch/underway';
import type { InputView, TaskView } from './watch/watchdog';

export type Step =
  /** There may be more to do. */
  | { readonly kind: 'worked' }
  /** Nothing until records come, or until `wakeAt` (wall-clock ms since the epoch; Infinity: never). */
  | { readonly kind: 'idle'; readonly wakeAt: number };

/** What works on a partition while it is taken. After a rejection it is only closed. */
export interface TakenPartition {
  readonly lagRecords: number;
  /** Timers due by now; absent where none are kept. */
  readonly timersDue?: number;
  readonly inputViews: readonly InputView[];
  /** Where reading begins, by `partitionName`. */
  readonly positions: ReadonlyMap<string, number>;
  /** False when so much waits that the input is better paused (B1). */
  offer(fetched: FetchedPartition): boolean;
  /** Whether an input that was paused is ready for more. */
  hungry(input: TopicPartition): boolean;
  step(): Promise<Step>;
  /** Instead of a step while it is held, and before it is given back: commits, and begins nothing. */
  settle(): Promise<Step | { readonly kind: 'rested' }>;
  close(): Promise<void>;
}

/** What taking a partition is told, and tells. */
export interface Taking {
  /** Aborted once the partition is given back. */
  readonly givenBack: AbortSignal;
  /** To be told of progress, and of waiting for what is no stall. */
  readonly underway: Underway;
  /** To be notified when there is something to do. */
  readonly wake: Signal;
}

export interface TaskWork {
  /** The app's name. */
  readonly app: string;
  readonly inputs: readonly TopicPartition[];
  /** E2: fences, reads the committed offsets, and is ready to go on from exactly there. */
  take(taking: Taking): Promise<TakenPartition>;
  /** How far taking it is, for people; what is known of it is told in health also afterwards. */
  takingHealth(): { readonly state: string } & Pick<TaskHealth, 'restore'>;
  /** Before it is re-initialized after `error`. */
  mend?(error: unknown): Promise<void>;
}

export interface TaskSurroundings {
  readonly clock: Clock;
  readonly logger: Logger;
  /** That of all tasks of the owner. */
  readonly reader: RecordReader;
  /** The owner cannot go on: a bug, a wrong configuration, a damaged cluster. */
  died(error: unknown): void;
}

type TaskState =
  | { readonly kind: 'taking' }
  | { readonly kind: 'running'; readonly running: TakenPartition }
  | { readonly kind: 'waiting'; readonly error: string }
  | { readonly kind: 'closed' };

export class TransactionalTask implements PartitionTask {
  readonly inputs: readonly TopicPartition[];
  private state: TaskState = { kind: 'taking' };
  private readonly givenBack = new AbortController();
  private held = false;
  /** Wall clock, ms since the epoch. */
  private heldSince = 0;
  private readonly underway: Underway;
  /** Set by the watchdog: the next step throws it. */
  private retakeFor: RuntimeError | undefined;
  private resting: (() => void)[] = [];
  private readonly wake = new Signal();
  /** Names of the inputs that are not read for now. */
  private readonly paused = new Set<string>();
  private readonly ended: Promise<void>;

  constructor(
    private readonly work: TaskWork,
    private readonly surroundings: TaskSurroundings,
    readonly partition: number,
  ) {
    this.inputs = work.inputs;
    this.underway = new Underway(surroundings.clock);
    this.ended = this.live();
  }

  /** Records for one of its inputs; ignored unless it runs: it will read them again. */
  offer(fetched: FetchedPartition): void {
    if (this.state.kind !== 'running') return;
    if (!this.state.running.offer(fetched)) {
      this.surroundings.reader.pause(fetched);
      this.paused.add(partitionName(fetched));
    }
    this.wake.notify();
  }

  /** Resolves once it rests between two steps with everything committed, or is not running. */
  async hold(): Promise<void> {
    if (!this.held) this.heldSince = this.surroundings.clock.now();
    this.held = true;
    if (this.state.kind !== 'running') return;
    const rest = new Promise<void>((resolve) => this.resting.push(resolve));
    this.wake.notify();
    await rest;
  }

  release(): void {
    this.held = false;
    this.wake.notify();
  }

  /** Gives the task back: commits what is handled, frees what it holds. */
  async close(): Promise<void> {
    this.givenBack.abort();
    this.wake.notify();
    await this.ended;
  }

  health(): TaskHealth {
    const { state, partition } = this;
    const running = state.kind === 'running' ? state.running : undefined;
    const timersDue = running?.timersDue;
    return {
      ...this.work.takingHealth(),
      partition,
      state: this.stateText(),
      lagRecords: running?.lagRecords ?? 0,
      ...(timersDue === undefined ? {} : { timersDue }),
    };
  }

  /** An operator's pause holds it as well; the worker knows which it is. */
  view(): TaskView {
    const { state } = this;
    const { since } = this.underway;
    if (since !== undefined) {
      return { kind: 'busy', what: state.kind === 'taking' ? 'initialization' : 'a step', since };
    }
    if (state.kind !== 'running') return { kind: 'resting' };
    if (this.held) return { kind: 'held', since: this.heldSince };
    return { kind: 'reading', inputs: state.running.inputViews };
  }

  retake(why: RuntimeError): void {
    if (this.state.kind !== 'running') return;
    this.retakeFor = why;
    this.wake.notify();
  }

  private get wanted(): boolean {
    return !this.givenBack.signal.aborted;
  }

  private stateText(): string {
    const { state } = this;
    switch (state.kind) {
      case 'taking':
        return this.work.takingHealth().state;
      case 'waiting':
        return `waiting: ${state.error}`;
      case 'running':
        return this.held ? 'held' : 'running';
      case 'closed':
        return 'closed';
    }
  }

  private async live(): Promise<void> {
    let backoffMs: number = TASK_LIMITS.retakeBackoffMinMs;
    while (this.wanted) {
      try {
        await this.takeAndRun();
      } catch (error) {
        this.state = { kind: 'waiting', error: String(error) };
        this.rested();
        await this.recover(error, backoffMs);
        backoffMs = Math.min(backoffMs * 2, TASK_LIMITS.retakeBackoffMaxMs);
      }
    }
    this.state = { kind: 'closed' };
    this.rested();
  }

  private async takeAndRun(): Promise<void> {
    this.state = { kind: 'taking' };
    this.retakeFor = undefined;
    const { reader } = this.surroundings;
    const { underway, wake, givenBack } = this;
    const taking = { underway, wake, givenBack: givenBack.signal };
    const running = await underway.note(() => this.work.take(taking));
    for (const input of this.inputs) {
      reader.assign(input, running.positions.get(partitionName(input)) ?? 0);
    }
    this.paused.clear();
    this.state = { kind: 'running', running };
    reader.wake();
    try {
      await this.run(running);
      await underway.note(() => running.settle());
    } finally {
      for (const input of this.inputs) reader.unassign(input);
      // From here on nobody offers records to a partition that is no longer worked on.
      this.state = { kind: 'taking' };
      await underway.note(() => running.close());
    }
  }

  private async run(running: TakenPartition): Promise<void> {
    const { clock } = this.surroundings;
    while (this.wanted) {
      if (this.retakeFor !== undefined) throw this.retakeFor;
      const step = await this.underway.note(() => (this.held ? running.settle() : running.step()));
      this.feed(running);
      switch (step.kind) {
        case 'worked':
          break;
        case 'idle':
          await this.wake.wait(clock, step.wakeAt);
          break;
        case 'rested':
          this.rested();
          await this.wake.wait(clock, Infinity);
      }
    }
  }

  /** Back-pressure (B1): inputs are read again when little of them waits. */
  private feed(running: TakenPartition): void {
    if (this.paused.size === 0) return;
    for (const input of this.inputs) {
      const name = partitionName(input);
      if (!this.paused.has(name) || !running.hungry(input)) continue;
      this.paused.delete(name);
      this.surroundings.reader.resume(input);
    }
  }

  private rested(): void {
    for (const rest of this.resting.splice(0)) rest();
  }

  /** E3: what an error says is done; an unknown one ends the owner. */
  private async recover(error: unknown, backoffMs: number): Promise<void> {
    const { clock, logger } = this.surroundings;
    const fields = { app: this.work.app, partition: this.partition, error: String(error) };
    if (!this.wanted) return;
    switch (recoveryOf(error)) {
      case 'retry':
      case 'retake':
        logger.warn(fields, 'task will be re-initialized');
        await this.mend(error);
        await this.wake.wait(clock, clock.now() + pauseOf(error, backoffMs));
        return;
      case 'drop':
        logger.info(fields, 'task dropped');
        this.givenBack.abort();
        return;
      case 'die':
        logger.error(fields, 'task died');
        this.die(error);
    }
  }

  private async mend(error: unknown): Promise<void> {
    try {
      await this.work.mend?.(error);
    } catch (failure) {
      this.die(failure);
    }
  }

  private die(error: unknown): void {
    this.givenBack.abort();
    this.wake.notify();
    this.surroundings.died(error);
  }
}

function pauseOf(error: unknown, backoffMs: number): number {
  const fenced = error instanceof RuntimeError && error.code === 'FENCED';
  return fenced ? Math.max(backoffMs, TASK_LIMITS.fencedPauseMs) : backoffMs;
}

/** One long poll for all tasks of an owner. Rejects as the reader does. */
export async function handOut(
  reader: RecordReader,
  tasks: ReadonlyMap<number, TransactionalTask>,
): Promise<void> {
  for (const fetched of await reader.poll(TASK_LIMITS.pollWaitMs)) {
    tasks.get(fetched.partition)?.offer(fetched);
  }
}
