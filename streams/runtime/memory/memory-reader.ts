/**
 * A reader of the cluster in memory. Owns where it stands in each partition. What
 * always holds: a position moves only when what was fetched is delivered; what was fetched for a
 * position that was moved, removed or paused since is left out.
 */
import {
  partitionName,
  type FetchedPartition,
  type Isolation,
  type RecordReader,
  type TopicPartition,
} from '../broker';
import type { Clock } from '../../../platform/clock';
import { RuntimeError } from '../errors';
import { Signal } from '../signal';
import type { Link } from './link';
import type { MemoryCluster } from './memory-cluster';
import type { PartitionLog } from './partition-log';

export interface ReaderOptions {
  readonly cluster: MemoryCluster;
  readonly link: Link;
  readonly clock: Clock;
  /** False: a poll that finds nothing returns at once; for drivers that move time by hand. */
  readonly waits: boolean;
  /** Records of one partition in one fetch. */
  readonly recordsMax: () => number;
  readonly isolation: Isolation;
}

interface Position {
  readonly place: TopicPartition;
  readonly log: PartitionLog;
  offset: number;
}

interface Fetched {
  readonly position: Position;
  readonly partition: FetchedPartition;
}

export class MemoryReader implements RecordReader {
  private readonly positions = new Map<string, Position>();
  private readonly paused = new Set<string>();
  private readonly arrival = new Signal();
  private woken = false;

  constructor(private readonly options: ReaderOptions) {}

  assign({ topic, partition }: TopicPartition, offset: number): void {
    const place = { topic, partition };
    const log = this.options.cluster.log(place);
    this.positions.set(partitionName(place), { place, log, offset });
    log.watch(this.heardOfMore);
    this.arrival.notify();
  }

  unassign(place: TopicPartition): void {
    const name = partitionName(place);
    this.positions.get(name)?.log.unwatch(this.heardOfMore);
    this.positions.delete(name);
    this.paused.delete(name);
  }

  pause(place: TopicPartition): void {
    this.paused.add(partitionName(place));
  }

  resume(place: TopicPartition): void {
    this.paused.delete(partitionName(place));
    this.arrival.notify();
  }

  async poll(maxWaitMs: number): Promise<readonly FetchedPartition[]> {
    const { clock, link, waits } = this.options;
    const until = clock.now() + maxWaitMs;
    for (;;) {
      if (this.woken) {
        this.woken = false;
        return [];
      }
      if (this.hasMore()) {
        const delivered = this.deliver(await link.ask('fetch', () => this.fetch()));
        if (delivered.length > 0) return delivered;
        continue;
      }
      if (!waits || clock.now() >= until) return [];
      await this.arrival.wait(clock, until);
    }
  }

  wake(): void {
    // A poll that never waits has nothing to be woken from.
    this.woken = this.options.waits;
    this.arrival.notify();
  }

  close(): Promise<void> {
    for (const { place } of [...this.positions.values()]) this.unassign(place);
    return Promise.resolve();
  }

  private readonly heardOfMore = (): void => {
    this.options.link.tell(() => this.arrival.notify());
  };

  /** The broker holds a fetch back until there is something, or something is wrong. */
  private hasMore(): boolean {
    return this.readable().some(
      ({ log, offset }) => offset !== this.endOf(log) || offset > log.end,
    );
  }

  private fetch(): readonly Fetched[] {
    const { cluster, recordsMax, isolation } = this.options;
    cluster.expire();
    return this.readable().flatMap((position): Fetched[] => {
      const { place, log, offset } = position;
      if (offset < log.start || offset > log.end) {
        const range = `${log.start}..${log.end}`;
        throw new RuntimeError(
          'OFFSET_OUT_OF_RANGE',
          `${partitionName(place)} holds ${range}, not ${offset}`,
        );
      }
      if (offset >= this.endOf(log)) return [];
      const read = log.read(isolation, offset, recordsMax());
      const ends = { highWatermark: log.highWatermark, lastStableOffset: log.lastStableOffset };
      return [{ position, partition: { ...place, ...read, ...ends } }];
    });
  }

  private endOf(log: PartitionLog): number {
    return log.endFor(this.options.isolation);
  }

  private deliver(fetched: readonly Fetched[]): readonly FetchedPartition[] {
    return fetched.flatMap(({ position, partition }) => {
      const name = partitionName(partition);
      if (this.positions.get(name) !== position || this.paused.has(name)) return [];
      position.offset = partition.nextOffset;
      return [partition];
    });
  }

  private readable(): readonly Position[] {
    return [...this.positions]
      .filter(([name]) => !this.paused.has(name))
      .map(([, position]) => position);
  }
}
