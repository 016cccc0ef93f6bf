import { differenceOf, recordsDue } from '../../../proof/edges/room-sequence';
import type { LogRecord } from '../../../streams/runtime/broker';
import { alertsRaised } from '../../../topics/alerts';
import { ordersEvents } from '../../../topics/orders';

function record(topic: string, key: string, offset: number): LogRecord {
  const bytes = Buffer.from(key);
  return { topic, partition: 0, offset, timestamp: 0, key: bytes, value: bytes, headers: {} };
}

const LOG = [
  record(ordersEvents.name, 'a', 0),
  record(ordersEvents.name, 'b', 1),
  record(ordersEvents.name, 'a', 2),
  record(alertsRaised.name, 'a', 0),
];
const from = (topic: string, nextOffset: number) => ({ topic, partition: 0, nextOffset });

test('a room is due what stands on its topics from its first snapshot on', () => {
  const begun = [from(ordersEvents.name, 1), from(alertsRaised.name, 0)];
  expect(recordsDue(LOG, 'order:a', begun)).toEqual([`${ordersEvents.name}-0@2`]);
  expect(recordsDue(LOG, 'ops', begun)).toEqual([`${alertsRaised.name}-0@0`]);
});

test.each([
  ['nothing else', ['x-0@1', 'x-0@2', 'y-0@1'], undefined],
  ['topics in another order', ['y-0@1', 'x-0@1', 'x-0@2'], undefined],
  ['a gap', ['x-0@2', 'y-0@1'], 'x-0@1 was due, x-0@2 came'],
  ['the end missing', ['x-0@1', 'y-0@1'], 'x-0@2 was due, nothing came'],
  ['one twice', ['x-0@1', 'x-0@1', 'x-0@2', 'y-0@1'], 'x-0@2 was due, x-0@1 came'],
  ['one too many', ['x-0@1', 'x-0@2', 'x-0@3', 'y-0@1'], 'x-0@3 came, nothing was due'],
  ['another order', ['x-0@2', 'x-0@1', 'y-0@1'], 'x-0@1 was due, x-0@2 came'],
])('what was given is told from what was due: %s', (_what, given, difference) => {
  expect(differenceOf(['x-0@1', 'x-0@2', 'y-0@1'], given)).toBe(difference);
});
