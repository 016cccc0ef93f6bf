/**
 * A plain kafkajs consumer of whole topics, from their beginning: what a client that is not of this
 * project is given. It shares nothing with the product's own reader, and comes back by itself
 * whatever happens to the brokers: a consumer that has not fetched for long is given up, and the
 * next one of the group goes on, because kafkajs may stall for good after a coordinator died.
 */
import { Kafka, logLevel, type Consumer, type EachBatchPayload } from 'kafkajs';
import { partitionName, type TopicPartition } from '../../streams/runtime/broker';
import { systemClock } from '../../platform/clock';
import type { DeliveredRecord } from './delivered';

export interface PlainReaderOptions {
  readonly brokers: readonly string[];
  readonly topics: readonly string[];
  /** Whether records of aborted transactions are wanted, too. */
  readonly aborted: boolean;
  /** Told of records in the order in which they are given. */
  visit(place: TopicPartition, records: readonly DeliveredRecord[]): Promise<void> | void;
}

/** One fetch: a few thousand records, so that memory stays small whatever the log's size. */
const FETCH_BYTES = 4 * 1024 * 1024;
const FETCH_WAIT_MS = 250;
/** A broker that is killed is back within it; until then the group waits rather than falls apart. */
const SESSION_MS = 30_000;
const LOOK_EVERY_MS = 100;
/** Longer than a broker's restart and the group's session after it. */
const STANDSTILL_MS = 60_000;
/** Millions of records take minutes on a small machine. */
const TO_THE_END_WITHIN_MS = 30 * 60_000;

export class PlainReader {
  private readonly positions = new Map<string, number>();
  private watch: NodeJS.Timeout | undefined;
  private consumer: Consumer;
  private fetchedAt = systemClock.now();
  private given = 0;

  private constructor(
    private readonly open: () => Consumer,
    private readonly options: PlainReaderOptions,
  ) {
    this.consumer = open();
  }

  /** Consumers that stalled and were given up. */
  get givenUp(): number {
    return this.given;
  }

  static async open(options: PlainReaderOptions): Promise<PlainReader> {
    const kafka = new Kafka({
      clientId: 'plain-reader',
      brokers: [...options.brokers],
      logLevel: logLevel.NOTHING,
      retry: { initialRetryTime: 50, maxRetryTime: 1_000, retries: 20 },
    });
    const groupId = `plain-reader-${process.pid}-${systemClock.now()}`;
    const consumer = () =>
      kafka.consumer({
        groupId,
        readUncommitted: options.aborted,
        maxWaitTimeInMs: FETCH_WAIT_MS,
        maxBytes: FETCH_BYTES,
        sessionTimeout: SESSION_MS,
        retry: { restartOnFailure: () => Promise.resolve(true) },
      });
    const reader = new PlainReader(consumer, options);
    await reader.start(reader.consumer);
    reader.watch = setInterval(() => reader.refuseStandstill(), LOOK_EVERY_MS);
    return reader;
  }

  /** Resolves once everything below `ends` was visited. */
  async toTheEnd(ends: ReadonlyMap<string, number>): Promise<void> {
    const giveUpAt = systemClock.now() + TO_THE_END_WITHIN_MS;
    const behind = () =>
      [...ends]
        .filter(([name, end]) => (this.positions.get(name) ?? 0) < end)
        .map(([name]) => name);
    while (behind().length > 0) {
      if (systemClock.now() > giveUpAt)
        throw new Error(`never read to the end: ${behind().join()}`);
      await systemClock.sleep(LOOK_EVERY_MS);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.watch);
    await this.consumer.disconnect();
  }

  private async start(consumer: Consumer): Promise<void> {
    await consumer.connect();
    await consumer.subscribe({ topics: [...this.options.topics], fromBeginning: true });
    consumer.on(consumer.events.FETCH, () => {
      if (consumer === this.consumer) this.fetchedAt = systemClock.now();
    });
    // The only word on batches of nothing but control records.
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
      const { topic, partition, lastOffset } = payload;
      this.positions.set(partitionName({ topic, partition }), Number(lastOffset) + 1);
    });
    await consumer.run({ eachBatch: (payload) => this.visit(payload) });
  }

  private refuseStandstill(): void {
    if (systemClock.now() - this.fetchedAt < STANDSTILL_MS) return;
    this.fetchedAt = systemClock.now();
    this.given += 1;
    const stuck = this.consumer;
    this.consumer = this.open();
    // It may not even end; its session does. What fails to start now is retried as the next.
    stuck.disconnect().catch(() => undefined);
    this.start(this.consumer).catch(() => undefined);
  }

  private async visit(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const { topic, partition } = batch;
    const records = batch.messages.map(({ offset, timestamp, key, value }) => ({
      offset: Number(offset),
      timestamp: Number(timestamp),
      key,
      value,
    }));
    await this.options.visit({ topic, partition }, records);
    await payload.heartbeat();
  }
}

/** Where the partitions end, by name. */
export async function endsOf(
  brokers: readonly string[],
  topics: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const kafka = new Kafka({ clientId: 'ends', brokers: [...brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const ends = new Map<string, number>();
    for (const topic of topics) {
      for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
        if (Number(high) > 0) ends.set(partitionName({ topic, partition }), Number(high));
      }
    }
    return ends;
  } finally {
    await admin.disconnect();
  }
}
