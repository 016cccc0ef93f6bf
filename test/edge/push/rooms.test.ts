import type { LogRecord } from '../../../streams/runtime/broker';
import { partitionFor } from '../../../streams/runtime/kafka/partitioner';
import { orderTopics } from '../../../edge/order-topics';
import { destinationsOf, parseRoom, roomPositions } from '../../../edge/push/rooms';
import { ORDER_ID } from '../rows';

function record(topic: string): LogRecord {
  const key = Buffer.from(ORDER_ID);
  return { topic, partition: 0, offset: 0, timestamp: 0, key, value: null, headers: {} };
}

describe('rooms', () => {
  test.each([
    ['ops', { kind: 'ops', room: 'ops' }],
    [`order:${ORDER_ID}`, { kind: 'order', room: `order:${ORDER_ID}`, orderId: ORDER_ID }],
    ['order:1', undefined],
    [`order:${ORDER_ID}:ops`, undefined],
    ['session:x', undefined],
    [7, undefined],
    [{ toString: 'ops' }, undefined],
    [undefined, undefined],
  ])('%j is %j', (name, expected) => {
    expect(parseRoom(name)).toEqual(expected);
  });

  test('what the shop decided goes to the shopper and to operators', () => {
    expect(destinationsOf(record('orders.events.v1'))).toEqual([
      {
        room: `order:${ORDER_ID}`,
        channels: [`order:${ORDER_ID}:shopper`, `order:${ORDER_ID}:ops`],
      },
    ]);
  });

  test('PayPay’s raw words go to operators only', () => {
    expect(destinationsOf(record('payments.notifications.v1'))).toEqual([
      { room: `order:${ORDER_ID}`, channels: [`order:${ORDER_ID}:ops`] },
    ]);
  });

  test('an alert goes to the operators’ view of the order and to all operators', () => {
    expect(destinationsOf(record('alerts.lifecycle.v1'))).toEqual([
      { room: `order:${ORDER_ID}`, channels: [`order:${ORDER_ID}:ops`] },
      { room: 'ops', channels: ['ops'] },
    ]);
  });

  test('an order’s snapshot stands for one partition of each topic, from its beginning if unread', () => {
    const partition = partitionFor(ORDER_ID, 6);
    const topics = orderTopics.shopper;
    const known = { topic: 'orders.events.v1', partition, nextOffset: 9 };
    const parsed = { kind: 'order', room: `order:${ORDER_ID}`, orderId: ORDER_ID } as const;
    const positions = roomPositions(parsed, { topics, partitions: 6 }, [known]);
    expect(positions).toHaveLength(topics.length);
    expect(positions).toContainEqual(known);
    expect(positions).toContainEqual({ topic: 'payments.events.v1', partition, nextOffset: 0 });
  });
});
