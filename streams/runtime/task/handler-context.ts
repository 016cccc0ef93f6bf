/**
 * What a handler sees: the unit of work behind the participant's API. It is made per record or
 * timer and is of no use after the handler returned.
 */
import type { Codec } from '../../../platform/avro/codec';
import type { AnyEvent, EventType } from '../../../platform/avro/event';
import type { Cause } from '../../../platform/avro/header';
import type { EventOn, Topic } from '../../../platform/topic';
import type { HandlerContext, LogPosition, StateOf, StreamApp, TimerContext } from '../app';
import { RuntimeError } from '../errors';
import { partitionFor } from '../kafka/partitioner';
import { TASK_LIMITS } from '../limits';
import type { HandlerFailure } from './dead-letter';
import { ABSENT, timersOf, type Timers } from './entry';
import type { UnitOfWork } from './unit-of-work';

/** A handler's own word that the record makes no sense (D1). */
export class Rejection extends Error {
  override readonly name = 'Rejection';

  constructor(
    readonly errorCode: string,
    reason: string,
    readonly kind: HandlerFailure['kind'] = 'rejected',
  ) {
    super(reason);
  }
}

/** What the broker would refuse is the handler's fault, found while it is known whose (D1). */
export function refuseTooLarge(what: string, value: Buffer): void {
  if (value.length > TASK_LIMITS.recordBytesMax) {
    throw new Rejection('TOO_LARGE', `${what} has ${String(value.length)} bytes`, 'failed');
  }
}

/** What every context of a task shares. */
export interface ContextDeps {
  readonly app: StreamApp;
  readonly codec: Codec;
  readonly partitions: number;
  readonly work: UnitOfWork;
}

class Context implements TimerContext<EventType> {
  readonly now: number;

  constructor(
    protected readonly deps: ContextDeps,
    readonly cause: Cause,
  ) {
    this.now = cause.at;
  }

  get(key: string): StateOf<EventType> | undefined {
    const entry = this.deps.work.entry(key);
    return entry.kind === 'present' ? entry.state : undefined;
  }

  put(key: string, state: StateOf<EventType>): void {
    const timers = timersOf(this.deps.work.entry(key));
    this.deps.work.change(key, { kind: 'present', state: state as AnyEvent, timers });
  }

  delete(key: string): void {
    this.deps.work.change(key, ABSENT);
  }

  setTimer(key: string, name: string, dueAt: number): void {
    this.setTimers(key, { ...this.timers(key), [name]: dueAt });
  }

  setTimers(key: string, timers: Timers): void {
    const { work } = this.deps;
    const entry = work.entry(key);
    if (entry.kind === 'absent') {
      const [name] = Object.keys(timers);
      if (name === undefined) return;
      throw new Error(`timer ${name} on ${key}, which has no state`);
    }
    if (areSame(entry.timers, timers)) return;
    for (const name in timers) {
      const dueAt = timers[name];
      if (Number.isSafeInteger(dueAt) && Number(dueAt) >= 0) continue;
      throw new RangeError(`timer ${name} on ${key} is due at ${String(dueAt)}`);
    }
    work.change(key, { kind: 'present', state: entry.state, timers });
  }

  clearTimer(key: string, name: string): void {
    const known = this.timers(key);
    if (known[name] === undefined) return;
    const timers = Object.fromEntries(Object.entries(known).filter(([other]) => other !== name));
    this.setTimers(key, timers);
  }

  timers(key: string): Readonly<Record<string, number>> {
    return timersOf(this.deps.work.entry(key));
  }

  emit<T extends Topic>(topic: T, event: EventOn<T>): void {
    const { app, codec, partitions, work } = this.deps;
    if (!app.outputs.includes(topic)) throw new Error(`${app.name} does not declare ${topic.name}`);
    const key = topic.key(event);
    const value = codec.encode(topic.name, event);
    refuseTooLarge(event.type, value);
    work.write({ topic: topic.name, partition: partitionFor(key, partitions), key, value });
  }
}

function areSame(a: Timers, b: Timers): boolean {
  if (a === b) return true;
  for (const name in a) if (a[name] !== b[name]) return false;
  for (const name in b) if (a[name] !== b[name]) return false;
  return true;
}

class RecordContext extends Context implements HandlerContext<EventType> {
  constructor(
    deps: ContextDeps,
    cause: Cause,
    readonly position: LogPosition,
  ) {
    super(deps, cause);
  }

  reject(errorCode: string, reason: string): never {
    throw new Rejection(errorCode, reason);
  }
}

export function recordContext(
  deps: ContextDeps,
  eventId: string,
  position: LogPosition,
): HandlerContext<EventType> {
  return new RecordContext(deps, { id: eventId, at: position.timestamp }, position);
}

export function timerContext(
  deps: ContextDeps,
  id: string,
  dueAt: number,
): TimerContext<EventType> {
  return new Context(deps, { id, at: dueAt });
}

/** Which dead-letter code an exception of a handler gets; a RuntimeError is none and is thrown on. */
export function failureOf(error: unknown): HandlerFailure {
  if (error instanceof RuntimeError) throw error;
  if (error instanceof Rejection) {
    return { kind: error.kind, errorCode: error.errorCode, reason: error.message };
  }
  if (error instanceof Error) {
    const errorCode = error.name === 'EncodeError' ? 'NOT_ENCODABLE' : 'HANDLER_FAILED';
    return { kind: 'failed', errorCode, reason: error.message };
  }
  return { kind: 'failed', errorCode: 'HANDLER_FAILED', reason: String(error) };
}
