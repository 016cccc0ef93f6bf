/**
 * What the benchmarks stand on: the real broker and registry of a stack of their own, the shop's
 * topics with a generated log on them, and the means to put a topic or a group back to nothing.
 */
import { Kafka, logLevel, type Admin } from 'kafkajs';
import type { Codec } from '../../platform/avro/codec';
import { subjectOf } from '../../platform/avro/codec';
import { createTopics } from '../../platform/topic-creation';
import { recordType } from '../../schemas/avro-types';
import type { Stack } from '../../local/stack/stack';
import type { Broker, TopicPartition } from '../../streams/runtime/broker';
import { readStretches, stretchesBetween } from '../../streams/runtime/log-stretches';
import { connectBroker } from '../../streams/runtime/kafka/kafka-broker';
import { bringUpTopics } from '../../topics/bring-up';
import { allTopics } from '../../topics/catalogue';
import type { Topic } from '../../topics/topic';
import { waitUntil } from '../../local/services/readiness';
import { usageOf, type Usage } from './usage';

export const PARTITIONS = 6;
/** A topic is gone within milliseconds; a group, once its last member has left. */
const GONE_WITHIN_MS = 30_000;

export class BenchGround {
  private constructor(
    readonly stack: Stack,
    readonly brokers: string,
    readonly registryUrl: string,
    readonly broker: Broker,
    readonly codec: Codec,
    private readonly admin: Admin,
    private readonly brokerPids: readonly number[],
  ) {}

  static async open(stack: Stack): Promise<BenchGround> {
    const read = (name: string) => stack.environment[name] ?? '';
    const brokers = read('KAFKA_BROKERS');
    const registryUrl = read('SCHEMA_REGISTRY_URL');
    const list = brokers.split(',');
    const codec = await provision(list, registryUrl);
    const admin = new Kafka({
      brokers: list,
      clientId: 'bench',
      logLevel: logLevel.NOTHING,
    }).admin();
    await admin.connect();
    const broker = await connectBroker({ brokers: list, clientId: 'bench' });
    const kafka = stack.services.find(({ name }) => name === 'kafka')?.origin;
    const pids = kafka?.kind === 'local' ? kafka.processes.map(({ pid }) => pid) : [];
    const known = pids.filter((pid) => pid !== undefined);
    return new BenchGround(stack, brokers, registryUrl, broker, codec, admin, known);
  }

  async close(): Promise<void> {
    await this.broker.close();
    await this.admin.disconnect();
  }

  /** Of the broker's processes; nothing where it was started elsewhere. */
  brokerUsage(): Usage {
    const all = this.brokerPids.map(usageOf);
    return {
      cpuSeconds: all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
      peakBytes: all.reduce((sum, { peakBytes }) => sum + peakBytes, 0),
    };
  }

  /** With the settings of the shop's own. */
  async makeTopics(names: readonly string[]): Promise<void> {
    const configEntries = [
      { name: 'message.timestamp.type', value: 'LogAppendTime' },
      { name: 'cleanup.policy', value: 'delete' },
    ];
    await createTopics(
      this.admin,
      names.map((topic) => ({ topic, numPartitions: PARTITIONS, configEntries })),
    );
  }

  async dropTopics(isDropped: (name: string) => boolean): Promise<void> {
    const names = (await this.admin.listTopics()).filter(isDropped);
    if (names.length > 0) await this.admin.deleteTopics({ topics: names });
    await gone('topics', async () => !(await this.admin.listTopics()).some(isDropped));
  }

  /** Once its last member is gone. */
  async dropGroup(group: string): Promise<void> {
    await gone(`group ${group}`, async () => {
      const { groups } = await this.admin.listGroups();
      if (!groups.some(({ groupId }) => groupId === group)) return true;
      await this.admin.deleteGroups([group]);
      return false;
    });
  }

  /** Makes the shop's topics that are missing. */
  async remakeTopics(): Promise<void> {
    await provision(this.brokers.split(','), this.registryUrl);
  }

  async ends(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.broker.lastStableOffsets(topics.flatMap(placesOf));
  }

  /** Records that the group has handled of the topics. */
  async handled(group: string, topics: readonly string[]): Promise<number> {
    const committed = await this.broker.committedOffsets(group, topics.flatMap(placesOf));
    return [...committed.values()].reduce((sum, { offset }) => sum + offset, 0);
  }

  /** Ids that the registry gave, as `topic-full.Name=id,…`: for programs of another language. */
  async schemaIds(topics: readonly Topic[]): Promise<string> {
    const subjects = topics.flatMap(({ name, types }) =>
      types.map((type) => subjectOf(name, recordType(type))),
    );
    const ids = await Promise.all(subjects.map((subject) => this.schemaId(subject)));
    return subjects.map((subject, index) => `${subject}=${String(ids[index])}`).join(',');
  }

  private async schemaId(subject: string): Promise<number> {
    const url = `${this.registryUrl}/subjects/${encodeURIComponent(subject)}/versions/latest`;
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url}: HTTP ${String(response.status)}`);
    return ((await response.json()) as { id: number }).id;
  }
}

export function placesOf(topic: string): readonly TopicPartition[] {
  return Array.from({ length: PARTITIONS }, (_, partition) => ({ topic, partition }));
}

export function sumOf(offsets: ReadonlyMap<string, number>): number {
  return [...offsets.values()].reduce((sum, offset) => sum + offset, 0);
}

/** Every committed record of a topic as it stands now. */
export async function* recordsOf(broker: Broker, topic: string) {
  const places = placesOf(topic);
  const ends = await broker.lastStableOffsets(places);
  const stretches = stretchesBetween(places, new Map(), ends);
  for await (const { records } of readStretches(broker, stretches)) yield* records;
}

function provision(brokers: readonly string[], registryUrl: string): Promise<Codec> {
  return bringUpTopics({
    brokers,
    registryUrl,
    partitions: PARTITIONS,
    replicationFactor: 1,
    topics: allTopics,
  });
}

async function gone(what: string, isGone: () => Promise<boolean>): Promise<void> {
  const wait = await waitUntil(isGone, {
    withinMs: GONE_WITHIN_MS,
    abandon: new AbortController().signal,
  });
  if (wait.kind !== 'held') throw new Error(`${what} never went away`);
}
