/**
 * Owns what an event producer still has to write to one partition. What always holds: one batch is
 * in flight at a time, in the order of `add`; a batch that may have been written is repeated
 * unchanged, under the same identity and number, so that the broker drops the repeat; records leave
 * the queue only as written, as failed, or when their caller has given up before they were sent.
 */
import type { NewRecord, TopicPartition } from '../broker';
import { partitionName } from '../broker';
import { RuntimeError } from '../errors';
import { KAFKA_LIMITS } from '../limits';
import type { Cluster } from './cluster';
import type { BrokerConnection } from './connection';
import type { NodeConnections } from './node-connections';
import type { ProducerSession, ProducerSessions } from './producer-session';
import {
  ConnectionLost,
  KafkaError,
  throwIfFailed,
  type KafkaErrorName,
} from './protocol/error-codes';
import { PRODUCE } from './protocol/produce-api';
import { recordBytes } from './protocol/record-batch';
import { asRuntimeError, backoffMs, isTransient } from './retry';

/** One record of a caller who waits for it. */
export interface QueuedRecord {
  readonly record: NewRecord;
  /** Set when the record has gone out: from then on it may have been written. */
  sent: boolean;
  /** True once the caller waits no more. */
  abandoned(): boolean;
  written(offset: number): void;
  failed(error: RuntimeError): void;
}

/** What the queues of one producer share. */
export interface ProducerContext {
  readonly cluster: Cluster;
  readonly connections: NodeConnections;
  readonly sessions: ProducerSessions;
}

/** The broker no longer knows the producer's sequence, or the producer. */
const OUT_OF_STEP: ReadonlySet<KafkaErrorName> = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
]);

/** In flight: kept as it is until it is known what became of it. */
interface Batch {
  readonly entries: readonly QueuedRecord[];
  readonly session: ProducerSession;
  readonly leader: number;
  /** True after an attempt without an answer. */
  unclear: boolean;
}

export class PartitionQueue {
  private readonly name: string;
  private readonly waiting: QueuedRecord[] = [];
  private batch: Batch | undefined;
  private running = false;

  constructor(
    private readonly context: ProducerContext,
    private readonly partition: TopicPartition,
  ) {
    this.name = partitionName(partition);
  }

  add(entry: QueuedRecord): void {
    this.waiting.push(entry);
    if (!this.running) void this.run();
  }

  /**
   * Takes out what nobody waits for. A batch in flight that nobody waits for any more is cut off:
   * a broker that hangs would hold up those behind it for a whole request timeout.
   */
  removeAbandoned(): void {
    const kept = this.waiting.filter((entry) => !entry.abandoned());
    this.waiting.splice(0, this.waiting.length, ...kept);
    if (this.batch !== undefined && isUnwanted(this.batch)) {
      this.context.connections.drop(this.batch.leader);
    }
  }

  private async run(): Promise<void> {
    this.running = true;
    const { cluster } = this.context;
    for (let retry = 0; this.batch !== undefined || this.waiting.length > 0; retry++) {
      try {
        await this.writeBatch();
        retry = -1;
      } catch (error) {
        cluster.forgetLeaders(this.partition.topic);
        const unwanted = this.batch !== undefined && isUnwanted(this.batch);
        if (!isTransient(error) || unwanted) await this.giveUp(error);
        else await cluster.clock.sleep(backoffMs(retry));
      }
    }
    this.running = false;
  }

  /**
   * 1. Find the way; until then records may still be abandoned, so none is taken.
   * 2. Take a batch, or the one whose last attempt failed.
   * 3. Send it; only what is known to be written leaves the queue as written.
   */
  private async writeBatch(): Promise<void> {
    const { cluster, connections, sessions } = this.context;
    const session = this.batch?.session ?? (await sessions.get());
    const { leader } = await cluster.findLeader(this.partition);
    const connection = await connections.to(leader);
    const entries = this.batch?.entries ?? this.takeEntries();
    if (entries.length === 0) return;
    const batch = { entries, session, leader, unclear: this.batch?.unclear ?? false };
    this.batch = batch;
    const baseOffset = await this.produce(batch, connection);
    this.batch = undefined;
    session.written(this.name, entries.length);
    for (const [delta, entry] of entries.entries()) entry.written(baseOffset + delta);
  }

  private takeEntries(): readonly QueuedRecord[] {
    let bytes = 0;
    let count = 0;
    for (const { record } of this.waiting) {
      bytes += recordBytes(record);
      if (count > 0 && bytes > KAFKA_LIMITS.batchBytesMax) break;
      count += 1;
    }
    const entries = this.waiting.splice(0, count);
    for (const entry of entries) entry.sent = true;
    return entries;
  }

  private async produce(batch: Batch, connection: BrokerConnection): Promise<number> {
    const { entries, session } = batch;
    const { topic, partition } = this.partition;
    const records = entries.map(({ record }) => record);
    const baseSequence = session.nextSequence(this.name);
    const timestamp = this.context.cluster.clock.now();
    const identity = { ...session.identity, baseSequence, transactional: false, timestamp };
    const timeoutMs = KAFKA_LIMITS.requestTimeoutMs;
    const batches = [{ topic, partition, records, identity }];
    try {
      const request = { transactionalId: null, timeoutMs, batches };
      const [answer] = await connection.call(PRODUCE, request);
      if (answer === undefined) throw new ConnectionLost(`No answer for ${this.name}`);
      throwIfFailed(answer.errorCode, `Produce to ${this.name} ${answer.message}`);
      return answer.baseOffset;
    } catch (error) {
      const refused = error instanceof KafkaError && error.verdict !== 'unclear';
      if (!refused) batch.unclear = true;
      throw error;
    }
  }

  /** Ends the batch, or without one all that waits: the way itself is closed for good. */
  private async giveUp(cause: unknown): Promise<void> {
    const { batch } = this;
    this.batch = undefined;
    if (batch !== undefined) await this.context.sessions.replace(batch.session);
    const error = this.failure(cause, batch?.unclear ?? false);
    for (const entry of batch?.entries ?? this.waiting.splice(0)) entry.failed(error);
  }

  private failure(cause: unknown, unclear: boolean): RuntimeError {
    const what = `Writing to ${this.name}`;
    if (unclear) {
      return new RuntimeError('UNKNOWN_OUTCOME', `${what}: sent, no response`, { cause });
    }
    if (!(cause instanceof KafkaError) || !OUT_OF_STEP.has(cause.kind)) {
      return asRuntimeError(cause, what);
    }
    const message = `${what}: the broker does not know this producer or its sequence`;
    return new RuntimeError('BROKER_UNREACHABLE', message, { cause });
  }
}

function isUnwanted({ entries }: Batch): boolean {
  return entries.every((entry) => entry.abandoned());
}
