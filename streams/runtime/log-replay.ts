/**
 * Runs an app's handlers over a log that was written long ago, in memory and in log time: the same
 * handler calls as in a task, without a broker. What it emits is given back and written nowhere.
 *
 * What always holds:
 * - A timer due at D fires before the records logged at D, after all those logged earlier (T1);
 *   whoever gives the records gives them in the order of log time.
 * - A record that the handler rejects, or throws on, changes nothing (D1).
 *
 * The states of all keys are in memory, about as large as the app's changelog when compacted.
 */
import { Codec } from '../../platform/avro/codec';
import type { RecordTypes } from '../../platform/avro/record-types';
import type { AnyEvent } from '../../platform/avro/event';
import type { Topic } from '../../platform/topic';
import type { StreamApp } from './app';
import { ManualClock } from '../../platform/manual-clock';
import { HandlerCalls } from './task/handler-calls';
import { RecordDecoder } from './task/record-decoder';
import type { QueuedRecord } from './task/input-queue';
import { TimerIndex } from './task/timer-index';
import { ABSENT } from './task/entry';
import { StateCache } from './task/state-cache';
import { UnitOfWork } from './task/unit-of-work';

export interface ReplayOptions {
  /** What the app reads, writes and keeps. */
  readonly records: RecordTypes;
  readonly app: StreamApp;
  readonly deadLetters: Topic<'DeadLetter'>;
}

export class LogReplay {
  private readonly clock = new ManualClock(0);
  /** All states in memory. */
  private readonly work = new UnitOfWork(new StateCache(Infinity));
  /** All of them in memory, as the states are. */
  private readonly timers = new TimerIndex(Infinity);
  private readonly codec: Codec;
  private readonly calls: HandlerCalls;

  constructor({ records, app, deadLetters }: ReplayOptions) {
    const { clock, work, timers } = this;
    // Its ids are its own: nothing leaves this process, and no registry is asked or told.
    this.codec = Codec.local(records, [...app.outputs, app.changelog, deadLetters]);
    const decoder = new RecordDecoder(app, this.codec, clock, new AbortController().signal);
    const place = { partition: 0, partitions: 1 };
    this.calls = new HandlerCalls({ app, deadLetters, decoder, clock, work, timers, ...place });
    // No commit encodes the states here.
    this.calls.beCareful(Infinity);
  }

  /** The events that follow from it and from the timers that are due before it. */
  handle(queued: QueuedRecord): readonly AnyEvent[] {
    const due = this.advance(queued.record.timestamp);
    this.load(this.calls.keysOf(queued));
    this.calls.handleRecord(queued);
    return [...due, ...this.taken()];
  }

  /** All that was logged before `time` has been handled: the timers due until then fire. */
  advance(time: number): readonly AnyEvent[] {
    const events: AnyEvent[] = [];
    if (time > this.clock.now()) this.clock.moveTo(time);
    for (;;) {
      const timer = this.timers.earliest();
      if (timer === undefined || timer.dueAt > time) return events;
      this.load(this.calls.keysOfTimer(timer));
      this.calls.handleTimer(timer);
      events.push(...this.taken());
    }
  }

  private load(keys: readonly string[]): void {
    for (const key of keys) if (!this.work.knows(key)) this.work.load(key, ABSENT);
  }

  /** What a commit would do, without anything to commit to. */
  private taken(): readonly AnyEvent[] {
    const events = this.work.written.flatMap(({ value }) => {
      const decoded = this.codec.decode(value);
      return decoded.kind === 'event' ? [decoded.event] : [];
    });
    this.work.committed();
    return events;
  }
}
