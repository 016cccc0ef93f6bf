import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OrderParts, ORDERS_PER_PART } from '../../../proof/chaos/order-parts';
import { orderHeader } from '../../../schemas/header';
import type { EventOf } from '../../../schemas/event';
import { simulationCodec } from '../../../proof/simulation/simulation-codec';
import { eventTopics } from '../../../topics/catalogue';
import { inventoryLevels } from '../../../topics/inventory';
import { ordersEvents } from '../../../topics/orders';

const codec = simulationCodec();
const topics = eventTopics.map(({ name }) => name);
const PARTS = 3;

let folder: string;
let parts: OrderParts;
beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'parts-')), 'log');
  parts = new OrderParts(folder, topics, codec, PARTS * ORDERS_PER_PART);
});
afterEach(() => rmSync(path.dirname(folder), { recursive: true }));

function started(orderId: string): EventOf<'OrderCancellationStarted'> {
  return {
    type: 'OrderCancellationStarted',
    ...orderHeader({ id: orderId, at: 1 }, 'started', orderId),
    userId: 'ann',
    reason: 'test',
  };
}

function record(orderId: string, offset: number) {
  const value = codec.encode(ordersEvents.name, started(orderId));
  return { offset, timestamp: 1_000 + offset, key: Buffer.from(orderId), value };
}

const place = { topic: ordersEvents.name, partition: 2 };

test('a part has all that is about its orders, in the order of the log, and loses nothing', async () => {
  const orders = Array.from({ length: 40 }, (_, index) => `order-${index}`);
  const first = orders.map((orderId, index) => record(orderId, index));
  const second = orders.map((orderId, index) => record(orderId, 100 + index));
  parts.add(place, first);
  parts.add(place, second);
  const seen = new Map<string, number[]>();
  let looks = 0;
  await parts.each((log) => {
    looks += 1;
    const here = log.on(ordersEvents);
    for (const { event, record: found } of here) {
      seen.set(event.orderId, [...(seen.get(event.orderId) ?? []), found.offset]);
      expect(found).toMatchObject({ partition: 2, timestamp: 1_000 + found.offset });
    }
    const whole = new Set(here.map(({ event }) => event.orderId));
    expect(here).toHaveLength(2 * whole.size);
    return Promise.resolve();
  });
  expect(looks).toBe(PARTS);
  expect([...seen].map(([, offsets]) => offsets)).toEqual(
    [...seen].map(([orderId]) => {
      const index = orders.indexOf(orderId);
      return [index, 100 + index];
    }),
  );
  expect(seen.size).toBe(orders.length);
});

test('what is about no order, and what cannot be decoded, is in a part of its own', () => {
  const garbage = { offset: 5, timestamp: 1, key: null, value: Buffer.from('garbage') };
  parts.add({ topic: inventoryLevels.name, partition: 0 }, [garbage]);
  const log = parts.withoutOrder();
  expect(log.garbageOn(inventoryLevels.name)).toMatchObject([{ offset: 5, key: null }]);
});
