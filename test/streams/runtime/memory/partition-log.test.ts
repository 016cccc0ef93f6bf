import { PartitionLog } from '../../../../streams/runtime/memory/partition-log';

const START = 1_000_000;

function logOf(
  ...records: readonly (readonly [key: string, value: string | null])[]
): PartitionLog {
  const log = new PartitionLog();
  records.forEach(([key, value], index) => append(log, key, value, START + index));
  return log;
}

function append(log: PartitionLog, key: string, value: string | null, at: number, open?: number) {
  const bytes = value === null ? null : Buffer.from(value);
  return log.append({ topic: 'states', partition: 0, key, value: bytes }, at, open);
}

function textOf(log: PartitionLog): readonly string[] {
  return log
    .readStable(0)
    .records.map(
      ({ offset, key, value }) => `${offset} ${String(key)} ${value?.toString() ?? 'gone'}`,
    );
}

test('compaction keeps the newest record of each key where it stands', () => {
  const log = logOf(['a', '1'], ['b', '1'], ['a', '2']);
  log.compact(START, 10_000);
  expect(textOf(log)).toEqual(['1 b 1', '2 a 2']);
  expect(log.end).toBe(3);
});

test('a tombstone outlives what it deletes, for its time', () => {
  const log = logOf(['a', '1'], ['a', null]);
  log.compact(START, 10_000);
  expect(textOf(log)).toEqual(['1 a gone']);
  log.compact(START + 20_000, 10_000);
  expect(textOf(log)).toEqual([]);
});

test('compaction leaves alone what is not stable, and ignores what was aborted', () => {
  const log = logOf(['a', '1']);
  append(log, 'a', 'aborted', START, 1);
  log.mark(1, 'aborted');
  append(log, 'a', 'open', START, 2);
  log.compact(START, 10_000);
  expect(textOf(log)).toEqual(['0 a 1']);
  log.mark(2, 'committed');
  expect(textOf(log)).toEqual(['0 a 1', '3 a open']);
});

test('timestamps never fall, though the clock of the broker may', () => {
  const log = logOf(['a', '1']);
  append(log, 'b', '1', START - 500);
  const times = log.readStable(0).records.map(({ timestamp }) => timestamp);
  expect(times).toEqual([START, START]);
});

test('a read of a part goes on where it ended', () => {
  const log = logOf(['a', '1'], ['b', '1'], ['c', '1']);
  const first = log.readStable(0, 2);
  expect(first.nextOffset).toBe(2);
  expect(log.readStable(first.nextOffset, 2).records.map(({ key }) => String(key))).toEqual(['c']);
});
