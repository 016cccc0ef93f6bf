/**
 * The port `Broker` on a real cluster. Owns the knowledge of the cluster that readers, producers
 * and memberships share; each of those owns its own sockets, so that none waits behind another.
 */
import type { Broker } from '../broker';
import { systemClock, type Clock } from '../../../platform/clock';
import { Cluster, type ClusterOptions } from './cluster';
import {
  fetchClusterId,
  fetchCommittedOffsets,
  fetchPartitionCounts,
  listOffsets,
} from './offsets';
import { joinGroup } from './group-membership';
import { fetchGroupMembers, fetchOpenTransactions } from './who-commits';
import { openRecordReader } from './record-reader';
import { openTransactionalProducer } from './transactional-producer';

export interface BrokerOptions extends Omit<ClusterOptions, 'clock'> {
  readonly clock?: Clock;
}

/** Rejects with `BROKER_UNREACHABLE` when no broker answers. */
export async function connectBroker(options: BrokerOptions): Promise<Broker> {
  const cluster = new Cluster({ clock: systemClock, ...options });
  try {
    const clusterId = await fetchClusterId(cluster);
    return kafkaBroker(cluster, clusterId);
  } catch (error) {
    cluster.close();
    throw error;
  }
}

function kafkaBroker(cluster: Cluster, clusterId: string): Broker {
  return {
    clusterId: () => Promise.resolve(clusterId),
    partitionCounts: (topics) => fetchPartitionCounts(cluster, topics),
    openProducer: (transactionalId) => openTransactionalProducer(cluster, transactionalId),
    openTransactions: (prefix) => fetchOpenTransactions(cluster, prefix),
    groupMembers: (group) => fetchGroupMembers(cluster, group),
    committedOffsets: (group, partitions) => fetchCommittedOffsets(cluster, group, partitions),
    highWatermarks: (partitions) => listOffsets(cluster, 'end', partitions),
    logEnds: (partitions) => listOffsets(cluster, 'written', partitions),
    lastStableOffsets: (partitions) => listOffsets(cluster, 'stable', partitions),
    logStarts: (partitions) => listOffsets(cluster, 'start', partitions),
    openReader: (isolation) => openRecordReader(cluster, isolation),
    join: (options) => joinGroup(cluster, options),
    close: () => {
      cluster.close();
      return Promise.resolve();
    },
  };
}
