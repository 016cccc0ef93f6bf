/**
 * Runs the participant's handlers on the unit of work, one at a time. What a handler did counts only
 * when it returned and all of it can be encoded; else it is rolled back and a dead letter is
 * written in its place (D1). The timer index follows what counts.
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
import { failureOf, recordContext, refuseTooLarge, timerContext } from './handler-context';
import type { QueuedRecord } from './input-queue';
import type { RecordDecoder } from './record-decoder';
import { encodeState } from './state-record';
import type { TimerIndex } from './timer-index';
import { timerChanges, type Entry, type UnitOfWork } from './unit-of-work';

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

export class HandlerCalls {
  private readonly encoded = new WeakMap<Entry, Buffer>();
  private readonly deadLetterRate = new DeadLetterRate(TASK_LIMITS.deadLettersPerMinuteMax);

  constructor(private readonly deps: HandlerCallsDeps) {}

  /** Keys that must be loaded before the record is handled. */
  keysOf(queued: QueuedRecord): readonly string[] {
    return queued.kind === 'event' ? queued.keys : [];
  }

  /** Keys that must be loaded before the timer fires. */
  keysOfTimer(timer: Timer): readonly string[] {
    return [timer.key, ...(this.deps.app.timerKeys?.(timer) ?? [])];
  }

  handleRecord(queued: QueuedRecord): void {
    const { app, work } = this.deps;
    work.begin();
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
    work.begin();
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
  }

  /** The bytes of a state record, encoded once per value; null for an absent one. */
  encode(entry: Entry): Buffer | null {
    const known = this.encoded.get(entry);
    if (known !== undefined) return known;
    const { app, decoder } = this.deps;
    const value = encodeState(decoder.codec, app.changelog.name, entry);
    if (value !== null) {
      refuseTooLarge('its state', value);
      this.encoded.set(entry, value);
    }
    return value;
  }

  private tryRecord(queued: QueuedRecord): HandlerFailure | undefined {
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
    for (const { after } of this.deps.work.changesSinceBegin()) this.encode(after);
  }

  private followTimers(): void {
    for (const changed of this.deps.work.changesSinceBegin()) {
      const { cleared, set } = timerChanges(changed);
      for (const timer of cleared) this.deps.timers.clear(timer);
      for (const timer of set) this.deps.timers.set(timer);
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

  private get contextDeps() {
    const { app, decoder, partitions, work } = this.deps;
    return { app, codec: decoder.codec, partitions, work };
  }
}
