import type { FetchedPartition } from '../../../streams/runtime/broker';
import { batchesOf, singlesOf } from '../../../streams/views/batch';

function fetched(partition: number, offsets: readonly number[], nextOffset: number) {
  return {
    topic: 't',
    partition,
    records: offsets.map((offset) => ({
      topic: 't',
      partition,
      offset,
      timestamp: 0,
      key: null,
      value: null,
      headers: {},
    })),
    nextOffset,
    highWatermark: nextOffset,
    lastStableOffset: nextOffset,
  } satisfies FetchedPartition;
}

function cut(partitions: readonly FetchedPartition[], recordsMax: number) {
  return batchesOf(partitions, recordsMax, () => 0).map((batch) =>
    batch.map(({ partition, from, next, records }) => ({
      partition,
      from,
      next,
      offsets: records.map(({ offset }) => offset),
    })),
  );
}

describe('a fetch', () => {
  it('becomes one batch that ends where the next fetch begins, past control records', () => {
    expect(cut([fetched(0, [0, 1, 4], 6), fetched(1, [0], 2)], 10)).toEqual([
      [
        { partition: 0, from: 0, next: 6, offsets: [0, 1, 4] },
        { partition: 1, from: 0, next: 2, offsets: [0] },
      ],
    ]);
  });

  it('is cut without a gap when it has more records than a batch may', () => {
    expect(cut([fetched(0, [0, 1, 4], 6), fetched(1, [0, 1], 2)], 2)).toEqual([
      [{ partition: 0, from: 0, next: 4, offsets: [0, 1] }],
      [
        { partition: 0, from: 4, next: 6, offsets: [4] },
        { partition: 1, from: 0, next: 1, offsets: [0] },
      ],
      [{ partition: 1, from: 1, next: 2, offsets: [1] }],
    ]);
  });

  it('is cut to single records, which move on to where the batch does', () => {
    const [batch = []] = batchesOf([fetched(0, [0, 4], 6), fetched(1, [2], 3)], 10, () => 0);
    expect(singlesOf(batch).flat()).toMatchObject([
      { partition: 0, from: 0, next: 4, records: [{ offset: 0 }] },
      { partition: 0, from: 4, next: 6, records: [{ offset: 4 }] },
      { partition: 1, from: 0, next: 3, records: [{ offset: 2 }] },
    ]);
  });

  it('is no batch when it brought control records alone', () => {
    expect(cut([fetched(0, [], 9)], 2)).toEqual([]);
  });
});
