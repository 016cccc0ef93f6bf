/** A port with something laid over it: how the simulation, and its mutations, change a broker. */
import type { Broker } from '../../streams/runtime/broker';

/** The same broker with some methods replaced. */
export function overlaid(broker: Broker, own: Partial<Broker>): Broker {
  return {
    clusterId: () => broker.clusterId(),
    partitionCounts: (topics) => broker.partitionCounts(topics),
    openProducer: (transactionalId) => broker.openProducer(transactionalId),
    openTransactions: (prefix) => broker.openTransactions(prefix),
    groupMembers: (group) => broker.groupMembers(group),
    committedOffsets: (group, partitions) => broker.committedOffsets(group, partitions),
    highWatermarks: (partitions) => broker.highWatermarks(partitions),
    logEnds: (partitions) => broker.logEnds(partitions),
    lastStableOffsets: (partitions) => broker.lastStableOffsets(partitions),
    logStarts: (partitions) => broker.logStarts(partitions),
    openReader: () => broker.openReader(),
    join: (options) => broker.join(options),
    close: () => broker.close(),
    ...own,
  };
}
