/**
 * Writes Kafka's record batch (magic 2), uncompressed. What always holds: the checksum covers all
 * from the attributes on, and sizes are computed before bytes are written, so that nothing is
 * copied twice: half of a task's work under load is writing batches.
 */
import type { NewRecord } from '../../broker';
import { crc32c } from './crc32c';
import type { WireWriter } from './wire-writer';

const MAGIC = 2;
const TRANSACTIONAL = 0x10;

export interface BatchIdentity {
  readonly producerId: number;
  readonly producerEpoch: number;
  /** Sequence number of the first record; the broker refuses gaps and drops repeats. */
  readonly baseSequence: number;
  readonly transactional: boolean;
  /** Create time, ms since the epoch; a topic with LogAppendTime replaces it. */
  readonly timestamp: number;
}

export function writeRecordBatch(
  writer: WireWriter,
  records: readonly NewRecord[],
  identity: BatchIdentity,
): void {
  writer.int64(0);
  const lengthPlace = writer.placeholder32();
  const lengthStart = writer.length;
  writer.int32(-1).int8(MAGIC);
  const crcPlace = writer.placeholder32();
  const crcStart = writer.length;
  writer
    .int16(identity.transactional ? TRANSACTIONAL : 0)
    .int32(records.length - 1)
    .int64(identity.timestamp)
    .int64(identity.timestamp)
    .int64(identity.producerId)
    .int16(identity.producerEpoch)
    .int32(identity.baseSequence)
    .int32(records.length);
  for (const [delta, record] of records.entries()) writeRecord(writer, record, delta);
  writer.setInt32(lengthPlace, writer.length - lengthStart);
  writer.setUint32(crcPlace, crc32c(writer.bytes(), crcStart));
}

/** What a record takes in a batch at most, in bytes: its own and 15 of varints around it. */
export function recordBytes({ key, value, headers }: NewRecord): number {
  const RECORD_OVERHEAD_BYTES = 15;
  const own = Buffer.byteLength(key) + (value?.length ?? 0);
  return RECORD_OVERHEAD_BYTES + own + headersBytes(headers);
}

function writeRecord(writer: WireWriter, record: NewRecord, delta: number): void {
  const keyBytes = Buffer.byteLength(record.key);
  const valueBytes = record.value?.length ?? -1;
  writer
    .varint(
      2 +
        varintBytes(delta) +
        sizedBytes(keyBytes) +
        sizedBytes(valueBytes) +
        headersBytes(record.headers),
    )
    .int8(0)
    .varint(0)
    .varint(delta)
    .varint(keyBytes)
    .utf8(record.key, keyBytes)
    .varint(valueBytes);
  if (record.value !== null) writer.raw(record.value);
  writeHeaders(writer, record.headers);
}

function writeHeaders(writer: WireWriter, headers: NewRecord['headers']): void {
  const entries = headers === undefined ? [] : Object.entries(headers);
  writer.varint(entries.length);
  for (const text of entries.flat()) {
    const bytes = Buffer.byteLength(text);
    writer.varint(bytes).utf8(text, bytes);
  }
}

function headersBytes(headers: NewRecord['headers']): number {
  if (headers === undefined) return 1;
  const entries = Object.entries(headers);
  const texts = entries.flat();
  return texts.reduce(
    (total, text) => total + sizedBytes(Buffer.byteLength(text)),
    varintBytes(entries.length),
  );
}

/** Bytes of a value with its length in front; -1 stands for null. */
function sizedBytes(length: number): number {
  return varintBytes(length) + Math.max(length, 0);
}

function varintBytes(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  if (zigzag < 0x80) return 1;
  if (zigzag < 0x4000) return 2;
  if (zigzag < 0x20_0000) return 3;
  return zigzag < 0x1000_0000 ? 4 : 5;
}
