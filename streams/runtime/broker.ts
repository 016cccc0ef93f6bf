/**
 * What the runtime needs of Kafka, and nothing more. `kafka/` keeps it with kafkajs on a real
 * cluster; the topology test driver keeps it in memory. Tasks, commit and restore are written
 * against these types only, so both run the same code.
 */

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** `topic-partition`, the form in which Kafka's own tools print it; used as a map key. */
export function partitionName({ topic, partition }: TopicPartition): string {
  return `${topic}-${String(partition)}`;
}

/** A record as it stands in the log. */
export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Log-append time, ms since the epoch: monotone in its partition. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer>>;
}

/** A record to be written. The partition is always chosen by the writer. */
export interface NewRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What one fetch brought for one partition. */
export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  /**
   * Data records in offset order, never control records; of aborted transactions only where the
   * reader is read_uncommitted.
   */
  readonly records: readonly LogRecord[];
  /** Where the next fetch begins. Moves past control and aborted records even when `records` is empty. */
  readonly nextOffset: number;
  /** One past the last record replicated, open transactions included (read_uncommitted end). */
  readonly highWatermark: number;
  readonly lastStableOffset: number;
}

/**
 * What a reader sees. `read_committed`: records of committed transactions, up to the first that is
 * open. `read_uncommitted`: all records that the replicas have, for people who look at the log;
 * nothing may be derived from them.
 */
export type Isolation = 'read_committed' | 'read_uncommitted';

/**
 * A long-polling reader of partitions given by hand; no group is involved.
 * One `poll` at a time. Changes of the assignment count from the next poll on, and what an
 * outstanding poll brings for a partition that was removed, paused or moved meanwhile is left out.
 */
export interface RecordReader {
  /** Reads `partition` from `offset` on; moves it when it is already read. */
  assign(partition: TopicPartition, offset: number): void;
  unassign(partition: TopicPartition): void;
  /** Back-pressure: the partition keeps its position and is left out of fetches. */
  pause(partition: TopicPartition): void;
  resume(partition: TopicPartition): void;
  /**
   * Waits up to `maxWaitMs` for records of any assigned, unpaused partition; returns at once when
   * `wake()` was called. Offsets out of range reject with `OFFSET_OUT_OF_RANGE` (die: they are
   * never reset silently); a broker that cannot be reached is retried inside, then rejects with a
   * RuntimeError.
   */
  poll(maxWaitMs: number): Promise<readonly FetchedPartition[]>;
  /** Ends an outstanding poll early. */
  wake(): void;
  close(): Promise<void>;
}

/** Where a group stands in one partition. */
export interface CommittedOffset {
  readonly offset: number;
  readonly metadata: string;
}

export interface OffsetToCommit extends TopicPartition {
  readonly offset: number;
  /** At most 4,096 bytes, the broker's limit (`offset.metadata.max.bytes`). */
  readonly metadata: string;
}

/** Who of a group commits, and in which of its generations. */
export interface GroupMemberId {
  readonly memberId: string;
  readonly generation: number;
}

/**
 * A transactional producer: one open transaction at a time. Opening it fences every earlier one of
 * the same transactional id (E2). After any rejection it is of no more use and must be closed (E3).
 */
export interface TransactionalProducer {
  /**
   * Writes `records`, then commits the offsets for `group`, in one transaction (E1). `offsets` is
   * called once the records are written, with the offset that each of them got, in their order: S1
   * puts where the changelog ends into the metadata. Empty `records` make an offsets-only
   * transaction. With a `member`, only while it is one of the group's present generation. Rejects
   * with a RuntimeError: `FENCED` (another instance has the id, or the group has gone on without the
   * member), `ABORTED` (nothing was written; known), `UNKNOWN_OUTCOME` (it may or may not have been
   * committed).
   */
  commit(transaction: {
    readonly records: readonly NewRecord[];
    readonly group: string;
    readonly member?: GroupMemberId;
    offsets(written: readonly number[]): readonly OffsetToCommit[];
  }): Promise<void>;
  close(): Promise<void>;
}

/** What the group coordinator gave this member, after `Broker.join`. */
export interface Assignment extends GroupMemberId {
  readonly partitions: readonly TopicPartition[];
}

/**
 * Called by a membership, one at a time and in turn: `revoked` before the member rejoins (so that a
 * running commit may end; bounded by the rebalance timeout), `assigned` with all it holds after.
 */
export interface MembershipListener {
  assigned(assignment: Assignment): Promise<void>;
  revoked(): Promise<void>;
  /** Membership was lost without being asked (session expired, coordinator says unknown). */
  lost(): void;
  /** Nothing more will come: the membership cannot go on. */
  failed(error: Error): void;
}

export interface GroupOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * A file that keeps the member id, so that a restarted process first leaves under that id
   * and nobody waits for its session to time out. Absent: nothing is kept.
   */
  readonly memberIdFile?: string;
  /**
   * Co-partitioned units where this instance has state, best first: the assignor gives them back
   * to it (sticky). Asked at every join.
   */
  stickyPartitions(): readonly number[];
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly listener: MembershipListener;
}

export interface Membership {
  readonly memberId: string;
  /** Leaves the group after `revoked` was called for what it held. */
  leave(): Promise<void>;
}

/** Kafka, as the runtime sees it. Every method may reject with a RuntimeError. */
export interface Broker {
  clusterId(): Promise<string>;
  /** Partition count of each topic; rejects with `UNKNOWN_TOPIC` for one that is missing. */
  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Fences earlier producers of the id and resolves once the coordinator has said so (E2). */
  openProducer(transactionalId: string): Promise<TransactionalProducer>;
  /** Transactional ids that begin with `prefix` and have a transaction open. */
  openTransactions(prefix: string): Promise<readonly string[]>;
  /** Ids of the members that the group counts now. */
  groupMembers(group: string): Promise<readonly string[]>;
  /**
   * The group's offsets by `partitionName`; a partition without one is absent. Waits for a
   * transaction that would move them to end.
   */
  committedOffsets(
    group: string,
    partitions: readonly TopicPartition[],
  ): Promise<ReadonlyMap<string, CommittedOffset>>;
  /** Ends of the partitions, open transactions included (ListOffsets, read_uncommitted). */
  highWatermarks(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, number>>;
  /**
   * Log end offsets: past the high watermark by what is stamped with its log time and not
   * yet on all replicas (T1).
   */
  logEnds(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, number>>;
  /** Where read_committed readers come to an end: the first open transaction, or the end. */
  lastStableOffsets(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, number>>;
  /** First offsets that can still be read, by `partitionName`. */
  logStarts(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, number>>;
  /** read_committed unless told otherwise. */
  openReader(isolation?: Isolation): RecordReader;
  join(options: GroupOptions): Promise<Membership>;
  close(): Promise<void>;
}
