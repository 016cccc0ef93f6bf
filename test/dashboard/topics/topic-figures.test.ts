import {
  appLag,
  appRate,
  lagRows,
  partitionFigures,
  topicFigures,
  writtenPerSecond,
} from '../../../dashboard/topics/topic-figures';
import type { LogOffsets } from '../../../edge/contract/api-types';

const topic = 'orders.events.v1';

/** A topic of two partitions that end there, read by orders up to there. */
function look(at: number, ends: readonly number[], read: readonly number[]): LogOffsets {
  return {
    at,
    topics: [
      { name: topic, partitions: ends.map((end, partition) => ({ partition, start: 0, end })) },
    ],
    apps: [
      {
        app: 'orders',
        positions: read.map((offset, partition) => ({ topic, partition, offset })),
      },
      { app: 'views', positions: null },
    ],
  };
}

const before = look(1_000, [10, 20], [10, 10]);
const now = look(3_000, [30, 20], [20, 20]);

test('one look says how much there is and who is behind, two how fast it grows', () => {
  const [first] = topicFigures(now, undefined);
  expect(first).toMatchObject({ partitions: 2, records: 50, lags: [{ app: 'orders', lag: 10 }] });
  expect(first?.perSecond).toBeUndefined();
  expect(topicFigures(now, before)[0]?.perSecond).toBe(10);
  expect(writtenPerSecond(now, before, () => true)).toBe(10);
});

test('an app’s lag and rate are over all of its inputs', () => {
  expect(appLag('orders', now)).toBe(10);
  expect(appRate('orders', now, before)).toBe(10);
});

test('what is not known is not nought', () => {
  expect(appLag('views', now)).toBeUndefined();
  expect(appRate('views', now, before)).toBeUndefined();
});

test('each partition tells its own, and only those behind are listed', () => {
  expect(partitionFigures(now, topic)[1]).toMatchObject({ start: 0, end: 20, lags: [] });
  expect(lagRows(now)).toEqual([
    { app: 'orders', topic, partition: 0, offset: 20, end: 30, lag: 10 },
  ]);
});
