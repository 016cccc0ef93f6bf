/**
 * A Kafka cluster in memory: topics, transactions, groups and their offsets, all on the brokers'
 * side. Processes reach it over a `MemoryConnection`; whoever sets the scene writes and reads here.
 *
 * What always holds: a call takes effect at once and as a whole; time passes only between calls.
 */
import {
  partitionName,
  type CommittedOffset,
  type LogRecord,
  type NewRecord,
  type OffsetToCommit,
  type TopicPartition,
} from '../broker';
import type { Clock } from '../../../platform/clock';
import { RuntimeError } from '../errors';
import { KAFKA_LIMITS } from '../limits';
import { ConsumerGroup } from './consumer-group';
import { PartitionLog } from './partition-log';
import { Transactions } from './transactions';

export interface MemoryClusterOptions {
  /** The brokers' clock: log-append times, sessions and transaction timeouts. */
  readonly clock: Clock;
  /** Partitions of a topic that nobody created; absent: there is no such topic. */
  readonly autoCreatePartitions?: number;
  /** When a marker of a transaction that ended is written to one partition; absent: at once. */
  scheduleMarker?(write: () => void): void;
  /** When the replicas have what was appended to one partition; absent: at once. */
  scheduleReplication?(done: () => void): void;
}

export class MemoryCluster {
  readonly clusterId = 'memory';
  readonly transactions: Transactions;
  private readonly topics = new Map<string, readonly PartitionLog[]>();
  private readonly offsets = new Map<string, Map<string, CommittedOffset>>();
  private readonly groups = new Map<string, ConsumerGroup>();
  /** What real members keep in their files: a former member id, by the file's name. */
  readonly memberIds = new Map<string, string>();

  constructor(private readonly options: MemoryClusterOptions) {
    this.transactions = new Transactions({
      now: () => this.now,
      logOf: (place) => this.log(place),
      acceptsMember: (group, member) => this.group(group).accepts(member),
      commitOffsets: (group, offsets) => this.commitOffsets(group, offsets),
      scheduleMarker: (write) => {
        if (options.scheduleMarker === undefined) write();
        else options.scheduleMarker(write);
      },
      timeoutMs: KAFKA_LIMITS.transactionTimeoutMs,
    });
  }

  get now(): number {
    return this.options.clock.now();
  }

  createTopic(name: string, partitions: number): void {
    const replicate = (done: () => void) => {
      if (this.options.scheduleReplication === undefined) done();
      else this.options.scheduleReplication(done);
    };
    this.topics.set(
      name,
      Array.from({ length: partitions }, () => new PartitionLog(replicate)),
    );
  }

  /** Records and markers that were ever written. */
  get size(): number {
    let size = 0;
    for (const logs of this.topics.values()) for (const log of logs) size += log.end;
    return size;
  }

  /** Throws UNKNOWN_TOPIC. */
  partitionCount(topic: string): number {
    return this.logsOf(topic).length;
  }

  /** Throws UNKNOWN_TOPIC. */
  log({ topic, partition }: TopicPartition): PartitionLog {
    const log = this.logsOf(topic)[partition];
    if (log === undefined) throw new RuntimeError('UNKNOWN_TOPIC', `${topic}-${partition}`);
    return log;
  }

  /** Appends one record outside of any transaction; gives its offset. */
  append(record: NewRecord): number {
    return this.log(record).append(record, this.now);
  }

  /** All committed records of a partition, in order. */
  committedRecords(place: TopicPartition): readonly LogRecord[] {
    const log = this.log(place);
    return log.readStable(log.start).records;
  }

  committedOffsets(
    group: string,
    partitions: readonly TopicPartition[],
  ): ReadonlyMap<string, CommittedOffset> {
    const all = this.offsets.get(group);
    const known = partitions.flatMap((place): (readonly [string, CommittedOffset])[] => {
      const name = partitionName(place);
      const offset = all?.get(name);
      return offset === undefined ? [] : [[name, offset]];
    });
    return new Map(known);
  }

  group(name: string): ConsumerGroup {
    const group =
      this.groups.get(name) ?? new ConsumerGroup(name, (topic) => this.partitionCount(topic));
    this.groups.set(name, group);
    return group;
  }

  /** What a cluster does by itself: ends what took too long. Called before every request. */
  expire(): void {
    this.transactions.expire();
    for (const group of this.groups.values()) group.expire(this.now);
  }

  private commitOffsets(group: string, offsets: readonly OffsetToCommit[]): void {
    const committed = this.offsets.get(group) ?? new Map<string, CommittedOffset>();
    this.offsets.set(group, committed);
    for (const { offset, metadata, ...place } of offsets) {
      committed.set(partitionName(place), { offset, metadata });
    }
  }

  private logsOf(topic: string): readonly PartitionLog[] {
    const { autoCreatePartitions } = this.options;
    if (!this.topics.has(topic) && autoCreatePartitions !== undefined) {
      this.createTopic(topic, autoCreatePartitions);
    }
    const logs = this.topics.get(topic);
    if (logs === undefined) throw new RuntimeError('UNKNOWN_TOPIC', topic);
    return logs;
  }
}
