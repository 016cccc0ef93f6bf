/**
 * Owns the writing of events outside of any transaction: the edge's orders and webhooks, a command
 * line's requests. What always holds: a record is acknowledged once all replicas have it, stands in
 * the log once however often it had to be sent, and is answered within its deadline. It connects
 * when it is first used and by itself whenever the brokers come back.
 */
import { partitionName, type NewRecord } from '../broker';
import { systemClock } from '../../../platform/clock';
import { RuntimeError } from '../errors';
import { KAFKA_LIMITS } from '../limits';
import { Cluster } from './cluster';
import type { BrokerOptions } from './kafka-broker';
import { NodeConnections } from './node-connections';
import { PartitionQueue, type ProducerContext, type QueuedRecord } from './partition-queue';
import { ProducerSessions } from './producer-session';

export interface EventProducer {
  /**
   * Resolves with the offsets of `records`, in their order. Safe to call concurrently: what waits
   * for the same partition shares a request. Rejects with a RuntimeError within `deadlineMs`:
   * `BROKER_UNREACHABLE` (nothing was written), `UNKNOWN_OUTCOME` (some of it may have been, or may
   * still be), `PROTOCOL` (it cannot be written, such as a record over the broker's limit).
   */
  send(records: readonly NewRecord[], deadlineMs: number): Promise<readonly number[]>;
  /** Waits for what is being sent, at most until its deadline. */
  close(): Promise<void>;
}

/** Does not connect yet, so that a process starts also while the brokers are away. */
export function openEventProducer(options: BrokerOptions): EventProducer {
  return new KafkaEventProducer(new Cluster({ clock: systemClock, ...options }));
}

/** One call of `send`. */
class Delivery {
  readonly entries: readonly QueuedRecord[];
  readonly done: Promise<readonly number[]>;
  private readonly offsets: number[];
  private missing: number;
  private open = true;
  private resolve: (offsets: readonly number[]) => void = () => undefined;
  private reject: (error: RuntimeError) => void = () => undefined;

  constructor(records: readonly NewRecord[]) {
    this.offsets = new Array<number>(records.length).fill(-1);
    this.missing = records.length;
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.entries = records.map((record, place) => ({
      record,
      sent: false,
      abandoned: () => !this.open,
      written: (offset) => this.written(place, offset),
      failed: (error) => this.fail(error),
    }));
  }

  /** Gives up: what was not sent will not be. */
  expire(deadlineMs: number): void {
    const sent = this.entries.some((entry) => entry.sent);
    const message = `Not acknowledged within ${deadlineMs} ms`;
    this.fail(new RuntimeError(sent ? 'UNKNOWN_OUTCOME' : 'BROKER_UNREACHABLE', message));
  }

  private written(place: number, offset: number): void {
    this.offsets[place] = offset;
    this.missing -= 1;
    if (this.missing > 0) return;
    this.open = false;
    this.resolve(this.offsets);
  }

  private fail(error: RuntimeError): void {
    this.open = false;
    this.reject(error);
  }
}

class KafkaEventProducer implements EventProducer {
  private readonly context: ProducerContext;
  private readonly queues = new Map<string, PartitionQueue>();
  private readonly deliveries = new Set<Promise<readonly number[]>>();
  private recordsUnderWay = 0;
  private closed = false;

  constructor(private readonly cluster: Cluster) {
    const connections = new NodeConnections(cluster);
    this.context = { cluster, connections, sessions: new ProducerSessions(cluster) };
  }

  async send(records: readonly NewRecord[], deadlineMs: number): Promise<readonly number[]> {
    if (records.length === 0) return [];
    if (this.closed) throw new RuntimeError('PROTOCOL', 'The event producer is closed');
    if (this.recordsUnderWay + records.length > KAFKA_LIMITS.eventQueueRecordsMax) {
      const message = `${this.recordsUnderWay} records are in flight already`;
      throw new RuntimeError('BROKER_UNREACHABLE', message);
    }
    const delivery = new Delivery(records);
    this.recordsUnderWay += records.length;
    this.deliveries.add(delivery.done);
    const answered = new AbortController();
    try {
      for (const entry of delivery.entries) this.queueOf(entry.record).add(entry);
      void this.expireAfter(delivery, deadlineMs, answered.signal);
      return await delivery.done;
    } finally {
      answered.abort();
      this.recordsUnderWay -= records.length;
      this.deliveries.delete(delivery.done);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled(this.deliveries);
    this.context.connections.close();
    this.cluster.close();
  }

  private async expireAfter(
    delivery: Delivery,
    deadlineMs: number,
    answered: AbortSignal,
  ): Promise<void> {
    await this.cluster.clock.sleep(deadlineMs, answered);
    if (answered.aborted) return;
    delivery.expire(deadlineMs);
    for (const queue of this.queues.values()) queue.removeAbandoned();
  }

  private queueOf({ topic, partition }: NewRecord): PartitionQueue {
    const name = partitionName({ topic, partition });
    const known = this.queues.get(name);
    if (known !== undefined) return known;
    const queue = new PartitionQueue(this.context, { topic, partition });
    this.queues.set(name, queue);
    return queue;
  }
}
