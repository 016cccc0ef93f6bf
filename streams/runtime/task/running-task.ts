/**
 * A task that was taken (E2): partition p of all inputs of an app, with its producer, its store
 * and its queues. It works in steps, so that the worker, the test driver and the simulation run
 * the same code, each at its own pace:
 *
 *   step = a round of records and timers, then perhaps a commit
 *
 * A round looks ahead at what may come next, fetches the state of all of it that is not in memory in
 * one read, and then handles one by one in the order of log time. It ends early when the next one
 * needs a key that was not fetched.
 *
 * Nothing here retries: what a step throws says what to do (errors.ts), and after it the task is
 * of no more use.
 */
import type { AnyEvent } from '../../../platform/avro/event';
import type { Topic } from '../../../platform/topic';
import type { StreamApp, Timer } from '../app';
import {
  partitionName,
  type Broker,
  type FetchedPartition,
  type LogRecord,
  type TopicPartition,
  type TransactionalProducer,
} from '../broker';
import type { Clock } from '../../../platform/clock';
import { TASK_LIMITS } from '../limits';
import type { Checkpoint, Store } from '../store/store';
import type { Step, TakenPartition } from '../transactional-task';
import type { InputView } from '../watch/watchdog';
import { commit } from './commit';
import { HandlerCalls } from './handler-calls';
import type { InputQueue, QueuedRecord } from './input-queue';
import type { RecordDecoder } from './record-decoder';
import { ABSENT } from './entry';
import { StateCache, type Cell } from './state-cache';
import { decodeState } from './state-record';
import { TimerIndex } from './timer-index';
import { UnitOfWork } from './unit-of-work';

/** What a task shares with all tasks of its app. */
export interface TaskDeps {
  readonly app: StreamApp;
  readonly partitions: number;
  readonly deadLetters: Topic<'DeadLetter'>;
  readonly broker: Broker;
  readonly decoder: RecordDecoder;
  readonly clock: Clock;
  readonly clockSlackMs: number;
}

/** What a task owns once it was taken. */
export interface TakenTask {
  readonly partition: number;
  readonly producer: TransactionalProducer;
  readonly store: Store;
  readonly queues: readonly InputQueue[];
  readonly checkpoint: Checkpoint;
  readonly timers: readonly Timer[];
}

/** A state cannot be encoded; `cause` says why. */
class UnfitStateError extends Error {
  constructor(override readonly cause: unknown) {
    super('a state does not fit its schema');
  }
}

type Next =
  | { readonly kind: 'record'; readonly queue: InputQueue }
  | { readonly kind: 'timer'; readonly timer: Timer }
  /** A timer is due before any record, and these partitions may still bring an earlier one. */
  | { readonly kind: 'gated'; readonly dueAt: number; readonly by: readonly InputQueue[] }
  | { readonly kind: 'nothing'; readonly timer: Timer | undefined };

export class RunningTask implements TakenPartition {
  readonly partition: number;
  private readonly work = new UnitOfWork(new StateCache(TASK_LIMITS.cachedStatesMax));
  private readonly timers = new TimerIndex(TASK_LIMITS.timersInMemoryMax);
  private readonly calls: HandlerCalls;
  private checkpoint: Checkpoint;
  /** Records and timers handled since the last commit, and when the first of them was. */
  private handled = 0;
  private handledSince = 0;

  constructor(
    private readonly deps: TaskDeps,
    private readonly taken: TakenTask,
  ) {
    this.partition = taken.partition;
    this.checkpoint = taken.checkpoint;
    const { work, timers, partition } = this;
    this.calls = new HandlerCalls({ ...deps, work, timers, partition });
    this.timers.load(taken.timers);
  }

  /** Throws OFFSET_JUMPED. False: the partition has enough waiting and must be paused (B1). */
  offer(fetched: FetchedPartition): boolean {
    const queue = this.queueOf(fetched);
    queue.offer(fetched);
    return queue.length < TASK_LIMITS.queueRecordsMax;
  }

  /** True when a partition that was paused is ready for more. */
  hungry(partition: TopicPartition): boolean {
    return this.queueOf(partition).length <= TASK_LIMITS.queueRecordsResume;
  }

  /** The input partitions it reads. */
  get inputs(): readonly TopicPartition[] {
    return this.taken.queues.map(placeOf);
  }

  /** Its inputs as the watchdog sees them. */
  get inputViews(): readonly InputView[] {
    return this.taken.queues.map((queue) => ({
      place: placeOf(queue),
      readTo: queue.readTo,
      handledTo: queue.position,
      hungry: queue.length <= TASK_LIMITS.queueRecordsResume,
    }));
  }

  get lagRecords(): number {
    return this.taken.queues.reduce((sum, queue) => sum + queue.lagRecords, 0);
  }

  get timersDue(): number {
    return this.timers.dueBy(this.deps.clock.now());
  }

  get positions(): ReadonlyMap<string, number> {
    return new Map(
      this.taken.queues.map((queue) => [partitionName(placeOf(queue)), queue.position]),
    );
  }

  async step(): Promise<Step> {
    await this.fetchAhead();
    let next = this.next();
    for (let done = 0; done < TASK_LIMITS.roundRecordsMax && this.handle(next); done += 1) {
      next = this.next();
      // Not only between rounds: one of large records would be many times what a commit may hold.
      if (this.work.writtenBytes >= TASK_LIMITS.commitBytesMax) break;
    }
    if (this.handled > 0 && this.mustCommit(next)) {
      await this.commit();
      return { kind: 'worked' };
    }
    switch (next.kind) {
      case 'record':
      case 'timer':
        return { kind: 'worked' };
      case 'gated':
        return this.openGate(next.dueAt, next.by);
      case 'nothing':
        return { kind: 'idle', wakeAt: this.wakeAt(next.timer) };
    }
  }

  /** Commits what was handled; while it is held, and before the task is given up on purpose. */
  async settle(): Promise<{ readonly kind: 'rested' }> {
    if (this.handled > 0) await this.commit();
    return { kind: 'rested' };
  }

  async close(): Promise<void> {
    await this.taken.producer.close();
    await this.taken.store.close();
  }

  /** The state at `key` with its timers, as of the last commit; for inspection. */
  async stateAt(key: string): Promise<AnyEvent | undefined> {
    const [value] = await this.taken.store.getMany([key]);
    const decoded = decodeState(this.deps.decoder.codec, key, value ?? null);
    return decoded.kind === 'entry' && decoded.entry.kind === 'present'
      ? decoded.entry.state
      : undefined;
  }

  /** When the next timer is due; ms since the epoch, Infinity for none. */
  get nextTimerAt(): number {
    return this.timers.earliest()?.dueAt ?? Infinity;
  }

  /** T1: what comes next in log time; a timer goes before the records at or past its due time. */
  private next(): Next {
    const timer = this.timers.earliest();
    const queue = earliestQueue(this.taken.queues);
    if (timer !== undefined && timer.dueAt <= (queue?.headTime ?? Infinity)) {
      const by = this.taken.queues.filter(
        (input) => !input.passed(timer.dueAt, this.deps.clockSlackMs),
      );
      if (by.length === 0) return { kind: 'timer', timer };
      if (queue !== undefined || timer.dueAt <= this.deps.clock.now()) {
        return { kind: 'gated', dueAt: timer.dueAt, by };
      }
      return { kind: 'nothing', timer };
    }
    return queue === undefined ? { kind: 'nothing', timer } : { kind: 'record', queue };
  }

  /** False when it could not be handled in this round. */
  private handle(next: Next): boolean {
    switch (next.kind) {
      case 'record':
        return this.handleRecord(next.queue);
      case 'timer':
        return this.handleTimer(next.timer);
      case 'gated':
      case 'nothing':
        return false;
    }
  }

  private handleRecord(queue: InputQueue): boolean {
    const queued = queue.at(0, this.decode);
    if (queued === undefined || !this.knowsAll(this.calls.keysOf(queued))) return false;
    this.calls.handleRecord(queued);
    queue.shift();
    this.countHandled();
    return true;
  }

  private handleTimer(timer: Timer): boolean {
    if (!this.knowsAll(this.calls.keysOfTimer(timer))) return false;
    this.calls.handleTimer(timer);
    this.countHandled();
    return true;
  }

  private knowsAll(keys: readonly string[]): boolean {
    for (const key of keys) if (!this.work.knows(key)) return false;
    return true;
  }

  private countHandled(): void {
    if (this.handled === 0) this.handledSince = this.deps.clock.now();
    this.handled += 1;
  }

  /** Reads the state of all that may be handled in this round, in one go. */
  private async fetchAhead(): Promise<void> {
    const unknown = new Set<string>();
    let until = -Infinity;
    for (const queue of this.taken.queues) {
      const count = Math.min(queue.length, TASK_LIMITS.roundRecordsMax);
      for (let index = 0; index < count; index += 1) {
        const queued = queue.at(index, this.decode) ?? (await this.decodeKnowing(queue, index));
        this.addUnknown(unknown, this.calls.keysOf(queued));
      }
      if (count > 0) until = Math.max(until, queue.timeAt(count - 1) ?? until);
    }
    // While records wait, no timer behind the last of them fires; there may be thousands.
    const due = until === -Infinity ? this.deps.clock.now() : until;
    for (const timer of this.timers.upcoming(TASK_LIMITS.roundRecordsMax, due)) {
      this.addUnknown(unknown, this.calls.keysOfTimer(timer));
    }
    if (unknown.size > 0) await this.load([...unknown]);
  }

  private addUnknown(unknown: Set<string>, keys: readonly string[]): void {
    for (const key of keys) if (!this.work.knows(key)) unknown.add(key);
  }

  private async load(keys: readonly string[]): Promise<void> {
    const values = await this.taken.store.getMany(keys);
    for (const [index, key] of keys.entries()) {
      const value = values[index];
      this.work.load(key, value === undefined ? ABSENT : await this.deps.decoder.state(key, value));
    }
  }

  private readonly decode = (record: LogRecord): QueuedRecord | undefined =>
    this.deps.decoder.record(record);

  private async decodeKnowing(queue: InputQueue, index: number): Promise<QueuedRecord> {
    for (;;) {
      const queued = queue.at(index, this.decode);
      if (queued !== undefined) return queued;
      await this.deps.decoder.learnMissing();
    }
  }

  /**
   * At once when there is nothing more to do; under load when enough has gathered, or for too long.
   */
  private mustCommit(next: Next): boolean {
    if (next.kind === 'nothing' || next.kind === 'gated') return true;
    return (
      this.handled >= TASK_LIMITS.commitRecordsMax ||
      this.work.writtenBytes >= TASK_LIMITS.commitBytesMax ||
      this.deps.clock.now() - this.handledSince >= this.commitIntervalMs ||
      this.timers.mustReload
    );
  }

  private get commitIntervalMs(): number {
    const { commitRecordsMax, commitIntervalMs, commitBacklogIntervalMs } = TASK_LIMITS;
    return this.lagRecords > commitRecordsMax ? commitBacklogIntervalMs : commitIntervalMs;
  }

  private async commit(): Promise<void> {
    const { app, clock } = this.deps;
    const { calls, taken, work } = this;
    const deps = { group: app.name, changelog: app.changelog.name, ...taken };
    const encode = ({ current }: Cell) => {
      try {
        return calls.encode(current);
      } catch (error) {
        throw new UnfitStateError(error);
      }
    };
    try {
      this.checkpoint = await commit(
        { ...deps, encode },
        work.written,
        work.changed,
        this.checkpoint,
        clock.now(),
      );
    } catch (error) {
      if (error instanceof UnfitStateError) return this.goOverAgain(error);
      throw error;
    }
    work.committed();
    for (const queue of taken.queues) queue.committed();
    this.handled = 0;
    if (this.timers.mustReload) await this.loadTimers();
  }

  /** Nothing was sent yet: rolls back all since the last commit, to find whose fault it is (D1). */
  private async goOverAgain({ cause }: UnfitStateError): Promise<void> {
    if (this.calls.isCareful) throw cause;
    this.calls.beCareful(this.handled);
    this.work.discard();
    for (const queue of this.taken.queues) queue.rewind();
    this.handled = 0;
    await this.loadTimers();
  }

  private async loadTimers(): Promise<void> {
    this.timers.load(await this.taken.store.earliestTimers(TASK_LIMITS.timersInMemoryMax));
  }

  /**
   * T1: looks at where the partitions end, at a time when nothing earlier can be appended to them.
   * Log end offsets, not high watermarks: a record that is stamped and waits for a replica is
   * above those, and may be the answer.
   */
  private async openGate(dueAt: number, by: readonly InputQueue[]): Promise<Step> {
    const { broker, clock, clockSlackMs } = this.deps;
    const readAt = clock.now();
    const opensAt = dueAt + clockSlackMs;
    if (readAt < opensAt) return { kind: 'idle', wakeAt: opensAt };
    const ends = await broker.logEnds(by.map(placeOf));
    for (const queue of by) {
      const logEnd = ends.get(partitionName(placeOf(queue)));
      if (logEnd !== undefined) queue.sawEnd({ logEnd, readAt });
    }
    const open = by.every((queue) => queue.passed(dueAt, clockSlackMs));
    // Not read that far, or an open transaction holds it back: its end wakes the task.
    return open ? { kind: 'worked' } : { kind: 'idle', wakeAt: readAt + TASK_LIMITS.gateRecheckMs };
  }

  private wakeAt(timer: Timer | undefined): number {
    return timer === undefined ? Infinity : timer.dueAt + this.deps.clockSlackMs;
  }

  private queueOf({ topic, partition }: TopicPartition): InputQueue {
    const queue = this.taken.queues.find((input) => input.topic.name === topic);
    if (queue?.partition !== partition) {
      throw new Error(`task ${String(this.partition)} does not read ${topic}`);
    }
    return queue;
  }
}

function placeOf(queue: InputQueue): TopicPartition {
  return { topic: queue.topic.name, partition: queue.partition };
}

/** The queue whose head is the earliest; of equal ones the first in the order of the inputs. */
function earliestQueue(queues: readonly InputQueue[]): InputQueue | undefined {
  let earliest: InputQueue | undefined;
  for (const queue of queues) {
    const { headTime } = queue;
    if (headTime !== undefined && headTime < (earliest?.headTime ?? Infinity)) earliest = queue;
  }
  return earliest;
}
