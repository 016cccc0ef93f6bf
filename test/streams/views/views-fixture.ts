/** The views on real services: topics, schemas, a producer, and any number of running views. */
import { recordTypes } from '../../../schemas/avro-types';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { Codec } from '../../../platform/avro/codec';
import { SchemaRegistry } from '../../../platform/avro/schema-registry';
import type { Broker } from '../../../streams/runtime/broker';
import { systemClock } from '../../../platform/clock';
import {
  openEventProducer,
  type EventProducer,
} from '../../../streams/runtime/kafka/event-producer';
import { connectBroker } from '../../../streams/runtime/kafka/kafka-broker';
import { partitionFor } from '../../../streams/runtime/kafka/partitioner';
import type { RunningApp } from '../../../streams/runtime/running-app';
import { startViews } from '../../../streams/views/views';
import { eventTopics } from '../../../topics/catalogue';
import { provisionTopics } from '../../../platform/provisioning';
import type { EventOn, Topic } from '../../../topics/topic';

const WAIT_MAX_MS = 60_000;
const LOOK_AGAIN_MS = 10;
const SEND_DEADLINE_MS = 30_000;
/** Well below what the producer lets wait. */
const SEND_RECORDS_MAX = 4_000;

export function fromEnvironment(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} names a service of the tests`);
  return value;
}

/** Looks until `check` holds; fails with what it was about. */
export async function eventually(what: string, check: () => Promise<boolean>): Promise<void> {
  const until = Date.now() + WAIT_MAX_MS;
  while (!(await check())) {
    if (Date.now() > until) throw new Error(`never came true: ${what}`);
    await systemClock.sleep(LOOK_AGAIN_MS);
  }
}

export interface ViewsToStart {
  readonly databaseUrl: string;
  /** Instances of one group share the partitions. */
  readonly group: string;
}

export class ViewsFixture {
  readonly folder = mkdtempSync(join(tmpdir(), 'views-'));
  readonly logged: string[] = [];
  private readonly running: RunningApp[] = [];

  private constructor(
    readonly broker: Broker,
    private readonly producer: EventProducer,
    private readonly registry: SchemaRegistry,
    private readonly codec: Codec,
    private readonly partitions: number,
  ) {}

  static async open(): Promise<ViewsFixture> {
    const brokers = fromEnvironment('KAFKA_BROKERS').split(',');
    const partitions = Number(process.env['TOPIC_PARTITIONS'] ?? 6);
    const kafka = new Kafka({ clientId: 'views-tests', brokers, logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    await provisionTopics(admin, eventTopics, { partitions, replicationFactor: 1 });
    await admin.disconnect();
    const registry = new SchemaRegistry(fromEnvironment('SCHEMA_REGISTRY_URL'), recordTypes);
    const codec = await registry.register(eventTopics);
    const options = { brokers, clientId: 'views-tests' };
    const broker = await connectBroker(options);
    return new ViewsFixture(broker, openEventProducer(options), registry, codec, partitions);
  }

  async append<T extends Topic>(topic: T, ...events: readonly EventOn<T>[]): Promise<void> {
    const records = events.map((event) => ({
      topic: topic.name,
      partition: partitionFor(topic.key(event), this.partitions),
      key: topic.key(event),
      value: this.codec.encode(topic.name, event),
    }));
    for (let from = 0; from < records.length; from += SEND_RECORDS_MAX) {
      await this.producer.send(records.slice(from, from + SEND_RECORDS_MAX), SEND_DEADLINE_MS);
    }
  }

  async appendBytes(topic: Topic, key: string, value: Buffer): Promise<void> {
    const partition = partitionFor(key, this.partitions);
    await this.producer.send([{ topic: topic.name, partition, key, value }], SEND_DEADLINE_MS);
  }

  /** Views that know no schema yet and join at once. */
  async start({ databaseUrl, group }: ViewsToStart): Promise<RunningApp> {
    const views = await startViews({
      ...this.parts,
      ...{ databaseUrl, group, memberIdFile: this.memberIdFile(group) },
    });
    this.running.push(views);
    return views;
  }

  /** What an app of the views is made of here, without its store. */
  get parts() {
    return {
      broker: this.broker,
      codec: new Codec(recordTypes, this.registry),
      clock: systemClock,
      logger: {
        info: (_fields: object, message: string) => this.logged.push(message),
        warn: (_fields: object, message: string) => this.logged.push(message),
        error: (_fields: object, message: string) => this.logged.push(message),
      },
    };
  }

  memberIdFile(group: string): string {
    return join(this.folder, group);
  }

  freshName(what: string): string {
    return `${what}-${randomUUID()}`;
  }

  async stopViews(): Promise<void> {
    await Promise.all(this.running.splice(0).map((views) => views.stop()));
  }

  async close(): Promise<void> {
    await this.stopViews();
    await this.producer.close();
    await this.broker.close();
    rmSync(this.folder, { recursive: true });
  }
}
