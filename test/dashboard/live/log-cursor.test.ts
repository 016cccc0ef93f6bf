import { LogCursor } from '../../../dashboard/live/log-cursor';

const topic = 'orders.events.v1';

describe('LogCursor', () => {
  test('drops what the snapshot already held', () => {
    const cursor = new LogCursor([{ topic, partition: 0, nextOffset: 5 }]);
    expect(cursor.take({ topic, partition: 0, offset: 4 })).toBe(false);
    expect(cursor.take({ topic, partition: 0, offset: 5 })).toBe(true);
  });

  test('takes each record once, over gaps as transactions leave them', () => {
    const cursor = new LogCursor([]);
    const taken = [0, 2, 2, 0, 3].map((offset) => cursor.take({ topic, partition: 0, offset }));
    expect(taken).toEqual([true, true, false, false, true]);
  });

  test('counts each partition of each topic by itself', () => {
    const cursor = new LogCursor([{ topic, partition: 0, nextOffset: 9 }]);
    expect(cursor.take({ topic, partition: 1, offset: 0 })).toBe(true);
    expect(cursor.take({ topic: 'payments.events.v1', partition: 0, offset: 0 })).toBe(true);
  });
});
