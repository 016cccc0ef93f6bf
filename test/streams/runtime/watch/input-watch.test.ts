import { WATCH_LIMITS } from '../../../../streams/runtime/limits';
import { InputWatch, type InputObservation } from '../../../../streams/runtime/watch/input-watch';

const { readStallMs, openTransactionMs } = WATCH_LIMITS;
const place = { topic: 'orders', partition: 3 };

function observation(change: Partial<InputObservation>): InputObservation {
  const ends = { highWatermark: 90, lastStableOffset: 90 };
  return { place, at: 0, readTo: 90, hungry: true, ...ends, ...change };
}

let watch: InputWatch;

beforeEach(() => {
  watch = new InputWatch(WATCH_LIMITS);
});

test('what is in the log and not read for too long stalls the task', () => {
  expect(watch.observe(observation({ at: 0, readTo: 80 }))).toBeUndefined();
  expect(watch.observe(observation({ at: readStallMs - 1, readTo: 80 }))).toBeUndefined();
  expect(watch.observe(observation({ at: readStallMs, readTo: 80 }))).toEqual({
    kind: 'reading',
    since: 0,
    detail: 'orders-3 is fetched up to 80, its last stable offset is 90',
  });
});

test('a partition that is read slowly is not stuck', () => {
  for (let step = 0; step < 10; step += 1) {
    const seen = observation({ at: step * (readStallMs - 1), readTo: 80 + step });
    expect(watch.observe(seen)).toBeUndefined();
  }
});

test('a partition that was read to its end has not stood still until there is more', () => {
  expect(watch.observe(observation({ at: 0 }))).toBeUndefined();
  const later = { readTo: 90, highWatermark: 91, lastStableOffset: 91 };
  expect(watch.observe(observation({ at: 10 * readStallMs, ...later }))).toBeUndefined();
  expect(watch.observe(observation({ at: 11 * readStallMs, ...later }))).toMatchObject({
    kind: 'reading',
    since: 10 * readStallMs,
  });
});

test('back-pressure is no stall: a task that has enough waiting need not read', () => {
  expect(watch.observe(observation({ at: 0, readTo: 80, hungry: false }))).toBeUndefined();
  const later = observation({ at: 10 * readStallMs, readTo: 80, hungry: false });
  expect(watch.observe(later)).toBeUndefined();
});

test('a last stable offset that does not move below the end stalls the task, and says how to end it', () => {
  const open = { readTo: 90, lastStableOffset: 90, highWatermark: 95 };
  expect(watch.observe(observation({ at: 0, ...open }))).toBeUndefined();
  const longer = { ...open, highWatermark: 99 };
  expect(watch.observe(observation({ at: openTransactionMs - 1, ...longer }))).toBeUndefined();
  const stall = watch.observe(observation({ at: openTransactionMs, ...longer }));
  expect(stall).toMatchObject({ kind: 'transaction', since: 0 });
  expect(stall?.detail).toContain(
    'kafka-transactions.sh --bootstrap-server HOST:PORT abort --topic orders --partition 3 --start-offset 90',
  );
});

test('transactions that overlap without end are no stall as long as the oldest of them ends', () => {
  for (let step = 0; step < 10; step += 1) {
    const lastStableOffset = 90 + step;
    const seen = { lastStableOffset, readTo: lastStableOffset, highWatermark: 200 };
    const at = step * (openTransactionMs - 1);
    expect(watch.observe(observation({ at, ...seen }))).toBeUndefined();
  }
});
