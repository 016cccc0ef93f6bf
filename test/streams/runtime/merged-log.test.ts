import type { LogRecord } from '../../../streams/runtime/broker';
import { TASK_LIMITS } from '../../../streams/runtime/limits';
import { ManualClock } from '../../../platform/manual-clock';
import { MemoryBroker } from '../../../streams/runtime/memory-broker';
import { mergedLog } from '../../../streams/runtime/merged-log';

let clock: ManualClock;
let broker: MemoryBroker;

beforeEach(() => {
  clock = new ManualClock(0);
  broker = new MemoryBroker(clock);
});

function write(topic: string, at: number): void {
  clock.moveTo(at);
  broker.append({ topic, partition: 0, key: 'key', value: Buffer.from('value') });
}

async function read(until = Infinity, topics = ['orders', 'payments']): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const record of mergedLog(broker, { topics, partition: 0, until })) {
    records.push(record);
  }
  return records;
}

const places = (records: readonly LogRecord[]) =>
  records.map(({ topic, timestamp }) => `${topic} ${String(timestamp)}`);

test('records of several topics come in the order of log time', async () => {
  write('orders', 10);
  write('payments', 20);
  write('payments', 30);
  write('orders', 40);
  expect(places(await read())).toEqual(['orders 10', 'payments 20', 'payments 30', 'orders 40']);
});

test('of the same millisecond, those of the topic named first come first', async () => {
  write('payments', 10);
  write('orders', 10);
  expect(places(await read())).toEqual(['orders 10', 'payments 10']);
});

test('records from `until` on are left out', async () => {
  write('orders', 10);
  write('payments', 20);
  write('orders', 20);
  expect(places(await read(20))).toEqual(['orders 10']);
});

test('topics without a record end nothing and hold nothing up', async () => {
  write('payments', 10);
  expect(places(await read())).toEqual(['payments 10']);
  expect(await read(Infinity, ['nothing', 'nowhere'])).toEqual([]);
});

test('what is written while it is read is left out', async () => {
  write('orders', 10);
  const log = mergedLog(broker, { topics: ['orders', 'payments'], partition: 0, until: Infinity });
  expect((await log.next()).value).toMatchObject({ timestamp: 10 });
  write('orders', 20);
  expect((await log.next()).done).toBe(true);
});

test('B1: a topic that runs ahead of the others is paused and loses nothing', async () => {
  const ahead = 3 * TASK_LIMITS.queueRecordsMax;
  for (let index = 0; index < ahead; index += 1) write('orders', 10);
  for (let index = 0; index < ahead; index += 1) write('payments', 20);
  const records = await read();
  expect(records).toHaveLength(2 * ahead);
  expect(records.filter(({ topic }) => topic === 'orders').map(({ offset }) => offset)).toEqual(
    Array.from({ length: ahead }, (_, index) => index),
  );
  expect(places(records.slice(0, ahead)).every((place) => place === 'orders 10')).toBe(true);
});
