import { ManualClock } from '../../../platform/manual-clock';
import { Codec } from '../../../platform/avro/codec';
import { recordTypes } from '../../../schemas/avro-types';
import { lettersIn } from '../../../edge/dead-letters/letters';
import { examined, redriven, REDRIVE_HEADER } from '../../../edge/dead-letters/redrive';
import { MemoryBroker } from '../../../streams/runtime/memory-broker';
import { deadLetterOfRecord, deadLetterOfTimer } from '../../../streams/runtime/task/dead-letter';
import { deadLetters } from '../../../topics/dead-letters';
import { ordersEvents } from '../../../topics/orders';

const FAILURE = { errorCode: 'HANDLER_FAILED', reason: 'a bug' };
const PLACE = { topic: ordersEvents.name, partition: 0 };

let broker: MemoryBroker;
let codec: Codec;

beforeEach(() => {
  broker = new MemoryBroker(new ManualClock(1_000));
  codec = Codec.local(recordTypes, [deadLetters]);
});

function recordAt(offset: number) {
  // Control records take offsets too.
  const record = broker.recordsOf(PLACE).find((each) => each.offset === offset);
  if (record === undefined) throw new Error(`nothing at ${String(offset)}`);
  return record;
}

/** A record that `app` could not process. */
function fail(key: string, app = 'alerts', failure = FAILURE): string {
  const value = Buffer.from(`value of ${key}`);
  const offset = broker.append({ ...PLACE, key, value, headers: { source: 'test' } });
  const letter = deadLetterOfRecord(app, recordAt(offset), failure);
  bury(letter);
  return letter.eventId;
}

function bury(letter: ReturnType<typeof deadLetterOfRecord>): void {
  const value = codec.encode(deadLetters.name, letter);
  broker.append({ topic: deadLetters.name, partition: 0, key: 'k', value });
}

const all = (filter = {}) => lettersIn(broker, codec, filter, 1_000);
const keys = () => broker.recordsOf(PLACE).map(({ key }) => key?.toString('utf8'));

test('letters are found by app, by code and by id, up to a number', async () => {
  const first = fail('a');
  fail('b', 'payments');
  fail('c', 'alerts', { errorCode: 'MALFORMED_BODY', reason: '' });
  const offsets = async (filter: object) => (await all(filter)).map(({ letter }) => letter.offset);
  expect(await offsets({})).toEqual([0, 1, 2]);
  expect(await offsets({ app: 'alerts' })).toEqual([0, 2]);
  expect(await offsets({ app: 'alerts', errorCode: 'MALFORMED_BODY' })).toEqual([2]);
  expect(await offsets({ eventIds: [first] })).toEqual([0]);
  expect(await lettersIn(broker, codec, {}, 2)).toHaveLength(2);
});

test('a record is written again as it was, with a mark; looking before writes nothing', async () => {
  const id = fail('a');
  const letters = await all();
  expect(await examined(broker, letters)).toMatchObject([{ state: { kind: 'waiting' } }]);
  expect(keys()).toEqual(['a']);
  await redriven(broker, letters, 'ops@example.com');
  const [, again] = broker.recordsOf(PLACE);
  expect(again?.value).toEqual(recordAt(0).value);
  const headers = Object.entries(again?.headers ?? {}).map(([name, value]) => [
    name,
    String(value),
  ]);
  expect(Object.fromEntries(headers)).toEqual({
    source: 'test',
    [REDRIVE_HEADER]: id,
    'redriven-by': 'ops@example.com',
  });
  expect(await examined(broker, letters)).toMatchObject([{ state: { kind: 'redriven' } }]);
});

test('a second redrive writes nothing twice, and what came meanwhile once', async () => {
  fail('a');
  fail('b');
  await redriven(broker, await all(), 'me');
  fail('c');
  const before = await redriven(broker, await all(), 'me');
  expect(before.map(({ state }) => state.kind)).toEqual(['redriven', 'redriven', 'waiting']);
  await redriven(broker, await all(), 'me');
  expect(keys()).toEqual(['a', 'b', 'a', 'b', 'c', 'c']);
});

test('two at once write nothing twice: the later fences the earlier', async () => {
  for (const key of ['a', 'b', 'c']) fail(key);
  const letters = await all();
  await Promise.allSettled([redriven(broker, letters, 'one'), redriven(broker, letters, 'two')]);
  await redriven(broker, letters, 'three');
  expect(keys().sort()).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
});

test('what failed again is another letter, and may be redriven again', async () => {
  const first = fail('a');
  await redriven(broker, await all(), 'me');
  bury(deadLetterOfRecord('alerts', recordAt(1), FAILURE));
  const letters = await all();
  expect(letters).toHaveLength(2);
  expect(letters[1]?.letter.eventId).not.toBe(first);
  await redriven(broker, letters, 'me');
  expect(keys()).toEqual(['a', 'a', 'a']);
});

test('a timer, and a state of an app, are not written again', async () => {
  const timer = { key: 'k', name: 'deadline', dueAt: 5 };
  bury(deadLetterOfTimer('alerts', 'alerts.changelog.v1', 0, timer, 'timer-1', FAILURE));
  const levels = { ...PLACE, topic: 'inventory.levels.v1' };
  const offset = broker.append({ ...levels, key: 'tea', value: Buffer.from('x') });
  const level = broker.recordsOf(levels)[offset];
  if (level !== undefined) bury(deadLetterOfRecord('views', level, FAILURE));
  const states = await redriven(broker, await all(), 'me');
  expect(states.map(({ state }) => state)).toEqual([
    { kind: 'lost', reason: 'a timer failed; no record is behind it' },
    { kind: 'lost', reason: 'inventory.levels.v1 is no topic of events' },
  ]);
  expect(broker.recordsOf(levels)).toHaveLength(1);
});
