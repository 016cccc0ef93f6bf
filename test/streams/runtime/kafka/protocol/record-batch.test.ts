import { gzipSync } from 'node:zlib';

import type { NewRecord } from '../../../../../streams/runtime/broker';
import { KAFKA_LIMITS } from '../../../../../streams/runtime/limits';
import { crc32c } from '../../../../../streams/runtime/kafka/protocol/crc32c';
import {
  recordBytes,
  writeRecordBatch,
  type BatchIdentity,
} from '../../../../../streams/runtime/kafka/protocol/record-batch';
import {
  readRecordSet,
  type RecordSet,
} from '../../../../../streams/runtime/kafka/protocol/record-batch-reader';
import { WireWriter } from '../../../../../streams/runtime/kafka/protocol/wire-writer';

const HEADER_BYTES = 61;
const CRC_AT = 17;
const ATTRIBUTES_AT = 21;

function newRecord(value: string | null, options: Partial<NewRecord> = {}): NewRecord {
  const bytes = value === null ? null : Buffer.from(value);
  return { topic: 'orders', partition: 0, key: `key-${value ?? ''}`, value: bytes, ...options };
}

/** A batch as it would stand in the log at `baseOffset`. */
function batch(
  records: readonly NewRecord[],
  { baseOffset = 0, ...identity }: Partial<BatchIdentity> & { baseOffset?: number } = {},
): Buffer {
  const writer = new WireWriter();
  writeRecordBatch(writer, records, {
    producerId: 5,
    producerEpoch: 0,
    baseSequence: 0,
    transactional: false,
    timestamp: 1_000,
    ...identity,
  });
  const bytes = Buffer.from(writer.bytes());
  bytes.writeBigInt64BE(BigInt(baseOffset), 0);
  return bytes;
}

function changed(bytes: Buffer, attributes: number, body = bytes.subarray(HEADER_BYTES)): Buffer {
  const copy = Buffer.concat([bytes.subarray(0, HEADER_BYTES), body]);
  copy.writeInt32BE(copy.length - 12, 8);
  copy.writeInt16BE(attributes, ATTRIBUTES_AT);
  copy.writeUInt32BE(crc32c(copy, ATTRIBUTES_AT), CRC_AT);
  return copy;
}

/** What a coordinator writes at the end of a transaction: key {version, type}. */
function marker(type: 'abort' | 'commit', producerId: number, baseOffset: number): Buffer {
  const TRANSACTIONAL_CONTROL = 0x30;
  const key = type === 'abort' ? '\0\0\0\0' : '\0\0\0\u0001';
  return changed(
    batch([newRecord('', { key })], { producerId, baseOffset }),
    TRANSACTIONAL_CONTROL,
  );
}

function readSet(batches: readonly Buffer[], options: Partial<RecordSet> = {}) {
  const bytes = Buffer.concat(batches);
  const set = { topic: 'orders', partition: 0, fromOffset: 0, aborted: [], bytes, ...options };
  const { records, nextOffset } = readRecordSet(set);
  const found = records.map(({ offset, value }) => [offset, value?.toString() ?? null]);
  return { records, found, nextOffset };
}

describe('a record batch', () => {
  it('comes back as it was written', () => {
    const headers = { reason: 'why', 'content-type': 'avro' };
    const { records } = readSet([batch([newRecord('a', { headers }), newRecord(null)])]);
    expect(records).toEqual([
      {
        topic: 'orders',
        partition: 0,
        offset: 0,
        timestamp: 1_000,
        key: Buffer.from('key-a'),
        value: Buffer.from('a'),
        headers: { reason: Buffer.from('why'), 'content-type': Buffer.from('avro') },
      },
      expect.objectContaining({ offset: 1, key: Buffer.from('key-'), value: null, headers: {} }),
    ]);
  });

  it('is never larger than its estimate', () => {
    const records = [0, 1, 63, 64, 8_191, 8_192, 70_000].flatMap((size) => [
      newRecord('x'.repeat(size)),
      newRecord('y', { key: '注'.repeat(size), headers: { ['h'.repeat(size)]: 'v'.repeat(size) } }),
    ]);
    const estimate = records.reduce((total, record) => total + recordBytes(record), HEADER_BYTES);
    expect(batch(records).length).toBeLessThanOrEqual(estimate);
  });

  it('is refused when a byte of it was changed', () => {
    const damaged = batch([newRecord('a')]);
    damaged.writeUInt8(damaged.readUInt8(HEADER_BYTES + 8) ^ 1, HEADER_BYTES + 8);
    expect(() => readSet([damaged])).toThrow('PROTOCOL: A batch does not match its checksum');
  });

  it('has the log-append time when the topic says so', () => {
    const LOG_APPEND_TIME = 0x08;
    const bytes = batch([newRecord('a')]);
    bytes.writeBigInt64BE(9_999n, 35);
    expect(readSet([changed(bytes, LOG_APPEND_TIME)]).records[0]?.timestamp).toBe(9_999);
  });

  it('can be read when another client wrote it with gzip, and only then', () => {
    const bytes = batch([newRecord('a'), newRecord('b')]);
    const packed = (codec: number) => changed(bytes, codec, gzipSync(bytes.subarray(HEADER_BYTES)));
    expect(readSet([packed(1)]).found).toEqual([
      [0, 'a'],
      [1, 'b'],
    ]);
    expect(() => readSet([packed(4)])).toThrow('PROTOCOL: Only gzip can be read, not codec 4');
  });

  it('B1: is refused when it unpacks to more than its limit, or not at all', () => {
    const bytes = batch([newRecord('a')]);
    const packed = (body: Buffer) => changed(bytes, 1, body);
    const bomb = gzipSync(Buffer.alloc(KAFKA_LIMITS.uncompressedBatchBytesMax + 1));
    expect(() => readSet([packed(bomb)])).toThrow('PROTOCOL: gzip cannot be decompressed');
    expect(() => readSet([packed(Buffer.from('no gzip'))])).toThrow('PROTOCOL: gzip cannot be');
  });
});

describe('a set of record batches', () => {
  it('leaves out what lies below the offset asked for', () => {
    const set = [batch([newRecord('a'), newRecord('b'), newRecord('c')], { baseOffset: 10 })];
    expect(readSet(set, { fromOffset: 12 })).toMatchObject({ found: [[12, 'c']], nextOffset: 13 });
  });

  it('leaves a batch that was cut to the next fetch', () => {
    const second = batch([newRecord('b')], { baseOffset: 1 });
    for (const length of [0, 1, 60, second.length - 1]) {
      const cut = second.subarray(0, length);
      expect(readSet([batch([newRecord('a')]), cut])).toMatchObject({
        found: [[0, 'a']],
        nextOffset: 1,
      });
    }
  });

  it('moves past control records', () => {
    const set = [batch([newRecord('a')], { transactional: true }), marker('commit', 5, 1)];
    expect(readSet(set)).toMatchObject({ found: [[0, 'a']], nextOffset: 2 });
  });

  it('moves past what compaction removed from the end of a batch', () => {
    const compacted = batch([newRecord('a')], { baseOffset: 5 });
    compacted.writeInt32BE(9, 23);
    const set = [changed(compacted, 0)];
    expect(readSet(set, { fromOffset: 5 })).toMatchObject({ found: [[5, 'a']], nextOffset: 15 });
  });

  it('hides interleaved aborted transactions whichever way the broker lists them', () => {
    const from = (producerId: number, baseOffset: number) =>
      batch([newRecord(`${producerId}`)], { producerId, baseOffset, transactional: true });
    const set = [from(1, 0), from(2, 1), marker('abort', 2, 2), from(2, 3), marker('abort', 1, 4)];
    const aborted = [
      { producerId: 2, firstOffset: 1 },
      { producerId: 1, firstOffset: 0 },
    ];
    for (const listed of [aborted, [...aborted].reverse()]) {
      expect(readSet(set, { aborted: listed })).toMatchObject({ found: [[3, '2']], nextOffset: 5 });
    }
  });

  it('keeps records outside of a transaction by a producer that has one aborted', () => {
    const set = [
      batch([newRecord('aborted')], { transactional: true }),
      batch([newRecord('plain')], { baseOffset: 1 }),
    ];
    const aborted = [{ producerId: 5, firstOffset: 0 }];
    expect(readSet(set, { aborted }).found).toEqual([[1, 'plain']]);
  });

  it('takes only a control batch for the end of a transaction', () => {
    const set = [
      batch([newRecord('a', { key: '\0\0\0\0' })], { transactional: true }),
      batch([newRecord('b')], { baseOffset: 1, transactional: true }),
    ];
    const aborted = [{ producerId: 5, firstOffset: 0 }];
    expect(readSet(set, { aborted })).toMatchObject({ found: [], nextOffset: 2 });
  });
});
