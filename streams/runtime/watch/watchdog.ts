/**
 * Looks at the tasks of one app from outside, with questions of its own to the brokers, and sees to
 * it that none is stalled in silence (stall.ts says what is done). Owns what was seen of each task.
 *
 * What always holds: the tasks' own state is read on every round, also while no broker answers;
 * a remedy is given once for what it is for, and again only after its limit has passed again.
 */
import { partitionName, type Broker, type TopicPartition } from '../broker';
import type { Clock } from '../../../platform/clock';
import { recoveryOf, RuntimeError } from '../errors';
import type { WatchLimits } from '../limits';
import type { Logger } from '../logger';
import type { TaskHealth } from '../running-app';
import { InputWatch, type PartitionEnds } from './input-watch';
import { remedyOf, type Stall } from './stall';

/** What a task says of itself when it is asked. */
export type TaskView =
  /** One thing that should end is in progress, since `since` (wall clock, ms since the epoch). */
  | { readonly kind: 'busy'; readonly what: string; readonly since: number }
  /** Held for a rebalance. */
  | { readonly kind: 'held'; readonly since: number }
  /** Nothing is expected of it: it backs off, an operator paused it, or it has ended. */
  | { readonly kind: 'resting' }
  | { readonly kind: 'reading'; readonly inputs: readonly InputView[] };

export interface InputView {
  readonly place: TopicPartition;
  /** Everything below has been read. */
  readonly readTo: number;
  /** Everything below has been handled. */
  readonly handledTo: number;
  /** Whether it could take more. */
  readonly hungry: boolean;
}

export interface WatchedTask {
  readonly partition: number;
  readonly inputs: readonly TopicPartition[];
  view(): TaskView;
  /** Closes its producer and re-initializes from the committed offsets (E3). */
  retake(why: RuntimeError): void;
}

export interface WatchdogOptions {
  readonly app: string;
  readonly broker: Pick<Broker, 'highWatermarks' | 'lastStableOffsets'>;
  readonly clock: Clock;
  readonly limits: WatchLimits;
  readonly logger: Logger;
  readonly tasks: () => readonly WatchedTask[];
  /** Since when the schema registry is waited for; undefined while it is not. */
  readonly registryAwaySince: () => number | undefined;
  /** The app cannot go on in this process. */
  readonly exit: (error: unknown) => void;
}

/** What is known of one task over time. */
interface Watched {
  readonly inputs: Map<string, InputWatch>;
  /** Where its inputs were handled to, and since when records have waited there. */
  handled: { readonly to: string; readonly since: number };
  stall: Stall | undefined;
  /** Where it was when it was last re-initialized, and when that was. */
  retaken: { readonly from: string; readonly at: number } | undefined;
}

export class Watchdog {
  private readonly watched = new Map<WatchedTask, Watched>();
  private ends: ReadonlyMap<string, PartitionEnds> = new Map();
  private asking = false;
  private unansweredSince: number | undefined;

  constructor(private readonly options: WatchdogOptions) {}

  /** Looks until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, limits } = this.options;
    while (!signal.aborted) {
      this.look();
      await clock.sleep(limits.watchIntervalMs, signal);
    }
  }

  /** What holds the task up; undefined while nothing does. */
  stallOf(task: WatchedTask): Stall | undefined {
    return this.watched.get(task)?.stall;
  }

  /** The task's own health, with what was seen of it from outside. */
  healthOf(task: WatchedTask, health: TaskHealth): TaskHealth {
    const stall = this.stallOf(task);
    return stall === undefined ? health : { ...health, stall };
  }

  private look(): void {
    const tasks = this.options.tasks();
    for (const task of this.watched.keys()) if (!tasks.includes(task)) this.watched.delete(task);
    for (const task of tasks) this.lookAt(task);
    void this.askForEnds(tasks);
  }

  private lookAt(task: WatchedTask): void {
    const now = this.options.clock.now();
    const watched = this.watched.get(task) ?? {
      inputs: new Map<string, InputWatch>(),
      handled: { to: '', since: now },
      stall: undefined,
      retaken: undefined,
    };
    this.watched.set(task, watched);
    const before = watched.stall;
    watched.stall = this.judge(task.view(), watched, now);
    if (watched.stall === undefined) {
      if (before !== undefined)
        this.options.logger.info(this.fields(task, before), 'task is no longer stalled');
      return;
    }
    if (before?.kind !== watched.stall.kind) {
      this.options.logger.warn(this.fields(task, watched.stall), 'task is stalled');
    }
    this.remedy(task, watched, watched.stall, now);
  }

  private judge(view: TaskView, watched: Watched, now: number): Stall | undefined {
    const { limits } = this.options;
    const elsewhere = this.stallElsewhere(now);
    if (elsewhere !== undefined) return elsewhere;
    switch (view.kind) {
      case 'resting':
        return undefined;
      case 'busy':
        if (now - view.since < limits.taskStallMs) return undefined;
        return { kind: 'step', since: view.since, detail: `${view.what} does not complete` };
      case 'held':
        if (now - view.since < limits.holdStallMs) return undefined;
        return { kind: 'rebalance', since: view.since, detail: 'the rebalance does not complete' };
      case 'reading':
        return this.judgeInputs(view.inputs, watched, now);
    }
  }

  /** What lies with others, and explains whatever the task itself shows. */
  private stallElsewhere(now: number): Stall | undefined {
    const { limits, registryAwaySince } = this.options;
    const unanswered = this.unansweredSince;
    if (unanswered !== undefined && now - unanswered >= limits.brokersAwayMs) {
      return { kind: 'brokers', since: unanswered, detail: 'no broker responds' };
    }
    const since = registryAwaySince();
    if (since === undefined) return undefined;
    return { kind: 'registry', since, detail: 'the schema registry does not respond' };
  }

  private judgeInputs(
    inputs: readonly InputView[],
    watched: Watched,
    now: number,
  ): Stall | undefined {
    const handling = this.judgeHandling(inputs, watched, now);
    const stalls = inputs.flatMap((input) => {
      const name = partitionName(input.place);
      const ends = this.ends.get(name);
      if (ends === undefined) return [];
      const watch = watched.inputs.get(name) ?? new InputWatch(this.options.limits);
      watched.inputs.set(name, watch);
      return watch.observe({ ...input, ...ends, at: now }) ?? [];
    });
    return stalls.find(({ kind }) => kind === 'reading') ?? stalls[0] ?? handling;
  }

  private judgeHandling(
    inputs: readonly InputView[],
    watched: Watched,
    now: number,
  ): Stall | undefined {
    const to = inputs.map(({ handledTo }) => handledTo).join(', ');
    const wait = inputs.some(({ readTo, handledTo }) => handledTo < readTo);
    if (!wait || watched.handled.to !== to) watched.handled = { to, since: now };
    const { since } = watched.handled;
    if (now - since < this.options.limits.taskStallMs) return undefined;
    return {
      kind: 'handling',
      since,
      detail: `records are fetched, and none is processed past ${to}`,
    };
  }

  private remedy(task: WatchedTask, watched: Watched, stall: Stall, now: number): void {
    const { app, exit, limits } = this.options;
    const { retaken } = watched;
    const what = `task ${task.partition} of ${app}: ${stall.detail}`;
    switch (remedyOf(stall)) {
      case 'wait':
        return;
      case 'exit':
        exit(new RuntimeError('STALLED', what));
        return;
      case 'retake-then-exit':
        if (retaken !== undefined && now - retaken.at < limits.retakeStallMs) return;
        if (retaken?.from === watched.handled.to) {
          exit(new RuntimeError('STALLED', `${what}, also after it was re-initialized`));
        } else {
          this.retake(task, watched, what, now);
        }
        return;
      case 'retake':
        if (retaken !== undefined && now - retaken.at < limits.openTransactionRetakeMs) return;
        this.retake(task, watched, what, now);
    }
  }

  private retake(task: WatchedTask, watched: Watched, what: string, now: number): void {
    watched.retaken = { from: watched.handled.to, at: now };
    task.retake(new RuntimeError('INPUT_STALLED', what));
  }

  /** One question at a time; the broker's port retries by itself until it gives up. */
  private async askForEnds(tasks: readonly WatchedTask[]): Promise<void> {
    const { broker, clock, exit } = this.options;
    const places = tasks.flatMap(({ inputs }) => inputs);
    if (this.asking || places.length === 0) return;
    this.asking = true;
    this.unansweredSince ??= clock.now();
    try {
      // In this order: an end that was read later is never below it.
      const stable = await broker.lastStableOffsets(places);
      const ends = await broker.highWatermarks(places);
      this.ends = endsOf(places, stable, ends);
      this.unansweredSince = undefined;
    } catch (error) {
      if (recoveryOf(error) !== 'retry') exit(error);
    } finally {
      this.asking = false;
    }
  }

  private fields({ partition }: WatchedTask, { kind, since, detail }: Stall) {
    const { app, clock } = this.options;
    return { app, partition, kind, detail, seconds: Math.round((clock.now() - since) / 1_000) };
  }
}

function endsOf(
  places: readonly TopicPartition[],
  stable: ReadonlyMap<string, number>,
  ends: ReadonlyMap<string, number>,
): ReadonlyMap<string, PartitionEnds> {
  return new Map(
    places.map(partitionName).flatMap((name) => {
      const lastStableOffset = stable.get(name);
      const highWatermark = ends.get(name);
      if (lastStableOffset === undefined || highWatermark === undefined) return [];
      return [[name, { lastStableOffset, highWatermark }] as const];
    }),
  );
}
