/**
 * Makes the topics that are missing and refuses to go on with ones that differ: the partition
 * count decides where a key lives, and log-append time is what rules and timers measure (T1), so
 * neither may be adjusted behind the back of a running app.
 */
import { ConfigResourceTypes, type Admin, type ITopicConfig } from 'kafkajs';
import type { Changelog } from './changelog';
import type { Topic, TopicCleanup } from './topic';
import { createTopics } from './topic-creation';

export interface ProvisioningOptions {
  readonly partitions: number;
  readonly replicationFactor: number;
}

/** A topic stands on the broker in a way that the apps cannot work with. */
export class TopicMismatchError extends Error {
  override readonly name = 'TopicMismatchError';
}

/** Idempotent. Rejects with TopicMismatchError before anything is made. */
export async function provisionTopics(
  admin: Admin,
  topics: readonly (Topic | Changelog)[],
  options: ProvisioningOptions,
): Promise<{ readonly created: readonly string[] }> {
  const present = new Set(await admin.listTopics());
  const existing = topics.filter(({ name }) => present.has(name));
  const missing = topics.filter(({ name }) => !present.has(name));
  await refuseMismatches(admin, existing, options);
  if (missing.length > 0) {
    await createTopics(
      admin,
      missing.map((topic) => topicConfig(topic, options)),
    );
  }
  return { created: missing.map(({ name }) => name) };
}

function topicConfig(topic: Topic | Changelog, options: ProvisioningOptions): ITopicConfig {
  return {
    topic: topic.name,
    numPartitions: options.partitions,
    replicationFactor: options.replicationFactor,
    configEntries: Object.entries({
      'message.timestamp.type': 'LogAppendTime',
      'min.insync.replicas': String(Math.max(1, options.replicationFactor - 1)),
      ...cleanupConfig(topic.cleanup),
    }).map(([name, value]) => ({ name, value })),
  };
}

function cleanupConfig(cleanup: TopicCleanup): Record<string, string> {
  switch (cleanup.kind) {
    case 'keep':
      return { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' };
    case 'compact':
      return {
        'cleanup.policy': 'compact',
        'delete.retention.ms': String(cleanup.deleteRetentionMs),
        ...(cleanup.minCompactionLagMs === undefined
          ? {}
          : { 'min.compaction.lag.ms': String(cleanup.minCompactionLagMs) }),
      };
  }
}

async function refuseMismatches(
  admin: Admin,
  topics: readonly (Topic | Changelog)[],
  { partitions }: ProvisioningOptions,
): Promise<void> {
  if (topics.length === 0) return;
  const names = topics.map(({ name }) => name);
  const [metadata, configs] = await Promise.all([
    admin.fetchTopicMetadata({ topics: names }),
    admin.describeConfigs({
      includeSynonyms: false,
      resources: names.map((name) => ({
        type: ConfigResourceTypes.TOPIC,
        name,
        configNames: ['message.timestamp.type', 'cleanup.policy'],
      })),
    }),
  ]);
  const configOf = (topic: string, config: string) =>
    configs.resources
      .find(({ resourceName }) => resourceName === topic)
      ?.configEntries.find(({ configName }) => configName === config)?.configValue;
  const mismatches = metadata.topics
    .filter((topic) => topic.partitions.length !== partitions)
    .map(
      (topic) =>
        `${topic.name} has ${String(topic.partitions.length)} partitions, not ${String(partitions)}`,
    );
  for (const { name, cleanup } of topics) {
    const timestamps = configOf(name, 'message.timestamp.type');
    if (timestamps !== 'LogAppendTime') {
      mismatches.push(
        `${name} has message.timestamp.type ${String(timestamps)}, not LogAppendTime`,
      );
    }
    const expected = cleanupConfig(cleanup)['cleanup.policy'];
    const policy = configOf(name, 'cleanup.policy');
    if (policy !== expected) {
      mismatches.push(`${name} has cleanup.policy ${String(policy)}, not ${String(expected)}`);
    }
  }
  if (mismatches.length > 0) throw new TopicMismatchError(mismatches.join('; '));
}
