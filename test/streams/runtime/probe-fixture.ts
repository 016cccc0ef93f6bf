/** The probe app on a real broker: its topics, its codec, and what it wrote. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { recordTypes } from '../../../schemas/avro-types';
import { Codec } from '../../../platform/avro/codec';
import type { AnyEvent } from '../../../schemas/event';
import { provisionTopics } from '../../../platform/provisioning';
import type { EventOn, Topic } from '../../../topics/topic';
import type { Broker } from '../../../streams/runtime/broker';
import { systemClock } from '../../../platform/clock';
import { connectBroker } from '../../../streams/runtime/kafka/kafka-broker';
import { partitionFor } from '../../../streams/runtime/kafka/partitioner';
import type { Logger } from '../../../streams/runtime/logger';
import { StoreFolder } from '../../../streams/runtime/store/store-folder';
import type { Stores } from '../../../streams/runtime/store/store';
import { Worker, type WorkerOptions } from '../../../streams/runtime/worker';
import { probe } from './probe-app';

export const PARTITIONS = 2;
const WAIT_MAX_MS = 30_000;

export function brokersFromEnvironment(): string[] {
  const brokers = process.env['KAFKA_BROKERS'];
  if (brokers === undefined) throw new Error('KAFKA_BROKERS is missing; run it through npm test');
  return brokers.split(',');
}

/** Ids that need no registry: the tests of the runtime are about something else. */
export function probeCodec(prefix: string): Codec {
  const { app, deadLetters } = probe(prefix);
  return Codec.local(recordTypes, [...app.inputs, ...app.outputs, app.changelog, deadLetters]);
}

/** Polls until `check` holds; fails with what it was about. */
export async function eventually(
  what: string,
  check: () => Promise<boolean> | boolean,
): Promise<void> {
  const until = Date.now() + WAIT_MAX_MS;
  while (!(await check())) {
    if (Date.now() > until) throw new Error(`never came true: ${what}`);
    await systemClock.sleep(20);
  }
}

export class ProbeFixture {
  readonly kafka: Kafka;
  readonly data = mkdtempSync(join(tmpdir(), 'probe-'));
  readonly logged: (object & { readonly message: string })[] = [];
  readonly logger: Logger;
  readonly codec: Codec;
  readonly app: ReturnType<typeof probe>['app'];
  readonly requests: ReturnType<typeof probe>['requests'];
  readonly answers: ReturnType<typeof probe>['answers'];
  readonly results: ReturnType<typeof probe>['results'];
  readonly deadLetters: ReturnType<typeof probe>['deadLetters'];
  private readonly opened: (() => Promise<void>)[] = [];
  /** What `read` has read, and where each partition goes on. */
  private readonly known = new Map<string, { events: AnyEvent[]; offsets: number[] }>();

  private constructor(
    readonly prefix: string,
    readonly broker: Broker,
    brokers: string[],
  ) {
    const { app, requests, answers, results, deadLetters } = probe(prefix);
    this.app = app;
    this.requests = requests;
    this.answers = answers;
    this.results = results;
    this.deadLetters = deadLetters;
    this.codec = probeCodec(prefix);
    this.kafka = new Kafka({ clientId: 'test', brokers, logLevel: logLevel.NOTHING });
    const keep = (fields: object, message: string) => this.logged.push({ ...fields, message });
    this.logger = { info: keep, warn: keep, error: keep };
  }

  static async open(name: string): Promise<ProbeFixture> {
    const brokers = brokersFromEnvironment();
    const prefix = `probe-${name}-${String(process.pid)}-${String(Date.now())}`;
    const broker = await connectBroker({ brokers, clientId: prefix });
    const fixture = new ProbeFixture(prefix, broker, brokers);
    const admin = fixture.kafka.admin();
    await admin.connect();
    const { app, deadLetters } = fixture;
    await provisionTopics(admin, [...app.inputs, ...app.outputs, app.changelog, deadLetters], {
      partitions: PARTITIONS,
      replicationFactor: 1,
    }).finally(() => admin.disconnect());
    fixture.opened.push(() => broker.close());
    return fixture;
  }

  /** Writes committed events, as another process would. */
  async write<T extends Topic>(topic: T, ...events: EventOn<T>[]): Promise<void> {
    const producer = this.kafka.producer();
    await producer.connect();
    await producer.send({ topic: topic.name, messages: this.messages(topic, events) });
    await producer.disconnect();
  }

  messages<T extends Topic>(topic: T, events: readonly EventOn<T>[]) {
    return events.map((event) => {
      const key = topic.key(event);
      const partition = partitionFor(key, PARTITIONS);
      return { key, partition, value: this.codec.encode(topic.name, event) };
    });
  }

  /** All committed events of a topic, over its partitions; what was read before is not read again. */
  async read<T extends Topic>(topic: T): Promise<EventOn<T>[]> {
    const known = this.known.get(topic.name) ?? { events: [], offsets: [0, 0] };
    this.known.set(topic.name, known);
    const places = [0, 1].map((partition) => ({ topic: topic.name, partition }));
    const ends = await this.broker.highWatermarks(places);
    const endOf = (partition: number) => ends.get(`${topic.name}-${String(partition)}`) ?? 0;
    const reader = this.broker.openReader();
    try {
      const open = new Set<number>();
      for (const place of places) {
        const offset = known.offsets[place.partition] ?? 0;
        if (endOf(place.partition) <= offset) continue;
        open.add(place.partition);
        reader.assign(place, offset);
      }
      while (open.size > 0) {
        for (const { partition, records, nextOffset, lastStableOffset } of await reader.poll(200)) {
          for (const { value } of records) known.events.push(this.decode(value));
          known.offsets[partition] = nextOffset;
          if (nextOffset >= Math.min(endOf(partition), lastStableOffset)) {
            open.delete(partition);
            reader.unassign({ topic: topic.name, partition });
          }
        }
      }
    } finally {
      await reader.close();
    }
    return [...known.events] as EventOn<T>[];
  }

  async startWorker(
    instance: string,
    wrap: (stores: StoreFolder) => Stores = (stores) => stores,
    own: Partial<WorkerOptions> = {},
  ) {
    const stores = await StoreFolder.open(this.data, this.prefix, instance, this.logger);
    const worker = await Worker.start({
      app: this.app,
      broker: this.broker,
      codec: this.codec,
      clock: systemClock,
      logger: this.logger,
      stores: wrap(stores),
      memberIdFile: stores.memberIdFile,
      deadLetters: this.deadLetters,
      ...own,
    });
    const stop = async () => {
      await worker.stop();
      await stores.close();
    };
    this.opened.push(stop);
    await eventually('the worker runs', () => {
      const { state, tasks } = worker.health();
      return (
        state === 'running' && tasks.length > 0 && tasks.every((task) => task.state === 'running')
      );
    });
    return { worker, stop };
  }

  async close(): Promise<void> {
    for (const close of this.opened.reverse()) await close();
    rmSync(this.data, { recursive: true, force: true });
  }

  private decode(value: Buffer | null): AnyEvent {
    const decoded = this.codec.decode(value);
    if (decoded.kind !== 'event') throw new Error(`${decoded.kind} on a topic of the test`);
    return decoded.event;
  }
}
