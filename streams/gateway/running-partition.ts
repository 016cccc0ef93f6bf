/**
 * One partition of requests while this process owns it: takes requests off the fetched records,
 * has them answered many at a time, and commits answers as they come.
 *
 * E1: an answer and the offsets that say it was given are in one transaction. What is answered and
 * not committed is answered again by whoever takes the partition next; PayPay's calls are
 * idempotent by their ids, and the result's id is the request's, so the saga sees one.
 */
import type { Codec } from '../../schemas/codec';
import type { EventOf } from '../../schemas/event';
import type {
  FetchedPartition,
  LogRecord,
  NewRecord,
  TransactionalProducer,
} from '../runtime/broker';
import { partitionFor } from '../runtime/kafka/partitioner';
import type { Clock } from '../runtime/clock';
import { TASK_LIMITS } from '../runtime/limits';
import type { Signal } from '../runtime/signal';
import { DeadLetterRate, deadLetterOfRecord, type Failure } from '../runtime/task/dead-letter';
import { GATEWAY, type GatewayTopics } from './gateway-topics';
import { GATEWAY_LIMITS } from './limits';
import type { OffsetWindow } from './offset-window';
import type { PayPayCaller } from './paypay-caller';
import { RequestLanes } from './request-lanes';
import type { GatewayRequest } from './result-event';

export interface RunningPartitionDeps {
  readonly topics: GatewayTopics;
  readonly codec: Codec;
  readonly caller: PayPayCaller;
  readonly clock: Clock;
  readonly partition: number;
  /** Partitions of each topic. */
  readonly partitions: number;
  readonly callsPerPartitionMax: number;
  readonly producer: TransactionalProducer;
  readonly window: OffsetWindow;
  /** Notified when there is something to do. */
  readonly wake: Signal;
}

interface TakenRequest {
  readonly offset: number;
  readonly request: GatewayRequest;
}

/** A finished request: what its transaction writes. */
interface Finished {
  readonly offset: number;
  readonly record: NewRecord;
}

type Taken =
  | { readonly kind: 'request'; readonly request: GatewayRequest }
  | { readonly kind: 'bad'; readonly failure: Failure }
  | { readonly kind: 'unknown-schema'; readonly schemaId: number };

export class RunningPartition {
  private readonly backlog: LogRecord[] = [];
  private backlogEnd: number;
  private readEnd: number;
  private readonly lanes = new RequestLanes<TakenRequest>();
  private readonly finished: Finished[] = [];
  private readonly letters = new DeadLetterRate(TASK_LIMITS.deadLettersPerMinuteMax);
  private draining = new AbortController();
  private callsInFlight = 0;
  private crash: { readonly error: unknown } | undefined;

  constructor(private readonly deps: RunningPartitionDeps) {
    this.backlogEnd = deps.window.committable;
    this.readEnd = this.backlogEnd;
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

  get hungry(): boolean {
    return this.backlog.length <= GATEWAY_LIMITS.backlogRecordsResume;
  }

  /** Calls and answers that are under way or not committed. */
  get isDrained(): boolean {
    return this.callsInFlight === 0 && this.finished.length === 0;
  }

  /** Begins no more calls; those that have begun go on. */
  drain(): void {
    this.draining.abort();
  }

  /** Begins calls again after `drain`. */
  proceed(): void {
    // Calls under way keep the signal they began with, so it is replaced only when it is used up.
    if (this.draining.signal.aborted) this.draining = new AbortController();
  }

  /** Takes what there is room for and begins what may begin. Answers a schema to be learned. */
  begin(): number | undefined {
    if (this.crash !== undefined) throw this.crash.error;
    if (this.draining.signal.aborted) return undefined;
    const missing = this.takeRequests();
    while (this.callsInFlight < this.deps.callsPerPartitionMax) {
      const next = this.lanes.begin();
      if (next === undefined) break;
      this.callsInFlight += 1;
      void this.call(next.orderId, next.request);
    }
    return missing;
  }

  /** Commits what is finished; false when nothing is. Rejects as the producer does. */
  async commit(): Promise<boolean> {
    const { partition, producer, topics, window } = this.deps;
    const batch = this.finished.splice(0, GATEWAY_LIMITS.commitRecordsMax);
    if (batch.length === 0) return false;
    for (const { offset } of batch) window.finish(offset);
    await producer.commit({
      records: batch.map(({ record }) => record),
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
      const hasRoom =
        window.openRequests < GATEWAY_LIMITS.openRequestsMax &&
        window.reaches(record.offset, GATEWAY_LIMITS.windowOffsetsMax);
      if (!hasRoom) return undefined;
      const taken = this.decode(record);
      if (taken.kind === 'unknown-schema') return taken.schemaId;
      this.backlog.shift();
      if (!window.take(record.offset)) continue;
      if (taken.kind === 'request') {
        const { request } = taken;
        this.lanes.add(request.orderId, { offset: record.offset, request });
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
    this.finished.push({ offset: record.offset, record: this.deadLetter(letter) });
  }

  private async call(orderId: string, { offset, request }: TakenRequest): Promise<void> {
    try {
      const answer = await this.deps.caller.answer(request, this.draining.signal);
      if (answer.kind === 'not-begun') {
        this.lanes.giveBack(orderId);
      } else {
        const { name } = this.deps.topics.results;
        const value = this.deps.codec.encode(name, answer.result);
        this.finished.push({ offset, record: this.record(name, orderId, value) });
        this.lanes.end(orderId);
      }
    } catch (error) {
      // Nobody waits for this call; the next `begin` ends the partition with it.
      this.crash ??= { error };
    }
    this.callsInFlight -= 1;
    this.deps.wake.notify();
  }

  private deadLetter(letter: EventOf<'DeadLetter'>): NewRecord {
    const topic = this.deps.topics.deadLetters;
    const { name } = topic;
    return this.record(name, topic.key(letter), this.deps.codec.encode(name, letter));
  }

  private record(topic: string, key: string, value: Buffer): NewRecord {
    return { topic, partition: partitionFor(key, this.deps.partitions), key, value };
  }
}
