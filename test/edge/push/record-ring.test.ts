import type { LogRecord } from '../../../streams/runtime/broker';
import { RecordRing } from '../../../edge/push/record-ring';

function records(...offsets: number[]): LogRecord[] {
  return offsets.map((offset) => ({
    topic: 't',
    partition: 0,
    offset,
    timestamp: offset,
    key: null,
    value: Buffer.alloc(10),
    headers: {},
  }));
}

function offsets(found: readonly LogRecord[]): number[] {
  return found.map(({ offset }) => offset);
}

describe('a ring of records', () => {
  const roomy = { recordsMax: 100, bytesMax: 10_000 };

  test('gives what stands at an offset and above', () => {
    const ring = new RecordRing(5, roomy);
    ring.push(records(5, 6, 8), 10);
    expect(offsets(ring.from(0))).toEqual([5, 6, 8]);
    expect(offsets(ring.from(6))).toEqual([6, 8]);
    expect(offsets(ring.from(7))).toEqual([8]);
    expect(offsets(ring.from(9))).toEqual([]);
    expect([ring.start, ring.end]).toEqual([5, 10]);
  });

  test('ends past control records that it never sees', () => {
    const ring = new RecordRing(0, roomy);
    ring.push([], 3);
    expect([ring.start, ring.end]).toEqual([0, 3]);
  });

  test('keeps the newest within its number of records, and its start says so', () => {
    const ring = new RecordRing(0, { recordsMax: 3, bytesMax: 10_000 });
    for (let offset = 0; offset < 20; offset++) ring.push(records(offset), offset + 1);
    expect(offsets(ring.from(0))).toEqual([17, 18, 19]);
    expect(ring.start).toBe(17);
  });

  test('keeps the newest within its bytes', () => {
    const ring = new RecordRing(0, { recordsMax: 100, bytesMax: 25 });
    ring.push(records(0, 1, 2, 3), 4);
    expect(offsets(ring.from(0))).toEqual([2, 3]);
    expect(ring.start).toBe(2);
  });

  test('a record beyond its bytes leaves it empty and at its end', () => {
    const ring = new RecordRing(0, { recordsMax: 100, bytesMax: 5 });
    ring.push(records(0), 1);
    expect(offsets(ring.from(0))).toEqual([]);
    expect(ring.start).toBe(1);
  });
});
