/**
 * Runs the participant's handlers on the unit of work, one at a time. What a handler did counts only
 * when it returned and all of it can be encoded; else it is rolled back and a dead letter is
 * written in its place (D1). The timer index follows what counts.
 *
 * A state is encoded once, with the commit, however often it changed. When one turns out not to fit
 * its schema there, the task rolls the whole unit of work back and goes over it again carefully:
 * each handler's states are then encoded as it returns, so that it is known whose fault it is.
 */
import { eventId } from '../../../platform/avro/event-id';
import type { EventOf } from '../../../platform/avro/event';
import type { Topic } from '../../../platform/topic';
import type { StreamApp, Timer } from '../app';
import type { Clock } from '../../../platform/clock';
import { TASK_LIMITS } from '../limits';
import {
  DeadLetterRate,
  deadLetterOfRecord,
  deadLetterOfTimer,
  type HandlerFailure,
} from './dead-letter';
import {
  failureOf,
  recordContext,
  refuseTooLarge,
  timerContext,
  type ContextDeps,
} from './handler-context';
import type { QueuedRecord } from './input-queue';
import type { RecordDecoder } from './record-decoder';
import { encodeState } from './state-record';
import type { TimerIndex } from './timer-index';
import { eachTimerNotIn, timersOf, type Entry } from './entry';
import type { UnitOfWork } from './unit-of-work';

export interface HandlerCallsDeps {
  readonly app: StreamApp;
  readonly partition: number;
  readonly partitions: number;
  readonly deadLetters: Topic<'DeadLetter'>;
  readonly decoder: RecordDecoder;
  readonly clock: Clock;
  readonly work: UnitOfWork;
  readonly timers: TimerIndex;
}

type HandledRecord = Exclude<QueuedRecord, { readonly kind: 'passed-over' }>;

const NO_KEYS: readonly string[] = [];

export class HandlerCalls {
  /** Records and timers whose states are still to be encoded as their handlers return. */
  private careful = 0;
  private readonly deadLetterRate = new DeadLetterRate(TASK_LIMITS.deadLettersPerMinuteMax);
  private readonly contextDeps: ContextDeps;

  constructor(private readonly deps: HandlerCallsDeps) {
    const { app, decoder, partitions, work } = deps;
    this.contextDeps = { app, codec: decoder.codec, partitions, work };
  }

  get isCareful(): boolean {
    return this.careful > 0;
  }

  /** The next `count` records and timers are handled carefully; Infinity: all from here on. */
  beCareful(count: number): void {
    this.careful = count;
  }

  /** Keys that must be loaded before the record is handled. */
  keysOf(queued: QueuedRecord): readonly string[] {
    return queued.kind === 'event' ? queued.keys : NO_KEYS;
  }

  /** Keys that must be loaded before the timer fires. */
  keysOfTimer(timer: Timer): readonly string[] {
    return [timer.key, ...(this.deps.app.timerKeys?.(timer) ?? [])];
  }

  handleRecord(queued: QueuedRecord): void {
    if (queued.kind !== 'passed-over') this.takeRecord(queued);
    this.countDown();
  }

  private takeRecord(queued: HandledRecord): void {
    const { app, work } = this.deps;
    work.begin(this.keysOf(queued));
    const failure = this.tryRecord(queued);
    if (failure !== undefined) {
      work.rollback();
      this.writeLetter(deadLetterOfRecord(app.name, queued.record, failure), failure);
    }
    this.followTimers();
  }

  handleTimer(timer: Timer): void {
    const { app, partition, work } = this.deps;
    // The partition is part of it: a key that every task has for itself is one key in each of them.
    const place = `${app.name}-${String(partition)}/${timer.key}`;
    const id = eventId(place, `${timer.name}@${String(timer.dueAt)}`);
    const context = timerContext(this.contextDeps, id, timer.dueAt);
    work.begin(this.keysOfTimer(timer));
    try {
      context.clearTimer(timer.key, timer.name);
      app.onTimer(timer, context);
      this.encodeStates();
    } catch (error) {
      const failure = failureOf(error);
      work.rollback();
      context.clearTimer(timer.key, timer.name);
      const letter = deadLetterOfTimer(app.name, app.changelog.name, partition, timer, id, failure);
      this.writeLetter(letter, failure);
      this.encodeStates();
    }
    this.followTimers();
    this.countDown();
  }

  private countDown(): void {
    if (this.careful > 0) this.careful -= 1;
  }

  /** The bytes of a state record; null for an absent one. Throws when it does not fit its schema. */
  encode(entry: Entry): Buffer | null {
    const { app, decoder } = this.deps;
    const value = encodeState(decoder.codec, app.changelog.name, entry);
    if (value !== null) refuseTooLarge('its state', value);
    return value;
  }

  private tryRecord(queued: HandledRecord): HandlerFailure | undefined {
    if (queued.kind === 'bad') {
      return { kind: 'failed', errorCode: queued.errorCode, reason: queued.reason };
    }
    try {
      const { eventId: cause } = queued.event as { readonly eventId: string };
      this.deps.app.handle(queued.event, recordContext(this.contextDeps, cause, queued.record));
      this.encodeStates();
      return undefined;
    } catch (error) {
      return failureOf(error);
    }
  }

  /** A state that does not fit its schema is the handler's fault, so it is found while it is known. */
  private encodeStates(): void {
    if (!this.isCareful) return;
    for (const { current } of this.deps.work.touchedSinceBegin) this.encode(current);
  }

  private followTimers(): void {
    const { timers, work } = this.deps;
    for (const { key, found, current } of work.touchedSinceBegin) {
      const [before, after] = [timersOf(found), timersOf(current)];
      if (before === after) continue;
      eachTimerNotIn(after, key, before, (timer) => timers.clear(timer));
      eachTimerNotIn(before, key, after, (timer) => timers.set(timer));
    }
  }

  private writeLetter(letter: EventOf<'DeadLetter'>, { kind }: HandlerFailure): void {
    const { clock, deadLetters, decoder, partition, work } = this.deps;
    if (kind === 'failed') this.deadLetterRate.count(clock.now(), letter);
    work.write({
      topic: deadLetters.name,
      // Beside its source: all topics have the same partition count.
      partition,
      key: deadLetters.key(letter),
      value: decoder.codec.encode(deadLetters.name, letter),
    });
  }
}
