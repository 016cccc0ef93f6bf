import { KEEP, defineTopic } from '../../../../topics/topic';
import type { FetchedPartition } from '../../../../streams/runtime/broker';
import { InputQueue } from '../../../../streams/runtime/task/input-queue';

const topic = defineTopic({
  name: 'input',
  types: ['FundsHeld'],
  key: ({ orderId }) => orderId,
  cleanup: KEEP,
});
const SLACK_MS = 100;

function fetched(offsets: readonly number[], nextOffset: number, timestamp = 0): FetchedPartition {
  return {
    topic: 'input',
    partition: 0,
    records: offsets.map((offset) => ({
      topic: 'input',
      partition: 0,
      offset,
      timestamp,
      key: null,
      value: null,
      headers: {},
    })),
    nextOffset,
    highWatermark: nextOffset,
    lastStableOffset: nextOffset,
  };
}

describe('position', () => {
  test('is the first record that is not handled, then the end of what was read', () => {
    const queue = new InputQueue(topic, 0, 3);
    expect(queue.position).toBe(3);
    queue.offer(fetched([4, 6], 8));
    expect(queue.position).toBe(4);
    queue.shift();
    expect(queue.position).toBe(6);
    queue.shift();
    // 7 is the control record of the transaction: the commit moves past it.
    expect(queue.position).toBe(8);
  });

  test('a record that was read before is refused', () => {
    const queue = new InputQueue(topic, 0, 0);
    queue.offer(fetched([0, 1], 2));
    expect(() => queue.offer(fetched([1], 3))).toThrow('OFFSET_JUMPED');
  });
});

describe('T1: whether a partition can still bring something from before a due time', () => {
  test('not when its next record is at or past it', () => {
    const queue = new InputQueue(topic, 0, 0);
    queue.offer(fetched([0], 1, 500));
    expect(queue.passed(500, SLACK_MS)).toBe(true);
    expect(queue.passed(501, SLACK_MS)).toBe(false);
  });

  test('not when it was read up to an end that was seen late enough', () => {
    const queue = new InputQueue(topic, 0, 10);
    expect(queue.passed(500, SLACK_MS)).toBe(false);
    queue.sawEnd({ logEnd: 10, readAt: 599 });
    expect(queue.passed(500, SLACK_MS)).toBe(false);
    queue.sawEnd({ logEnd: 10, readAt: 600 });
    expect(queue.passed(500, SLACK_MS)).toBe(true);
  });

  test('it can while an open transaction holds records below that end', () => {
    const queue = new InputQueue(topic, 0, 10);
    queue.sawEnd({ logEnd: 12, readAt: 10_000 });
    expect(queue.passed(500, SLACK_MS)).toBe(false);
    queue.offer(fetched([], 12));
    expect(queue.passed(500, SLACK_MS)).toBe(true);
  });
});
