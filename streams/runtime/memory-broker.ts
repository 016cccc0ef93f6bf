/**
 * Kafka in memory, for the test driver: logs with log-append time, transactions that happen at
 * once, fencing by transactional id, offsets with metadata. A commit leaves a control record in
 * every partition it wrote to, so offsets have the gaps that they have on a real broker.
 */
import type {
  Broker,
  CommittedOffset,
  FetchedPartition,
  LogRecord,
  Membership,
  NewRecord,
  RecordReader,
  TopicPartition,
  TransactionalProducer,
} from './broker';
import { partitionName } from './broker';
import type { Clock } from './clock';
import { RuntimeError } from './errors';

interface Log {
  readonly records: LogRecord[];
  end: number;
}

export class MemoryBroker implements Broker {
  private readonly logs = new Map<string, Log>();
  private readonly offsets = new Map<string, Map<string, CommittedOffset>>();
  private readonly epochs = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly partitions = 1,
  ) {}

  clusterId(): Promise<string> {
    return Promise.resolve('memory');
  }

  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return Promise.resolve(new Map(topics.map((topic) => [topic, this.partitions])));
  }

  openProducer(transactionalId: string): Promise<TransactionalProducer> {
    const epoch = (this.epochs.get(transactionalId) ?? 0) + 1;
    this.epochs.set(transactionalId, epoch);
    return Promise.resolve({
      commit: (transaction) => {
        if (this.epochs.get(transactionalId) !== epoch) {
          return Promise.reject(new RuntimeError('FENCED', transactionalId));
        }
        this.commit(transaction);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    });
  }

  committedOffsets(
    group: string,
    partitions: readonly TopicPartition[],
  ): Promise<ReadonlyMap<string, CommittedOffset>> {
    const all = this.offsets.get(group) ?? new Map<string, CommittedOffset>();
    const names = new Set(partitions.map(partitionName));
    return Promise.resolve(new Map([...all].filter(([name]) => names.has(name))));
  }

  highWatermarks(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, number>> {
    return Promise.resolve(
      new Map(partitions.map((place) => [partitionName(place), this.log(place).end])),
    );
  }

  logStarts(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, number>> {
    return Promise.resolve(new Map(partitions.map((place) => [partitionName(place), 0])));
  }

  openReader(): RecordReader {
    return new MemoryReader((place) => this.log(place));
  }

  /** The driver takes its tasks by hand. */
  join(): Promise<Membership> {
    return Promise.reject(new Error('the memory broker has no groups'));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Appends one record outside of any transaction; gives its offset. */
  append(record: NewRecord): number {
    const log = this.log(record);
    const offset = log.end;
    log.records.push({
      topic: record.topic,
      partition: record.partition,
      offset,
      timestamp: this.clock.now(),
      key: Buffer.from(record.key),
      value: record.value,
      headers: Object.fromEntries(
        Object.entries(record.headers ?? {}).map(([name, value]) => [name, Buffer.from(value)]),
      ),
    });
    log.end += 1;
    return offset;
  }

  /** All records of a partition, in order. */
  recordsOf(place: TopicPartition): readonly LogRecord[] {
    return this.log(place).records;
  }

  private commit(transaction: Parameters<TransactionalProducer['commit']>[0]): void {
    const { records, group } = transaction;
    const written = records.map((record) => this.append(record));
    for (const name of new Set(records.map(partitionName))) {
      const log = this.logs.get(name);
      if (log !== undefined) log.end += 1;
    }
    const committed = this.offsets.get(group) ?? new Map<string, CommittedOffset>();
    this.offsets.set(group, committed);
    for (const { offset, metadata, ...place } of transaction.offsets(written)) {
      committed.set(partitionName(place), { offset, metadata });
    }
  }

  private log(place: TopicPartition): Log {
    const name = partitionName(place);
    const log = this.logs.get(name) ?? { records: [], end: 0 };
    this.logs.set(name, log);
    return log;
  }
}

class MemoryReader implements RecordReader {
  private readonly positions = new Map<string, { place: TopicPartition; offset: number }>();
  private readonly paused = new Set<string>();

  constructor(private readonly logOf: (place: TopicPartition) => Log) {}

  assign({ topic, partition }: TopicPartition, offset: number): void {
    const place = { topic, partition };
    this.positions.set(partitionName(place), { place, offset });
  }

  unassign(place: TopicPartition): void {
    this.positions.delete(partitionName(place));
  }

  pause(place: TopicPartition): void {
    this.paused.add(partitionName(place));
  }

  resume(place: TopicPartition): void {
    this.paused.delete(partitionName(place));
  }

  /** Never waits: gives what is there. */
  poll(): Promise<readonly FetchedPartition[]> {
    const fetched: FetchedPartition[] = [];
    for (const [name, position] of this.positions) {
      const log = this.logOf(position.place);
      if (this.paused.has(name) || position.offset >= log.end) continue;
      const { offset } = position;
      fetched.push({
        ...position.place,
        records: log.records.filter((record) => record.offset >= offset),
        nextOffset: log.end,
        highWatermark: log.end,
        lastStableOffset: log.end,
      });
      position.offset = log.end;
    }
    return Promise.resolve(fetched);
  }

  wake(): void {
    // A poll never waits.
  }

  close(): Promise<void> {
    this.positions.clear();
    return Promise.resolve();
  }
}
