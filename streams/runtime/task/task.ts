/**
 * The life of one task in a process, from the moment the group gives it to the moment it is given
 * back. Source of truth for whether the task may work.
 *
 *            taken (E2)            step throws `retake` (E3)
 *   taking ────────────► running ───────────────────────────┐
 *     ▲  ▲                  │                               ▼
 *     │  └──────────────────┼──────────────── waiting (backoff)
 *     │                     │ given back, `drop`, `die`
 *     │                     ▼
 *     └ given            closed
 *
 * `hold` stops it between two steps with everything committed; `release` lets it go on. Holding is
 * how a rebalance and an operator's pause work.
 */
import type { FetchedPartition, RecordReader, TopicPartition } from '../broker';
import { recoveryOf, RuntimeError } from '../errors';
import { TASK_LIMITS } from '../limits';
import type { Logger } from '../logger';
import type { TaskHealth } from '../running-app';
import { Signal } from '../signal';
import { Underway } from '../watch/underway';
import type { TaskView, WatchedTask } from '../watch/watchdog';
import type { RestoreLine } from './restore-line';
import type { RestoreReport } from './restore-progress';
import { RestoreStatus } from './restore-status';
import type { RunningTask, Step } from './running-task';
import { takeTask, type TakeDeps } from './take';

export interface TaskOptions extends Omit<
  TakeDeps,
  'wanted' | 'learn' | 'inTurn' | 'restoring' | 'progress' | 'restored'
> {
  /** That of all tasks of the app in this process. */
  readonly restoreLine: RestoreLine;
  readonly reader: RecordReader;
  readonly logger: Logger;
  /** The app cannot go on: a bug, a wrong configuration, a damaged cluster. */
  died(error: unknown): void;
}

type TaskState =
  | { readonly kind: 'taking' }
  | { readonly kind: 'running'; readonly running: RunningTask }
  | { readonly kind: 'waiting'; readonly error: string }
  | { readonly kind: 'closed' };

export class Task implements WatchedTask {
  readonly inputs: readonly TopicPartition[];
  private state: TaskState = { kind: 'taking' };
  private readonly givenBack = new AbortController();
  private held = false;
  /** Wall clock, ms since the epoch. */
  private heldSince = 0;
  private readonly underway: Underway;
  /** Set by the watchdog: the next step throws it. */
  private retakeFor: RuntimeError | undefined;
  private readonly restore: RestoreStatus;
  private resting: (() => void)[] = [];
  private readonly wake = new Signal();
  private readonly paused = new Set<string>();
  private readonly ended: Promise<void>;

  constructor(
    private readonly options: TaskOptions,
    readonly partition: number,
  ) {
    const { app, clock, logger } = options;
    this.inputs = app.inputs.map(({ name }) => ({ topic: name, partition }));
    this.restore = new RestoreStatus(app.name, partition, clock, logger);
    this.underway = new Underway(clock);
    this.ended = this.live();
  }

  /** Records for one of its inputs; ignored unless it runs: it will read them again. */
  offer(fetched: FetchedPartition): void {
    if (this.state.kind !== 'running') return;
    if (!this.state.running.offer(fetched)) {
      this.options.reader.pause(fetched);
      this.paused.add(fetched.topic);
    }
    this.wake.notify();
  }

  /** Resolves once it rests between two steps with everything committed, or is not running. */
  async hold(): Promise<void> {
    if (!this.held) this.heldSince = this.options.clock.now();
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
    const lagRecords = state.kind === 'running' ? state.running.lagRecords : 0;
    const restore = this.restore.health;
    return {
      partition,
      state: this.stateText(),
      lagRecords,
      ...(restore === undefined ? {} : { restore }),
    };
  }

  /** An operator's pause holds it as well; the worker knows which it is. */
  view(): TaskView {
    const { state } = this;
    const { since } = this.underway;
    if (since !== undefined) {
      return { kind: 'busy', what: state.kind === 'taking' ? 'taking it' : 'a step', since };
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
    const { state, restore } = this;
    switch (state.kind) {
      case 'taking':
        return restore.health?.state === 'waiting'
          ? 'waiting to restore'
          : `restoring (${String(restore.health?.records ?? 0)} records)`;
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
        await this.recover(error, backoffMs);
        backoffMs = Math.min(backoffMs * 2, TASK_LIMITS.retakeBackoffMaxMs);
      }
      this.rested();
    }
    this.state = { kind: 'closed' };
  }

  private async takeAndRun(): Promise<void> {
    this.state = { kind: 'taking' };
    this.retakeFor = undefined;
    const running = await this.underway.note(() => this.take());
    const { reader } = this.options;
    for (const input of running.inputs) {
      reader.assign(input, running.positions.get(`${input.topic}-${String(input.partition)}`) ?? 0);
    }
    this.paused.clear();
    this.state = { kind: 'running', running };
    reader.wake();
    try {
      await this.run(running);
      await this.underway.note(() => running.flush());
    } finally {
      for (const input of running.inputs) reader.unassign(input);
      // From here on nobody offers records to a task whose store is closed.
      this.state = { kind: 'taking' };
      await this.underway.note(() => running.close());
    }
  }

  private take(): Promise<RunningTask> {
    const { options, partition } = this;
    return takeTask(
      {
        ...options,
        wanted: () => this.wanted,
        learn: (ids) => options.decoder.learn(ids),
        inTurn: (build) => this.inTurn(build),
        restoring: (plan) => this.restore.begin(plan),
        progress: (report, isDue) => {
          this.underway.goesOn();
          this.restore.progress(report, isDue);
        },
        restored: (plan, report) => this.restore.end(plan, report),
      },
      partition,
    );
  }

  /** Waiting for the others is no standstill of this one. */
  private inTurn(build: () => Promise<RestoreReport>): Promise<RestoreReport> {
    this.underway.rests();
    return this.options.restoreLine.turn(this.givenBack.signal, () => {
      this.underway.goesOn();
      return build();
    });
  }

  private async run(running: RunningTask): Promise<void> {
    const { clock } = this.options;
    while (this.wanted) {
      if (this.retakeFor !== undefined) throw this.retakeFor;
      if (this.held) {
        await this.underway.note(() => running.flush());
        this.rested();
        await this.wake.wait(clock, Infinity);
        continue;
      }
      const step: Step = await this.underway.note(() => running.step());
      this.feed(running);
      if (step.kind === 'idle') await this.wake.wait(clock, step.wakeAt);
    }
  }

  /** Back-pressure (B1): partitions are read again when little of them waits. */
  private feed(running: RunningTask): void {
    for (const topic of this.paused) {
      const place = { topic, partition: this.partition };
      if (!running.hungry(place)) continue;
      this.paused.delete(topic);
      this.options.reader.resume(place);
    }
  }

  private rested(): void {
    for (const rest of this.resting.splice(0)) rest();
  }

  /** E3: what an error says is done; an unknown one ends the app. */
  private async recover(error: unknown, backoffMs: number): Promise<void> {
    const { app, clock, logger, stores } = this.options;
    const fields = { app: app.name, partition: this.partition, error: String(error) };
    if (!this.wanted) return;
    switch (recoveryOf(error)) {
      case 'retry':
      case 'retake':
        logger.warn(fields, 'task will be taken again');
        if (error instanceof RuntimeError && error.code === 'STORE_DAMAGED') {
          await stores.destroy(this.partition);
        }
        await this.wake.wait(clock, clock.now() + pauseOf(error, backoffMs));
        return;
      case 'drop':
        logger.info(fields, 'task dropped');
        this.givenBack.abort();
        return;
      case 'die':
        logger.error(fields, 'task died');
        this.givenBack.abort();
        this.options.died(error);
    }
  }
}

function pauseOf(error: unknown, backoffMs: number): number {
  const fenced = error instanceof RuntimeError && error.code === 'FENCED';
  return fenced ? Math.max(backoffMs, TASK_LIMITS.fencedPauseMs) : backoffMs;
}
