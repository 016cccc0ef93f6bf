/**
 * One partition of requests while this process owns it: takes requests off the fetched records,
 * has them answered many at a time, and commits answers as they come.
 *
 * E1: an answer and the offsets that say it was given are in one transaction. What is answered and
 * not committed is answered again by whoever takes the partition next; PayPay's calls are
 * idempotent by their ids, and the result's id is the request's, so the saga sees one.
 */
import type { Codec } from '../../platform/avro/codec';
import { RegistryUnreachableError } from '../../platform/avro/schema-registry';
import type { EventOf, EventType } from '../../schemas/event';
import type { Topic } from '../../topics/topic';
import {
  partitionName,
  type FetchedPartition,
  type LogRecord,
  type NewRecord,
  type TopicPartition,
  type TransactionalProducer,
} from '../runtime/broker';
import { partitionFor } from '../runtime/kafka/partitioner';
import type { Clock } from '../../platform/clock';
import { TASK_LIMITS } from '../runtime/limits';
import type { Signal } from '../runtime/signal';
import { DeadLetterRate, deadLetterOfRecord, type Failure } from '../runtime/task/dead-letter';
import type { Step, TakenPartition } from '../runtime/transactional-task';
import type { InputView } from '../runtime/watch/watchdog';
import { GATEWAY, type GatewayTopics } from './gateway-topics';
import { GATEWAY_LIMITS } from './limits';
import type { OffsetWindow } from './offset-window';
import type { PayPayCaller } from './paypay-caller';
import { RequestLanes, type Begun, type LaneRequest } from './request-lanes';
import {
  statusResult,
  type GatewayRequest,
  type GatewayResult,
  type SentAway,
} from './result-event';
import { urgencyOf, waitsSince } from './urgency';

export interface RunningPartitionDeps {
  readonly topics: GatewayTopics;
  readonly codec: Codec;
  readonly caller: PayPayCaller;
  readonly clock: Clock;
  readonly partition: number;
  /** Partitions of each topic. */
  readonly partitions: number;
  readonly producer: TransactionalProducer;
  readonly window: OffsetWindow;
  /** Notified when there is something to do. */
  readonly wake: Signal;
  readonly registry: RegistryWatch;
}

/** Since when a partition waits for the schema registry; wall clock, ms since the epoch. */
export interface RegistryWatch {
  awaySince: number | undefined;
}

interface TakenRequest extends LaneRequest {
  readonly offset: number;
  readonly request: GatewayRequest;
}

/** A finished request: what its transaction writes. */
interface Finished {
  readonly offset: number;
  readonly records: readonly NewRecord[];
}

type Taken =
  | { readonly kind: 'request'; readonly request: GatewayRequest }
  | { readonly kind: 'bad'; readonly failure: Failure }
  | { readonly kind: 'unknown-schema'; readonly schemaId: number };

export class RunningPartition implements TakenPartition {
  readonly positions: ReadonlyMap<string, number>;
  private readonly backlog: LogRecord[] = [];
  private backlogEnd: number;
  private readEnd: number;
  private readonly lanes = new RequestLanes<TakenRequest>();
  private readonly finished: Finished[] = [];
  private readonly letters = new DeadLetterRate(TASK_LIMITS.deadLettersPerMinuteMax);
  /** By order: ends the wait of a call for its turn. Without effect once the call has begun. */
  private readonly waits = new Map<string, AbortController>();
  /** Until when calls in flight are waited for; undefined while calls may begin. */
  private drainUntil: number | undefined;
  private crash: { readonly error: unknown } | undefined;

  constructor(private readonly deps: RunningPartitionDeps) {
    this.backlogEnd = deps.window.committable;
    this.readEnd = this.backlogEnd;
    this.positions = new Map([[partitionName(this.place), this.backlogEnd]]);
  }

  /** Records that are in the log and not answered yet, as far as the last fetch told. */
  get lagRecords(): number {
    const { window } = this.deps;
    return Math.max(0, this.readEnd - this.backlogEnd) + this.backlog.length + window.openRequests;
  }

  /** False when so much waits that the partition is better paused (B1). */
  offer({ records, nextOffset, highWatermark }: FetchedPartition): boolean {
    for (const record of records) this.backlog.push(record);
    this.backlogEnd = nextOffset;
    this.readEnd = highWatermark;
    return this.backlog.length < GATEWAY_LIMITS.backlogRecordsMax;
  }

  /** For the watchdog: counts what waits, since answers come in no order of offsets. */
  get inputViews(): readonly InputView[] {
    const { backlogEnd, place } = this;
    const waiting = this.backlog.length + this.deps.window.openRequests;
    const handledTo = backlogEnd - waiting;
    return [{ place, readTo: backlogEnd, handledTo, hungry: this.hungry() }];
  }

  hungry(): boolean {
    return this.backlog.length <= GATEWAY_LIMITS.backlogRecordsResume;
  }

  /** Takes what there is room for, begins what may begin, and commits what is finished. */
  async step(): Promise<Step> {
    this.drainUntil = undefined;
    const missing = this.begin();
    const hasCommitted = await this.commit();
    if (missing !== undefined && !(await this.learn(missing))) {
      return { kind: 'idle', wakeAt: this.deps.clock.now() + TASK_LIMITS.retryBackoffMs };
    }
    if (hasCommitted || missing !== undefined) return { kind: 'worked' };
    return { kind: 'idle', wakeAt: Infinity };
  }

  /**
   * Begins no call, and rests once none is in flight and every answer is committed, or after the
   * time that a call takes at most; what is left then is asked again by whoever takes it next.
   */
  async settle(): Promise<Step | { readonly kind: 'rested' }> {
    const now = this.deps.clock.now();
    this.drainUntil ??= now + GATEWAY_LIMITS.drainMs;
    for (const wait of this.waits.values()) wait.abort();
    if (this.crash !== undefined) throw this.crash.error;
    if (await this.commit()) return { kind: 'worked' };
    if (this.waits.size === 0 || now >= this.drainUntil) return { kind: 'rested' };
    return { kind: 'idle', wakeAt: now + GATEWAY_LIMITS.drainRecheckMs };
  }

  /** What waits to be called is left to whoever takes the partition next. */
  async close(): Promise<void> {
    const { caller, producer, registry } = this.deps;
    // Whoever still waits for it says so again.
    registry.awaySince = undefined;
    caller.tellConditionAgain();
    for (const wait of this.waits.values()) wait.abort();
    await producer.close();
  }

  private get place(): TopicPartition {
    const { topics, partition } = this.deps;
    return { topic: topics.requests.name, partition };
  }

  /** Answers a schema to be learned. */
  private begin(): number | undefined {
    if (this.crash !== undefined) throw this.crash.error;
    const missing = this.takeRequests();
    for (let next = this.lanes.begin(); next !== undefined; next = this.lanes.begin()) {
      if (next.fate === 'call') void this.call(next);
      else this.sendAway(next, next.fate);
    }
    return missing;
  }

  /** False when the registry cannot be reached: that is waited for, it never makes a dead letter. */
  private async learn(schemaId: number): Promise<boolean> {
    const { clock, codec, registry } = this.deps;
    try {
      await codec.learn([schemaId]);
      registry.awaySince = undefined;
      return true;
    } catch (error) {
      if (!(error instanceof RegistryUnreachableError)) throw error;
      registry.awaySince ??= clock.now();
      return false;
    }
  }

  /** False when nothing is finished. Rejects as the producer does. */
  private async commit(): Promise<boolean> {
    const { partition, producer, topics, window } = this.deps;
    const batch = this.finished.splice(0, GATEWAY_LIMITS.commitRecordsMax);
    if (batch.length === 0) return false;
    for (const { offset } of batch) window.finish(offset);
    await producer.commit({
      records: batch.flatMap(({ records }) => records),
      group: topics.group,
      offsets: () => [{ topic: topics.requests.name, partition, ...window.commit() }],
    });
    return true;
  }

  private takeRequests(): number | undefined {
    const { window } = this.deps;
    for (;;) {
      const [record] = this.backlog;
      if (record === undefined) {
        window.passTo(this.backlogEnd);
        return undefined;
      }
      if (window.openRequests >= GATEWAY_LIMITS.openRequestsMax) {
        this.crowdOut();
        return undefined;
      }
      if (!window.reaches(record.offset, GATEWAY_LIMITS.windowOffsetsMax)) return undefined;
      const taken = this.decode(record);
      if (taken.kind === 'unknown-schema') return taken.schemaId;
      this.backlog.shift();
      if (!window.take(record.offset)) continue;
      if (taken.kind === 'request') {
        this.queue(record.offset, taken.request);
      } else {
        this.refuse(record, taken.failure);
      }
    }
  }

  private decode(record: LogRecord): Taken {
    const decoded = this.deps.codec.decode(record.value);
    switch (decoded.kind) {
      case 'unknown-schema':
        return decoded;
      case 'undecodable':
        return { kind: 'bad', failure: decoded };
      case 'event': {
        const { event } = decoded;
        if ((this.deps.topics.requests.types as readonly string[]).includes(event.type)) {
          return { kind: 'request', request: event as GatewayRequest };
        }
        const reason = `${event.type} does not belong on ${record.topic}`;
        return { kind: 'bad', failure: { errorCode: 'UNEXPECTED_TYPE', reason } };
      }
    }
  }

  /** D1: bad bytes are finished without a call, in the transaction that moves past them. */
  private refuse(record: LogRecord, { errorCode, reason }: Failure): void {
    const letter = deadLetterOfRecord(GATEWAY, record, { errorCode, reason });
    this.letters.count(this.deps.clock.now(), letter);
    const records = [this.event(this.deps.topics.deadLetters, letter)];
    this.finished.push({ offset: record.offset, records });
  }

  private queue(offset: number, request: GatewayRequest): void {
    const { orderId } = request;
    const isRead = request.type === 'PaymentStatusRequested';
    const urgency = urgencyOf(request);
    const taken = { offset, request, urgency, since: waitsSince(request), isRead };
    if (this.lanes.add(orderId, taken)) this.waits.get(orderId)?.abort();
  }

  /** Makes room for requests that may be urgent: the longer polls wait, the more of them there are. */
  private crowdOut(): void {
    const wanted = Math.min(this.backlog.length, GATEWAY_LIMITS.crowdedOutMax);
    // What is finished leaves with the next commit.
    for (const orderId of this.lanes.crowdOut(wanted - this.finished.length))
      this.waits.get(orderId)?.abort();
  }

  private async call({ orderId, request: taken, urgency }: Begun<TakenRequest>): Promise<void> {
    const wait = new AbortController();
    this.waits.set(orderId, wait);
    try {
      const answer = await this.deps.caller.answer(taken.request, wait.signal, urgency);
      if (answer.kind === 'not-begun') this.lanes.giveBack(orderId);
      else this.finish(taken, answer.result, answer.condition);
    } catch (error) {
      // Nobody waits for this call; the next `begin` ends the partition with it.
      this.crash ??= { error };
    }
    this.waits.delete(orderId);
    this.deps.wake.notify();
  }

  private sendAway({ request: taken }: Begun<TakenRequest>, why: SentAway['kind']): void {
    const { request } = taken;
    if (request.type !== 'PaymentStatusRequested') {
      throw new Error(`${request.type} of ${request.orderId} cannot be left unanswered`);
    }
    const now = this.deps.clock.now();
    this.finish(taken, statusResult(request, { kind: why }, now, now));
  }

  private finish(
    { offset, request: { orderId } }: TakenRequest,
    result: GatewayResult,
    condition?: EventOf<'Condition'>,
  ): void {
    const { conditions, results } = this.deps.topics;
    const records = [this.event(results, result)];
    if (condition !== undefined) records.push(this.event(conditions, condition));
    this.finished.push({ offset, records });
    this.lanes.end(orderId);
  }

  private event<T extends EventType>(topic: Topic<T>, event: EventOf<T>): NewRecord {
    const { codec, partitions } = this.deps;
    const key = topic.key(event);
    const value = codec.encode(topic.name, event);
    return { topic: topic.name, partition: partitionFor(key, partitions), key, value };
  }
}
