import { ManualClock } from '../../platform/manual-clock';
import { MemoryBroker } from '../../streams/runtime/memory-broker';
import { topicRecords, type TopicSelection } from '../../tools/topic-records';

const ALL: TopicSelection = { key: undefined, from: 0, since: undefined, tail: false };

let clock: ManualClock;
let broker: MemoryBroker;

beforeEach(() => {
  clock = new ManualClock(1_000);
  broker = new MemoryBroker(clock, 2);
  append('a', 0);
  append('b', 1);
  clock.moveTo(2_000);
  append('a', 0);
});

function append(key: string, partition: number): void {
  broker.append({ topic: 't', partition, key, value: Buffer.from(key) });
}

async function read(selection: Partial<TopicSelection>, count = Infinity) {
  const read: string[] = [];
  for await (const { key, offset } of topicRecords(broker, 't', { ...ALL, ...selection })) {
    read.push(`${key?.toString('utf8') ?? ''}@${String(offset)}`);
    if (read.length === count) break;
  }
  return read.sort();
}

test('a topic is read to its end', async () => {
  expect(await read({})).toEqual(['a@0', 'a@1', 'b@0']);
});

test('of one key, from a time or from an offset on', async () => {
  expect(await read({ key: 'a' })).toEqual(['a@0', 'a@1']);
  expect(await read({ since: 2_000 })).toEqual(['a@1']);
  expect(await read({ from: 1 })).toEqual(['a@1']);
});

test('a tail begins with what comes, or at the time that is given', async () => {
  const next = topicRecords(broker, 't', { ...ALL, tail: true })[Symbol.asyncIterator]();
  const first = next.next();
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  append('c', 1);
  expect((await first).value).toMatchObject({ offset: 1, partition: 1 });
  await next.return(undefined);
  expect(await read({ tail: true, since: 2_000 }, 2)).toEqual(['a@1', 'c@1']);
});
