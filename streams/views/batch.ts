/**
 * What is written in one Postgres transaction: records of some partitions, each a gapless stretch
 * of its log from where the views stand (`from`) to where they will stand (`next`).
 */
import type { FetchedPartition, LogRecord, TopicPartition } from '../runtime/broker';

export interface Slice extends TopicPartition {
  readonly from: number;
  readonly next: number;
  readonly records: readonly LogRecord[];
}

export type Batch = readonly Slice[];

/** The same records, one to a batch, in their order. */
export function singlesOf(batch: Batch): readonly Batch[] {
  return batch.flatMap(({ records, from: start, next: end, ...place }) =>
    records.map((record, index) => [
      {
        ...place,
        from: index === 0 ? start : record.offset,
        next: records[index + 1]?.offset ?? end,
        records: [record],
      },
    ]),
  );
}

/**
 * Cuts a fetch into batches of at most `recordsMax` records. `positionOf`: where the views stand in
 * the partition. Partitions without records are left out: passing control records alone is not worth
 * a write, and reading them again costs nothing.
 */
export function batchesOf(
  fetched: readonly FetchedPartition[],
  recordsMax: number,
  positionOf: (partition: TopicPartition) => number,
): readonly Batch[] {
  const batches: Slice[][] = [];
  let room = 0;
  for (const partition of fetched) {
    let from = positionOf(partition);
    let rest = partition.records;
    while (rest.length > 0) {
      if (room === 0) {
        batches.push([]);
        room = recordsMax;
      }
      const records = rest.slice(0, room);
      rest = rest.slice(room);
      room -= records.length;
      const next = rest[0]?.offset ?? partition.nextOffset;
      batches
        .at(-1)
        ?.push({ topic: partition.topic, partition: partition.partition, from, next, records });
      from = next;
    }
  }
  return batches;
}
