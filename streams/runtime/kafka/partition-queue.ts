/**
 * Owns what an event producer still has to write to one partition. What always holds: one batch is
 * on its way at a time, in the order of `add`; a batch that may have been written is repeated
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
import { ConnectionLost, KafkaError, type KafkaErrorName } from './protocol/error-codes';
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

/** The broker has lost track of the producer's sequence, or of the producer. */
const OUT_OF_STEP: ReadonlySet<KafkaErrorName> = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
]);

interface Batch {
  readonly entries: readonly QueuedRecord[];
  readonly session: ProducerSession;
  /** True after an attempt without an answer. */
  unclear: boolean;
}

type Outcome =
  | { readonly kind: 'written'; readonly baseOffset: number }
  | { readonly kind: 'again' }
  | { readonly kind: 'failed'; readonly error: RuntimeError };

export class PartitionQueue {
  private readonly name: string;
  private readonly waiting: QueuedRecord[] = [];
  private underWay: { readonly batch: Batch; readonly leader: number } | undefined;
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
   * Takes out what nobody waits for. A batch under way that nobody waits for any more is cut off: a
   * broker that hangs would hold up those behind it for a whole request timeout.
   */
  removeAbandoned(): void {
    const kept = this.waiting.filter((entry) => !entry.abandoned());
    this.waiting.splice(0, this.waiting.length, ...kept);
    if (this.underWay?.batch.entries.every((entry) => entry.abandoned()) === true) {
      this.context.connections.drop(this.underWay.leader);
    }
  }

  private async run(): Promise<void> {
    this.running = true;
    const { clock } = this.context.cluster;
    for (let retry = 0; this.waiting.length > 0; retry++) {
      try {
        const session = await this.context.sessions.get();
        const { connection, leader } = await this.connect();
        const entries = this.takeBatch();
        if (entries.length === 0) continue;
        retry = 0;
        await this.deliver({ entries, session, unclear: false }, connection, leader);
      } catch (error) {
        if (isTransient(error)) await clock.sleep(backoffMs(retry));
        else this.failAll(asRuntimeError(error, `Writing to ${this.name}`));
      }
    }
    this.running = false;
  }

  private async connect(): Promise<{ connection: BrokerConnection; leader: number }> {
    const { cluster, connections } = this.context;
    try {
      const { leader } = await cluster.findLeader(this.partition);
      return { connection: await connections.to(leader), leader };
    } catch (error) {
      cluster.forgetLeaders(this.partition.topic);
      throw error;
    }
  }

  private takeBatch(): readonly QueuedRecord[] {
    let bytes = 0;
    let count = 0;
    for (const { record } of this.waiting) {
      bytes += recordBytes(record);
      if (count > 0 && bytes > KAFKA_LIMITS.batchBytesMax) break;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  /** Sends the batch until it is known to be written, refused, or wanted by nobody. */
  private async deliver(
    batch: Batch,
    connection: BrokerConnection | undefined,
    leader: number,
  ): Promise<void> {
    const { clock } = this.context.cluster;
    let route = { connection, leader };
    for (let retry = 0; ; retry++) {
      const outcome = await this.attempt(batch, route);
      if (outcome.kind === 'written') {
        batch.session.written(this.name, batch.entries.length);
        for (const [delta, entry] of batch.entries.entries()) {
          entry.written(outcome.baseOffset + delta);
        }
        return;
      }
      const unwanted = batch.entries.every((entry) => entry.abandoned());
      if (outcome.kind === 'failed' || unwanted) {
        await this.context.sessions.replace(batch.session);
        const error = outcome.kind === 'failed' ? outcome.error : this.unknownOutcome();
        for (const entry of batch.entries) entry.failed(error);
        return;
      }
      await clock.sleep(backoffMs(retry));
      route = { connection: undefined, leader };
    }
  }

  private async attempt(
    batch: Batch,
    route: { connection: BrokerConnection | undefined; leader: number },
  ): Promise<Outcome> {
    try {
      const { connection, leader } =
        route.connection === undefined
          ? await this.connect()
          : { connection: route.connection, leader: route.leader };
      this.underWay = { batch, leader };
      for (const entry of batch.entries) entry.sent = true;
      return await this.produce(batch, connection);
    } catch (error) {
      this.context.cluster.forgetLeaders(this.partition.topic);
      return this.outcomeOf(error, batch);
    } finally {
      this.underWay = undefined;
    }
  }

  private async produce(batch: Batch, connection: BrokerConnection): Promise<Outcome> {
    const { entries, session } = batch;
    const { topic, partition } = this.partition;
    const records = entries.map(({ record }) => record);
    const baseSequence = session.nextSequence(this.name);
    const timestamp = this.context.cluster.clock.now();
    const identity = { ...session.identity, baseSequence, transactional: false, timestamp };
    const timeoutMs = KAFKA_LIMITS.requestTimeoutMs;
    const batches = [{ topic, partition, records, identity }];
    try {
      const [answer] = await connection.call(PRODUCE, {
        transactionalId: null,
        timeoutMs,
        batches,
      });
      if (answer === undefined) throw new ConnectionLost(`No answer for ${this.name}`);
      const { errorCode, baseOffset, message } = answer;
      if (errorCode !== 0) throw new KafkaError(errorCode, `Produce to ${this.name} ${message}`);
      return { kind: 'written', baseOffset };
    } catch (error) {
      const refused = error instanceof KafkaError && error.verdict !== 'unclear';
      if (!refused) batch.unclear = true;
      throw error;
    }
  }

  private outcomeOf(error: unknown, batch: Batch): Outcome {
    if (isTransient(error)) return { kind: 'again' };
    const outOfStep = error instanceof KafkaError && OUT_OF_STEP.has(error.kind);
    if (batch.unclear) return { kind: 'failed', error: this.unknownOutcome(error) };
    const what = `Writing to ${this.name}`;
    if (!outOfStep) return { kind: 'failed', error: asRuntimeError(error, what) };
    const code = 'BROKER_UNREACHABLE';
    const message = `${what}: the broker lost track of this producer`;
    return { kind: 'failed', error: new RuntimeError(code, message, { cause: error }) };
  }

  private unknownOutcome(cause?: unknown): RuntimeError {
    const message = `Writing to ${this.name}: sent, and not answered`;
    return new RuntimeError('UNKNOWN_OUTCOME', message, { cause });
  }

  private failAll(error: RuntimeError): void {
    for (const entry of this.waiting.splice(0)) entry.failed(error);
  }
}
