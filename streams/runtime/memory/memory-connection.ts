/**
 * The port `Broker` on the cluster in memory: what one process has of it. Closing it without
 * leaving its groups is what the cluster sees of a kill.
 */
import type {
  Broker,
  CommittedOffset,
  GroupOptions,
  Isolation,
  Membership,
  RecordReader,
  TopicPartition,
  TransactionalProducer,
} from '../broker';
import { partitionName } from '../broker';
import type { Clock } from '../../../platform/clock';
import { backoffMs } from '../kafka/retry';
import { KAFKA_LIMITS } from '../limits';
import { directLink, type Link, type RequestName } from './link';
import type { MemoryCluster } from './memory-cluster';
import { joinMemoryGroup } from './memory-membership';
import { openMemoryProducer, unreachable } from './memory-producer';
import { MemoryReader } from './memory-reader';

export interface ConnectionOptions {
  readonly cluster: MemoryCluster;
  /** The process's own clock. */
  readonly clock: Clock;
  readonly link?: Link;
  /** See `ReaderOptions`; absent: true. */
  readonly pollsWait?: boolean;
  readonly heartbeatIntervalMs?: number;
  /** Records of one partition in one fetch; absent: all there are. */
  readonly recordsPerFetchMax?: () => number;
}

export class MemoryConnection implements Broker {
  private readonly closed = new AbortController();

  constructor(private readonly options: ConnectionOptions) {}

  clusterId(): Promise<string> {
    return this.ask('metadata', ({ clusterId }) => clusterId);
  }

  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.ask(
      'metadata',
      (cluster) => new Map(topics.map((topic) => [topic, cluster.partitionCount(topic)])),
    );
  }

  openProducer(transactionalId: string): Promise<TransactionalProducer> {
    return openMemoryProducer({ ...this.options, link: this.link }, transactionalId);
  }

  openTransactions(prefix: string): Promise<readonly string[]> {
    return this.ask('list-transactions', ({ transactions }) =>
      transactions.openIds.filter((id) => id.startsWith(prefix)),
    );
  }

  groupMembers(group: string): Promise<readonly string[]> {
    return this.ask('describe-group', (cluster) => cluster.group(group).memberIds);
  }

  async committedOffsets(
    group: string,
    partitions: readonly TopicPartition[],
  ): Promise<ReadonlyMap<string, CommittedOffset>> {
    for (let tries = 0; ; tries += 1) {
      const offsets = await this.ask('fetch-offsets', (cluster) =>
        cluster.transactions.isMoving(group, partitions)
          ? undefined
          : cluster.committedOffsets(group, partitions),
      );
      if (offsets !== undefined) return offsets;
      await this.options.clock.sleep(backoffMs(tries));
    }
  }

  highWatermarks(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, number>> {
    return this.ask('list-offsets', (cluster) =>
      byName(partitions, (at) => cluster.log(at).highWatermark),
    );
  }

  logEnds(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, number>> {
    return this.ask('list-offsets', (cluster) => byName(partitions, (at) => cluster.log(at).end));
  }

  lastStableOffsets(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, number>> {
    return this.ask('list-offsets', (cluster) =>
      byName(partitions, (at) => cluster.log(at).lastStableOffset),
    );
  }

  logStarts(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, number>> {
    return this.ask('list-offsets', (cluster) => byName(partitions, (at) => cluster.log(at).start));
  }

  openReader(isolation: Isolation = 'read_committed'): RecordReader {
    const { cluster, clock, pollsWait = true, recordsPerFetchMax } = this.options;
    const recordsMax = recordsPerFetchMax ?? (() => Infinity);
    const { link } = this;
    return new MemoryReader({ cluster, clock, link, waits: pollsWait, recordsMax, isolation });
  }

  join(group: GroupOptions): Promise<Membership> {
    const { cluster, clock, heartbeatIntervalMs } = this.options;
    const deps = {
      cluster,
      clock,
      link: this.link,
      heartbeatIntervalMs: heartbeatIntervalMs ?? KAFKA_LIMITS.heartbeatIntervalMaxMs,
      closed: this.closed.signal,
    };
    return joinMemoryGroup(deps, group);
  }

  close(): Promise<void> {
    this.closed.abort();
    return Promise.resolve();
  }

  private get link(): Link {
    return this.options.link ?? directLink;
  }

  /** Rejects with BROKER_UNREACHABLE when no answer came. */
  private async ask<T>(request: RequestName, serve: (cluster: MemoryCluster) => T): Promise<T> {
    const { cluster } = this.options;
    try {
      return await this.link.ask(request, () => {
        cluster.expire();
        return serve(cluster);
      });
    } catch (error) {
      throw unreachable(error, request);
    }
  }
}

function byName(
  partitions: readonly TopicPartition[],
  offsetOf: (place: TopicPartition) => number,
): ReadonlyMap<string, number> {
  return new Map(partitions.map((place) => [partitionName(place), offsetOf(place)]));
}
