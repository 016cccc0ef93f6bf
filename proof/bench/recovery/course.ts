/** The Kafka side of the benchmark: topics, the load, markers, and what comes out. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { createTopics } from '../../../platform/topic-creation';
import { partitionName, type Broker, type TopicPartition } from '../../../streams/runtime/broker';
import { connectBroker } from '../../../streams/runtime/kafka/kafka-broker';
import {
  openEventProducer,
  type EventProducer,
} from '../../../streams/runtime/kafka/event-producer';
import { partitionFor } from '../../../streams/runtime/kafka/partitioner';
import { benchCodec, keyOf, latestValue, sample } from './latest-value';

export const PARTITIONS = 6;
const POLL_MS = 100;
const WRITE_WITHIN_MS = 10_000;

export class Course {
  private constructor(
    readonly brokers: string,
    readonly broker: Broker,
    private readonly admin: Admin,
    private readonly producer: EventProducer,
  ) {}

  static async open(brokers: string): Promise<Course> {
    const list = brokers.split(',');
    const admin = new Kafka({
      brokers: list,
      clientId: 'bench',
      logLevel: logLevel.NOTHING,
    }).admin();
    await admin.connect();
    const broker = await connectBroker({ brokers: list, clientId: 'bench' });
    const producer = openEventProducer({ brokers: list, clientId: 'bench' });
    return new Course(brokers, broker, admin, producer);
  }

  async close(): Promise<void> {
    await this.producer.close();
    await this.broker.close();
    await this.admin.disconnect();
  }

  /** `compacted`: as a changelog is. */
  async createTopics(plain: readonly string[], compacted: readonly string[]): Promise<void> {
    const time = { name: 'message.timestamp.type', value: 'LogAppendTime' };
    const compact = { name: 'cleanup.policy', value: 'compact' };
    await createTopics(this.admin, [
      ...plain.map((topic) => ({ topic, numPartitions: PARTITIONS, configEntries: [time] })),
      ...compacted.map((topic) => ({
        topic,
        numPartitions: PARTITIONS,
        configEntries: [time, compact],
      })),
    ]);
  }

  /** One record for each of `keys` keys; resolves to how long it took, ms. */
  async load(classPath: string, topic: string, keys: number): Promise<number> {
    const key = keyOf(0);
    const codec = benchCodec(latestValue('bench', topic));
    const template = codec.encode(topic, sample(key)).toString('hex');
    const args = [
      '-cp',
      classPath,
      'KeyedLoader',
      this.brokers,
      topic,
      '0',
      String(keys),
      key,
      template,
    ];
    const { stdout } = await promisify(execFile)('java', args);
    return Number(stdout.split(' ')[1]);
  }

  /** Resolves once the group has handled `records` of the topic. */
  async handled(group: string, topic: string, records: number, alive: () => void): Promise<void> {
    const places = placesOf(topic);
    for (;;) {
      alive();
      const committed = await this.broker.committedOffsets(group, places);
      const sum = [...committed.values()].reduce((all, { offset }) => all + offset, 0);
      if (sum >= records) return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** One new record in every partition, of keys that are known. */
  async writeMarkers(topic: string): Promise<void> {
    const codec = benchCodec(latestValue('bench', topic));
    const keys = new Map<number, string>();
    for (let number = 0; keys.size < PARTITIONS; number += 1) {
      keys.set(partitionFor(keyOf(number), PARTITIONS), keyOf(number));
    }
    await this.producer.send(
      [...keys].map(([partition, key]) => ({
        topic,
        partition,
        key,
        value: codec.encode(topic, sample(key)),
      })),
      WRITE_WITHIN_MS,
    );
  }

  ends(topic: string): Promise<ReadonlyMap<string, number>> {
    return this.broker.lastStableOffsets(placesOf(topic));
  }

  /**
   * When the first committed record behind `from` stood in one of `partitions`, and when in the
   * last of them; wall clock, ms since the epoch.
   */
  async firstResults(
    topic: string,
    from: ReadonlyMap<string, number>,
    partitions: readonly number[],
    withinMs: number,
  ): Promise<{ readonly first: number; readonly last: number }> {
    const reader = this.broker.openReader();
    const missing = new Set(partitions);
    const seen: number[] = [];
    const until = Date.now() + withinMs;
    try {
      for (const place of placesOf(topic))
        reader.assign(place, from.get(partitionName(place)) ?? 0);
      while (missing.size > 0) {
        for (const { partition, records } of await reader.poll(POLL_MS)) {
          if (records.length > 0 && missing.delete(partition)) seen.push(Date.now());
        }
        if (Date.now() > until) throw new Error(`no result in ${[...missing].join()} of ${topic}`);
      }
    } finally {
      await reader.close();
    }
    return { first: seen[0] ?? NaN, last: seen.at(-1) ?? NaN };
  }
}

function placesOf(topic: string): readonly TopicPartition[] {
  return Array.from({ length: PARTITIONS }, (_, partition) => ({ topic, partition }));
}
