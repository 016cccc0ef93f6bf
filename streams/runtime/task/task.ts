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
import type { FetchedPartition, RecordReader } from '../broker';
import { recoveryOf, RuntimeError } from '../errors';
import { TASK_LIMITS } from '../limits';
import type { Logger } from '../logger';
import type { TaskHealth } from '../running-app';
import { Signal } from '../signal';
import type { RunningTask, Step } from './running-task';
import { takeTask, type TakeDeps } from './take';

export interface TaskOptions extends Omit<TakeDeps, 'wanted' | 'learn' | 'progress' | 'restored'> {
  readonly reader: RecordReader;
  readonly logger: Logger;
  /** The app cannot go on: a bug, a wrong configuration, a damaged cluster. */
  died(error: unknown): void;
}

type TaskState =
  | { readonly kind: 'taking'; readonly restored: number }
  | { readonly kind: 'running'; readonly running: RunningTask }
  | { readonly kind: 'waiting'; readonly error: string }
  | { readonly kind: 'closed' };

export class Task {
  private state: TaskState = { kind: 'taking', restored: 0 };
  private wanted = true;
  private held = false;
  private resting: (() => void)[] = [];
  private readonly wake = new Signal();
  private readonly paused = new Set<string>();
  private readonly ended: Promise<void>;

  constructor(
    private readonly options: TaskOptions,
    readonly partition: number,
  ) {
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
    this.wanted = false;
    this.wake.notify();
    await this.ended;
  }

  health(): TaskHealth {
    const { state, partition } = this;
    const lagRecords = state.kind === 'running' ? state.running.lagRecords : 0;
    switch (state.kind) {
      case 'taking':
        return { partition, state: `restoring (${String(state.restored)} records)`, lagRecords };
      case 'waiting':
        return { partition, state: `waiting: ${state.error}`, lagRecords };
      case 'running':
        return { partition, state: this.held ? 'held' : 'running', lagRecords };
      case 'closed':
        return { partition, state: 'closed', lagRecords };
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
    this.state = { kind: 'taking', restored: 0 };
    const running = await this.take();
    const { reader } = this.options;
    for (const input of running.inputs) {
      reader.assign(input, running.positions.get(`${input.topic}-${String(input.partition)}`) ?? 0);
    }
    this.paused.clear();
    this.state = { kind: 'running', running };
    reader.wake();
    try {
      await this.run(running);
      await running.flush();
    } finally {
      for (const input of running.inputs) reader.unassign(input);
      // From here on nobody offers records to a task whose store is closed.
      this.state = { kind: 'taking', restored: 0 };
      await running.close();
    }
  }

  private take(): Promise<RunningTask> {
    const { options, partition } = this;
    return takeTask(
      {
        ...options,
        wanted: () => this.wanted,
        learn: (ids) => options.decoder.learn(ids),
        progress: (restored) => {
          this.state = { kind: 'taking', restored };
        },
        restored: (plan, records) => {
          const fields = { app: options.app.name, partition, plan: plan.kind, records };
          if (plan.kind === 'rebuild')
            options.logger.warn({ ...fields, why: plan.why }, 'store rebuilt');
          else options.logger.info(fields, 'task taken');
        },
      },
      partition,
    );
  }

  private async run(running: RunningTask): Promise<void> {
    const { clock } = this.options;
    while (this.wanted) {
      if (this.held) {
        await running.flush();
        this.rested();
        await this.wake.wait(clock, Infinity);
        continue;
      }
      const step: Step = await running.step();
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
        this.wanted = false;
        return;
      case 'die':
        logger.error(fields, 'task died');
        this.wanted = false;
        this.options.died(error);
    }
  }
}

function pauseOf(error: unknown, backoffMs: number): number {
  const fenced = error instanceof RuntimeError && error.code === 'FENCED';
  return fenced ? Math.max(backoffMs, TASK_LIMITS.fencedPauseMs) : backoffMs;
}
