/**
 * Kafka in memory for drivers that move time by hand: one connection to a cluster of its own, where
 * every topic exists, nothing is delayed, and a poll that finds nothing returns at once.
 */
import type { LogRecord, NewRecord, TopicPartition } from './broker';
import type { Clock } from '../../platform/clock';
import { MemoryCluster } from './memory/memory-cluster';
import { MemoryConnection } from './memory/memory-connection';

export class MemoryBroker extends MemoryConnection {
  private readonly memory: MemoryCluster;

  constructor(clock: Clock, partitions = 1) {
    const cluster = new MemoryCluster({ clock, autoCreatePartitions: partitions });
    super({ cluster, clock, pollsWait: false });
    this.memory = cluster;
  }

  /** Appends one record outside of any transaction; gives its offset. */
  append(record: NewRecord): number {
    return this.memory.append(record);
  }

  /** All committed records of a partition, in order. */
  recordsOf(place: TopicPartition): readonly LogRecord[] {
    return this.memory.committedRecords(place);
  }
}
