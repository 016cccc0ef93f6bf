/** The port on the cluster in memory, held to the same contract as the one on Kafka. */
import type { NewRecord } from '../../../../streams/runtime/broker';
import { systemClock } from '../../../../platform/clock';
import { MemoryCluster } from '../../../../streams/runtime/memory/memory-cluster';
import { MemoryConnection } from '../../../../streams/runtime/memory/memory-connection';
import type { TransactionOutcome } from '../../../../streams/runtime/memory/transactions';
import { waitFor } from '../kafka/kafka-fixture';
import { describeBroker, type BrokerFixture } from '../broker-contract';

/** Often, so that a member hears of a rebalance at once. */
const HEARTBEAT_INTERVAL_MS = 10;

describeBroker('the cluster in memory', () => Promise.resolve(openMemoryFixture()));

function openMemoryFixture(): BrokerFixture {
  const cluster = new MemoryCluster({ clock: systemClock });
  const connect = () =>
    new MemoryConnection({
      cluster,
      clock: systemClock,
      heartbeatIntervalMs: HEARTBEAT_INTERVAL_MS,
    });
  let names = 0;
  const freshName = (what: string) => `${what}-${(names += 1)}`;
  const broker = connect();
  return {
    broker,
    connect: () => Promise.resolve(connect()),
    createTopic: (partitions) => {
      const topic = freshName('topic');
      cluster.createTopic(topic, partitions);
      return Promise.resolve(topic);
    },
    freshName,
    append: (records) => Promise.resolve(records.map((record) => cluster.append(record))),
    openTransaction: (records: readonly NewRecord[]) => {
      const { transactions } = cluster;
      const identity = transactions.init(freshName('left-open'));
      transactions.write(identity, records);
      const end = (outcome: TransactionOutcome) => {
        transactions.end(identity, outcome);
        return Promise.resolve();
      };
      return Promise.resolve({ commit: () => end('committed'), abort: () => end('aborted') });
    },
    deleteBefore: (partition, offset) => {
      cluster.log(partition).deleteBefore(offset);
      return Promise.resolve();
    },
    waitFor,
    close: () => broker.close(),
  };
}
