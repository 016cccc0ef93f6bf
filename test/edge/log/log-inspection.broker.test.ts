/** Pages of a topic that was written by transactions, on the real broker. */
import { Codec } from '../../../platform/avro/codec';
import { KafkaInspection } from '../../../edge/log/log-inspection';
import type { MessageSearch } from '../../../edge/log/message-page';
import { recordTypes } from '../../../schemas/avro-types';
import type { BrokerFixture } from '../../streams/runtime/broker-contract';
import { openKafkaFixture } from '../../streams/runtime/kafka/kafka-fixture';
import { eventually } from '../../streams/runtime/probe-fixture';

jest.setTimeout(120_000);

let kafka: BrokerFixture;
let inspection: KafkaInspection;

beforeAll(async () => {
  kafka = await openKafkaFixture();
  const codec = Codec.local(recordTypes, []);
  const readModels = { positions: () => Promise.resolve([]) };
  inspection = new KafkaInspection(() => ({ broker: kafka.broker, codec }), readModels, 1);
});

afterAll(() => kafka.close());

function record(topic: string, key: string) {
  return { topic, partition: 0, key, value: Buffer.from(key) };
}

async function write(topic: string, keys: readonly string[], end: 'commit' | 'abort' = 'commit') {
  const transaction = await kafka.openTransaction(keys.map((key) => record(topic, key)));
  await transaction[end]();
}

async function keysOf(topic: string, from: number | undefined, limit: number) {
  const search = from === undefined ? {} : { from };
  const { messages, next } = await inspection.messages({ topic, partition: 0 }, search, limit);
  return { keys: messages.map(({ key }) => key), next };
}

test('the newest are given where transactions take the last offsets with their markers', async () => {
  const topic = await kafka.createTopic(1);
  for (const key of ['a', 'b', 'c']) await write(topic, [key]);
  // a, marker, b, marker, c, marker
  expect(await keysOf(topic, undefined, 1)).toEqual({ keys: ['c'], next: 6 });
  expect(await keysOf(topic, undefined, 2)).toEqual({ keys: ['b', 'c'], next: 6 });
  expect(await keysOf(topic, undefined, 50)).toEqual({ keys: ['a', 'b', 'c'], next: 6 });
});

test('the newest are found before many records of transactions that were given up', async () => {
  const topic = await kafka.createTopic(1);
  await write(topic, ['a', 'b']);
  for (let round = 0; round < 5; round += 1) {
    await write(
      topic,
      Array.from({ length: 10 }, (_, n) => `given-up-${String(n)}`),
      'abort',
    );
  }
  expect((await keysOf(topic, undefined, 1)).keys).toEqual(['b']);
  expect((await keysOf(topic, undefined, 2)).keys).toEqual(['a', 'b']);
});

test('a transaction that is open is not waited for', async () => {
  const topic = await kafka.createTopic(1);
  await write(topic, ['a']);
  const open = await kafka.openTransaction([record(topic, 'open')]);
  expect(await keysOf(topic, undefined, 1)).toEqual({ keys: ['a'], next: 2 });
  expect(await keysOf(topic, 2, 1)).toEqual({ keys: [], next: 2 });
  await open.commit();
  // The coordinator answers before its marker stands in the log.
  await eventually('the record is committed', async () => {
    const { keys } = await keysOf(topic, undefined, 1);
    return keys.join() === 'open';
  });
});

async function outcomesIn(topic: string, search: MessageSearch = {}, limit = 50) {
  const place = { topic, partition: 0 };
  const all: MessageSearch = { ...search, isolation: 'read_uncommitted' };
  const { messages } = await inspection.messages(place, all, limit);
  return messages.map(({ key, outcome }) => `${String(key)} ${outcome}`);
}

test('a record that was given up, and those that wait for an open transaction, are told apart', async () => {
  const topic = await kafka.createTopic(1);
  await write(topic, ['a']);
  await write(topic, ['x'], 'abort');
  const open = await kafka.openTransaction([record(topic, 'y')]);
  await write(topic, ['b']);
  const all = ['a COMMITTED', 'x ABORTED', 'y UNDECIDED', 'b UNDECIDED'];
  await eventually('the markers stand in the log', async () => {
    return (await outcomesIn(topic)).join() === all.join();
  });
  expect(await outcomesIn(topic, { from: 2 }, 2)).toEqual(all.slice(1, 3));
  expect(await outcomesIn(topic, { key: 'x' })).toEqual(['x ABORTED']);
  expect(await outcomesIn(topic, { at: 0 })).toEqual(all);
  expect((await keysOf(topic, undefined, 50)).keys).toEqual(['a']);
  await open.abort();
  await eventually('the open one was given up too', async () => {
    const { keys } = await keysOf(topic, undefined, 50);
    return keys.join() === 'a,b';
  });
  expect(await outcomesIn(topic)).toEqual([
    ...['a COMMITTED', 'x ABORTED', 'y ABORTED', 'b COMMITTED'],
  ]);
});

test('pages follow each other over markers, and end', async () => {
  const topic = await kafka.createTopic(1);
  for (const key of ['a', 'b', 'c']) await write(topic, [key]);
  const first = await keysOf(topic, 0, 2);
  expect(first.keys).toEqual(['a', 'b']);
  const second = await keysOf(topic, first.next, 2);
  expect(second.keys).toEqual(['c']);
  expect(await keysOf(topic, second.next, 2)).toEqual({ keys: [], next: second.next });
});

test('an empty topic is an empty page', async () => {
  const topic = await kafka.createTopic(1);
  expect(await keysOf(topic, undefined, 5)).toEqual({ keys: [], next: 0 });
});
