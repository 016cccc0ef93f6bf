/**
 * Reads the partitions that this instance holds and writes them to Postgres, batch after batch.
 *
 *     hold() ──> unaligned ── positions read from Postgres ──> aligned ──┐
 *                    ^                                          │  ^     │ a batch was written
 *                    └── anything went wrong, or was stale ─────┘  └─────┘
 *
 * What always holds: a batch begins where Postgres stood when the reader was aligned and every
 * batch since was written by us. After any doubt (a lost connection, an unknown outcome, another
 * writer) the reader aligns anew, so nothing is skipped and nothing is written twice.
 */
import type { Codec } from '../../platform/avro/codec';
import type { Broker, FetchedPartition, RecordReader, TopicPartition } from '../runtime/broker';
import { partitionName } from '../runtime/broker';
import { RuntimeError } from '../runtime/errors';
import type { TaskHealth } from '../runtime/running-app';
import type { Clock } from '../../platform/clock';
import { Underway } from '../runtime/watch/underway';
import type { TaskView } from '../runtime/watch/watchdog';
import { batchesOf } from './batch';
import { BatchWriter, type WrittenEvent } from './batch-writer';
import type { HeldPartition } from './held-partition';
import { VIEW_LIMITS } from './limits';
import type { Projection } from './projection';
import type { StoredPosition, ViewDatabase } from './view-store';

export interface ViewReaderOptions {
  readonly broker: Broker;
  readonly codec: Codec;
  readonly store: ViewDatabase;
  readonly projections: readonly Projection[];
  /** Told when a compacted partition is dropped and read again, with the reason. */
  readonly onReread: (partition: TopicPartition, reason: string) => void;
  /** Told of each record that Postgres refused, which is a dead letter now. */
  readonly onRefused: (place: string, reason: string) => void;
  /** Told what was written, once it stands. */
  readonly onWritten?: (events: readonly WrittenEvent[]) => void;
  readonly clock: Clock;
}

export class ViewReader {
  private readonly reader: RecordReader;
  private readonly writer: BatchWriter;
  private readonly projections: ReadonlyMap<string, Projection>;
  private held: readonly TopicPartition[] = [];
  private aligned: ReadonlyMap<string, HeldPartition> | undefined;
  /** What was aligned last; tells the lag while it is in doubt where reading goes on. */
  private lastAligned: ReadonlyMap<string, HeldPartition> = new Map();
  private readonly underway: Underway;
  private doubted = false;

  constructor(private readonly options: ViewReaderOptions) {
    this.reader = options.broker.openReader();
    this.underway = new Underway(options.clock);
    this.projections = new Map(
      options.projections.map((projection) => [projection.topic.name, projection]),
    );
    this.writer = new BatchWriter({
      ...options,
      projectionOf: (topic) => this.projectionOf({ topic }),
    });
  }

  /** From now on these and no others. */
  hold(partitions: readonly TopicPartition[]): void {
    this.misalign();
    this.held = partitions;
  }

  /** What was read is in doubt: the next step asks Postgres where reading goes on. */
  doubt(): void {
    this.doubted = true;
  }

  /** Waits for records up to `pollWaitMs` and writes what came. Any rejection leaves it unaligned. */
  async step(): Promise<void> {
    if (this.doubted) this.misalign();
    this.doubted = false;
    try {
      const aligned = this.aligned ?? (await this.underway.note(() => this.align()));
      this.aligned = aligned;
      this.lastAligned = aligned;
      const fetched = await this.reader.poll(VIEW_LIMITS.pollWaitMs);
      await this.underway.note(() => this.write(fetched, aligned));
    } catch (error) {
      this.misalign();
      throw error;
    }
  }

  /** Asks how far the log has come meanwhile: for the lag of who does not read. */
  async lookAtEnds(): Promise<void> {
    const ends = await this.options.broker.highWatermarks(this.held);
    for (const [name, partition] of this.lastAligned) {
      partition.highWatermark = ends.get(name) ?? partition.highWatermark;
    }
  }

  /** Ends a wait for records. */
  wake(): void {
    this.reader.wake();
  }

  /** One entry per partition number, over all topics. */
  tasks(): readonly TaskHealth[] {
    const numbers = new Set(this.held.map(({ partition }) => partition));
    return [...numbers].sort((a, b) => a - b).map((partition) => this.healthOf(partition));
  }

  healthOf(partition: number): TaskHealth {
    const lagRecords = [...this.lastAligned.values()]
      .filter((held) => held.partition === partition)
      .reduce((sum, { highWatermark, read }) => sum + Math.max(0, highWatermark - read), 0);
    const { aligned } = this;
    const isRead = [...(aligned?.values() ?? [])].some((held) => held.partition === partition);
    return { partition, state: isRead ? 'running' : 'aligning', lagRecords };
  }

  close(): Promise<void> {
    return this.reader.close();
  }

  /** The inputs of one partition number as a watchdog sees them. */
  viewOf(inputs: readonly TopicPartition[]): TaskView {
    const { aligned } = this;
    const { since } = this.underway;
    if (since !== undefined) return { kind: 'busy', what: 'a batch', since };
    if (aligned === undefined) return { kind: 'resting' };
    const views = inputs.flatMap((place) => {
      const held = aligned.get(partitionName(place));
      // A batch is over before the next is read: what was read is handled.
      return held === undefined
        ? []
        : [{ place, readTo: held.read, handledTo: held.read, hungry: true }];
    });
    return { kind: 'reading', inputs: views };
  }

  private misalign(): void {
    for (const partition of this.held) this.reader.unassign(partition);
    this.aligned = undefined;
  }

  private async align(): Promise<ReadonlyMap<string, HeldPartition>> {
    const { broker, store } = this.options;
    // So that the lag is told while Postgres is away.
    await this.lookAtEnds();
    const starts = await broker.logStarts(this.held);
    const known = await store.positions(this.held);
    const fresh = this.held.filter((partition) => !known.has(partitionName(partition)));
    await store.begin(
      fresh.map((partition) => ({ ...partition, offset: offsetIn(starts, partition) })),
    );
    const positions = new Map([...known, ...(await store.positions(fresh))]);
    // After the positions, which another instance may be moving: an end from before could lie
    // behind them, and would look like a topic that was recreated.
    const ends = await broker.highWatermarks(this.held);
    const aligned = new Map<string, HeldPartition>();
    for (const partition of this.held) {
      const name = partitionName(partition);
      const highWatermark = offsetIn(ends, partition);
      const stored = positions.get(name);
      if (stored === undefined) throw new Error(`no position of ${name}`);
      const start = offsetIn(starts, partition);
      const next = await this.startingPoint(partition, stored, { start, highWatermark });
      this.reader.assign(partition, next);
      aligned.set(name, { ...partition, committed: next, read: next, highWatermark });
    }
    return aligned;
  }

  /**
   * Where Postgres says, unless tombstones may be gone that lie behind it: who was away for half of
   * the time that they are kept begins a compacted partition anew, or deleted rows stay for ever.
   */
  private async startingPoint(
    partition: TopicPartition,
    { next, committedMsAgo }: StoredPosition,
    log: { readonly start: number; readonly highWatermark: number },
  ): Promise<number> {
    if (next > log.highWatermark) {
      throw new RuntimeError(
        'OFFSET_JUMPED',
        `${partitionName(partition)} was read up to ${next} and ends at ${log.highWatermark}: the ` +
          'topic was recreated. Empty the database, and the read models rebuild themselves.',
      );
    }
    const { topic, deletion } = this.projectionOf(partition);
    if (topic.cleanup.kind !== 'compact' || deletion.kind !== 'row') return next;
    if (next === log.highWatermark || committedMsAgo <= topic.cleanup.deleteRetentionMs / 2) {
      return next;
    }
    const hoursAgo = Math.floor(committedMsAgo / 3_600_000);
    this.options.onReread(partition, `read last ${hoursAgo} h ago, tombstones may be gone`);
    const { store } = this.options;
    const move = { from: next, start: log.start };
    const outcome = await store.rereadPartition(partition, deletion.table, move);
    // Someone else reads it: the batch that follows will find that out as well.
    return outcome.kind === 'committed' ? log.start : next;
  }

  private async write(
    fetched: readonly FetchedPartition[],
    aligned: ReadonlyMap<string, HeldPartition>,
  ): Promise<void> {
    const ours = fetched.filter((partition) => aligned.has(partitionName(partition)));
    for (const partition of ours) {
      const held = heldIn(aligned, partition);
      held.read = partition.nextOffset;
      held.highWatermark = partition.highWatermark;
    }
    const batches = batchesOf(
      ours,
      VIEW_LIMITS.batchRecordsMax,
      (partition) => heldIn(aligned, partition).committed,
    );
    for (const batch of batches) {
      const outcome = await this.writer.write(batch);
      if (outcome.kind === 'stale') {
        this.misalign();
        return;
      }
      for (const slice of batch) heldIn(aligned, slice).committed = slice.next;
    }
  }

  private projectionOf({ topic }: { readonly topic: string }): Projection {
    const projection = this.projections.get(topic);
    if (projection === undefined) throw new Error(`${topic} was not asked for`);
    return projection;
  }
}

function offsetIn(offsets: ReadonlyMap<string, number>, partition: TopicPartition): number {
  const offset = offsets.get(partitionName(partition));
  if (offset === undefined) throw new Error(`no offset of ${partitionName(partition)}`);
  return offset;
}

function heldIn(
  aligned: ReadonlyMap<string, HeldPartition>,
  partition: TopicPartition,
): HeldPartition {
  const held = aligned.get(partitionName(partition));
  if (held === undefined) throw new Error(`${partitionName(partition)} is not assigned`);
  return held;
}
