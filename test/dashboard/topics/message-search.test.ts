import {
  latestOfEachKey,
  newestFirst,
  queryOf,
  requestOf,
  searchOf,
} from '../../../dashboard/topics/message-search';
import type { TopicMessage } from '../../../edge/contract/api-types';

function message(key: string | null, offset: number, partition = 0): TopicMessage {
  return {
    ...{ topic: 'orders.events.v1', partition, offset, loggedAt: offset, key, headers: {} },
    ...{ schemaId: 1, valueBytes: 10, type: 'OrderPaid', payload: {}, problem: null },
    outcome: 'COMMITTED',
  };
}

test.each([
  {},
  { partition: '3', from: 'offset', offset: '42' },
  { from: 'time', at: '1700000000000', key: 'order-1' },
  { isolation: 'read_uncommitted' },
])('a search is read as it was written: %j', (query) => {
  expect(queryOf(searchOf(query))).toEqual(query);
});

test('what makes no sense in the address is left out', () => {
  expect(searchOf({ partition: '-1', from: 'never', offset: 'x', key: ['a'] })).toEqual(
    searchOf({}),
  );
});

test('the edge is asked for each partition by itself', () => {
  expect(requestOf(searchOf({ from: 'offset', offset: '7', key: 'k' }), 2)).toEqual({
    ...{ partition: '2', offset: '7', key: 'k' },
  });
});

test('what is not committed is read only when it is asked for', () => {
  expect(requestOf(searchOf({}), 0)).toEqual({ partition: '0' });
  expect(requestOf(searchOf({ isolation: 'read_uncommitted' }), 0)).toEqual({
    ...{ partition: '0', isolation: 'read_uncommitted' },
  });
});

test('of each key the last message counts, and one without a key stands for itself', () => {
  const all = [
    message('a', 1),
    message('b', 2),
    message('a', 3),
    message(null, 4),
    message(null, 5),
  ];
  const offsets = latestOfEachKey(newestFirst(all)).map(({ offset }) => offset);
  expect(offsets).toEqual([5, 4, 3, 2]);
});
