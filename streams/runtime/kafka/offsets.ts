/**
 * Asks where partitions begin and end, and where groups stand in them. What always holds: an answer
 * covers every partition asked for, or the whole call rejects; nothing here changes anything, so
 * every request is retried until it is answered.
 */
import type { CommittedOffset, TopicPartition } from '../broker';
import { partitionName } from '../broker';
import { RuntimeError } from '../errors';
import { KAFKA_LIMITS } from '../limits';
import type { Cluster } from './cluster';
import { KafkaError, throwIfFailed } from './protocol/error-codes';
import { LIST_OFFSETS, OFFSET_FETCH, type LogEdge } from './protocol/offset-apis';
import { retryTransient } from './retry';

/**
 * The group's committed offsets. They are stable: with a transaction of a fenced producer still
 * being ended, the answer waits for it. E2 has fenced before asking, so that it cannot move after.
 */
export async function fetchCommittedOffsets(
  cluster: Cluster,
  group: string,
  partitions: readonly TopicPartition[],
): Promise<ReadonlyMap<string, CommittedOffset>> {
  if (partitions.length === 0) return new Map();
  const what = `Offsets of group ${group}`;
  const answer = await retryTransient({ clock: cluster.clock, what }, async () => {
    const coordinator = await cluster.findCoordinator('group', group);
    return cluster.askNode(coordinator, OFFSET_FETCH, { group, partitions });
  });
  return new Map(
    answer
      .filter(({ offset }) => offset >= 0)
      .map((one) => [partitionName(one), { offset: one.offset, metadata: one.metadata }]),
  );
}

/**
 * First offsets (`start`), high watermarks (`end`, open transactions included), log end
 * offsets (`written`: T1), or last stable offsets (`stable`).
 */
export async function listOffsets(
  cluster: Cluster,
  edge: LogEdge,
  partitions: readonly TopicPartition[],
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  await topicRetry(cluster, `Offsets at the ${edge}`, async () => {
    const missing = partitions.filter((partition) => !found.has(partitionName(partition)));
    for (const [nodeId, led] of await groupByLeader(cluster, missing)) {
      try {
        for (const answer of await cluster.askNode(nodeId, LIST_OFFSETS, {
          edge,
          partitions: led,
        })) {
          throwIfFailed(answer.errorCode, `ListOffsets of ${partitionName(answer)}`);
          found.set(partitionName(answer), answer.offset);
        }
      } catch (error) {
        // A broker that is gone or leads no longer: its partitions are looked up again.
        for (const { topic } of led) cluster.forgetLeaders(topic);
        throw error;
      }
    }
  });
  return found;
}

/** Partition counts; a topic that stays unknown rejects with `UNKNOWN_TOPIC`. */
export async function fetchPartitionCounts(
  cluster: Cluster,
  topics: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  return topicRetry(cluster, 'Partition counts', async () => {
    const metadata = await cluster.refresh(topics);
    for (const { topic, errorCode } of metadata.topics) {
      throwIfFailed(errorCode, `Topic ${topic}`);
    }
    return new Map(metadata.topics.map(({ topic, partitions }) => [topic, partitions.length]));
  });
}

export async function fetchClusterId(cluster: Cluster): Promise<string> {
  const what = 'Cluster id';
  const { clusterId } = await retryTransient({ clock: cluster.clock, what }, () =>
    cluster.refresh([]),
  );
  if (clusterId === null) throw new RuntimeError('PROTOCOL', 'The cluster has no id');
  return clusterId;
}

async function groupByLeader(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
): Promise<ReadonlyMap<number, TopicPartition[]>> {
  const byLeader = new Map<number, TopicPartition[]>();
  for (const partition of partitions) {
    const { leader } = await cluster.findLeader(partition);
    const led = byLeader.get(leader);
    if (led === undefined) byLeader.set(leader, [partition]);
    else led.push(partition);
  }
  return byLeader;
}

/**
 * A topic that was created a moment ago is unknown to some brokers for a while, and so is one that
 * does not exist: after the grace it is the latter.
 */
async function topicRetry<T>(
  cluster: Cluster,
  what: string,
  attempt: () => Promise<T>,
): Promise<T> {
  const { clock } = cluster;
  const unknownUntil = clock.now() + KAFKA_LIMITS.unknownTopicGraceMs;
  return retryTransient({ clock, what }, async () => {
    try {
      return await attempt();
    } catch (error) {
      const unknown = error instanceof KafkaError && error.kind === 'UNKNOWN_TOPIC_OR_PARTITION';
      if (!unknown || clock.now() < unknownUntil) throw error;
      throw new RuntimeError('UNKNOWN_TOPIC', error.message, { cause: error });
    }
  });
}
