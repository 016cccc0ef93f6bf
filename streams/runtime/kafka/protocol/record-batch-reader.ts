/**
 * Reads the record batches of a fetched partition. What always holds: only data records come out,
 * none of a transaction that is named as aborted, in offset order, none below the offset asked for; `nextOffset` moves past whatever was
 * left out. Aborted transactions are told by batch, as Kafka's own consumer does: a batch belongs to
 * one producer, and only a control batch can end a transaction, whatever the keys of data look like.
 */
import { gunzipSync } from 'node:zlib';

import type { LogRecord } from '../../broker';
import { RuntimeError } from '../../errors';
import { KAFKA_LIMITS } from '../../limits';
import { crc32c } from './crc32c';
import { WireReader } from './wire-reader';

export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

export interface RecordSet {
  readonly topic: string;
  readonly partition: number;
  readonly fromOffset: number;
  readonly aborted: readonly AbortedTransaction[];
  readonly bytes: Buffer;
}

export interface DecodedRecords {
  readonly records: LogRecord[];
  readonly nextOffset: number;
}

const BATCH_OVERHEAD_BYTES = 61;
const LENGTH_END = 12;
const CRC_END = 21;
const COMPRESSION_MASK = 0x07;
const GZIP = 1;
const TRANSACTIONAL = 0x10;
const LOG_APPEND_TIME = 0x08;
const CONTROL = 0x20;
const ABORT_MARKER = 0;
const NO_HEADERS: Readonly<Record<string, Buffer>> = Object.freeze({});

interface Batch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly attributes: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly producerId: number;
  readonly count: number;
  /** Stands at the first record; of the uncompressed bytes. */
  readonly reader: WireReader;
}

export function readRecordSet(set: RecordSet): DecodedRecords {
  const records: LogRecord[] = [];
  const transactions = new AbortedTransactions(set.aborted);
  let nextOffset = set.fromOffset;
  let start = 0;
  for (;;) {
    const end = completeBatchEnd(set.bytes, start);
    if (end === undefined) break;
    const batch = readBatch(set, start, end);
    if (transactions.keeps(batch)) readRecords(set, batch, records);
    nextOffset = Math.max(nextOffset, batch.lastOffset + 1);
    start = end;
  }
  return { records, nextOffset };
}

/** A fetch may cut its last batch anywhere; the next fetch brings it whole. */
function completeBatchEnd(bytes: Buffer, start: number): number | undefined {
  if (start + BATCH_OVERHEAD_BYTES > bytes.length) return undefined;
  const end = start + LENGTH_END + bytes.readInt32BE(start + 8);
  return end > bytes.length ? undefined : end;
}

function readBatch(set: RecordSet, start: number, end: number): Batch {
  const reader = new WireReader(set.bytes, start, end);
  const baseOffset = reader.int64();
  const where = () => `${set.topic}-${set.partition} at offset ${baseOffset}`;
  reader.position = start + LENGTH_END + 4;
  const magic = reader.int8();
  if (magic !== 2) throw new RuntimeError('PROTOCOL', `Record format ${magic}: ${where()}`);
  if (reader.uint32() !== crc32c(set.bytes, start + CRC_END, end)) {
    throw new RuntimeError('PROTOCOL', `A batch does not match its checksum: ${where()}`);
  }
  const attributes = reader.int16();
  const lastOffset = baseOffset + reader.int32();
  const baseTimestamp = reader.int64();
  const maxTimestamp = reader.int64();
  const producerId = reader.int64();
  reader.position += 6;
  const count = reader.int32();
  return {
    baseOffset,
    lastOffset,
    attributes,
    baseTimestamp,
    maxTimestamp,
    producerId,
    count,
    reader: uncompressed(reader, attributes & COMPRESSION_MASK, where),
  };
}

function uncompressed(reader: WireReader, codec: number, where: () => string): WireReader {
  if (codec === 0) return reader;
  if (codec !== GZIP) {
    throw new RuntimeError('PROTOCOL', `Only gzip can be read, not codec ${codec}: ${where()}`);
  }
  const packed = reader.view(reader.remaining);
  const maxOutputLength = KAFKA_LIMITS.uncompressedBatchBytesMax;
  try {
    return new WireReader(gunzipSync(packed, { maxOutputLength }));
  } catch (error) {
    // Read again it would be the same: an error that passes for a lost connection would loop.
    const reason = error instanceof Error ? error.message : String(error);
    throw new RuntimeError('PROTOCOL', `gzip cannot be decompressed: ${reason}: ${where()}`);
  }
}

/**
 * Follows which producers are inside an aborted transaction. The broker lists those that overlap
 * the fetched range; each lasts from its first offset to its producer's next abort marker.
 */
class AbortedTransactions {
  private readonly ahead: AbortedTransaction[];
  private readonly open = new Set<number>();

  constructor(aborted: readonly AbortedTransaction[]) {
    // Sorted from the end, so that the next one is popped: brokers list them by when they ended.
    this.ahead = [...aborted].sort((a, b) => b.firstOffset - a.firstOffset);
  }

  /** Whether the batch holds committed data; batches are shown in offset order. */
  keeps(batch: Batch): boolean {
    let next = this.ahead.at(-1);
    while (next !== undefined && next.firstOffset <= batch.lastOffset) {
      this.open.add(next.producerId);
      this.ahead.pop();
      next = this.ahead.at(-1);
    }
    if ((batch.attributes & CONTROL) === 0) {
      return (batch.attributes & TRANSACTIONAL) === 0 || !this.open.has(batch.producerId);
    }
    if (batch.count > 0 && markerType(batch) === ABORT_MARKER) this.open.delete(batch.producerId);
    return false;
  }
}

/** The key of a control record: int16 version, int16 type. */
function markerType({ reader }: Batch): number {
  const start = reader.position;
  reader.varint();
  reader.position += 1;
  reader.varlong();
  reader.varint();
  reader.varint();
  reader.int16();
  const type = reader.int16();
  reader.position = start;
  return type;
}

function readRecords(set: RecordSet, batch: Batch, records: LogRecord[]): void {
  const { topic, partition, fromOffset } = set;
  const { reader, baseOffset, count } = batch;
  const appended = (batch.attributes & LOG_APPEND_TIME) !== 0;
  for (let index = 0; index < count; index++) {
    const bytes = reader.varint();
    const end = reader.position + bytes;
    reader.position += 1;
    const timestampDelta = reader.varlong();
    const offset = baseOffset + reader.varint();
    if (offset >= fromOffset) {
      const timestamp = appended ? batch.maxTimestamp : batch.baseTimestamp + timestampDelta;
      const key = readNullable(reader);
      const value = readNullable(reader);
      const headers = readHeaders(reader);
      records.push({ topic, partition, offset, timestamp, key, value, headers });
    }
    reader.position = end;
  }
}

function readNullable(reader: WireReader): Buffer | null {
  const bytes = reader.varint();
  return bytes < 0 ? null : reader.view(bytes);
}

function readHeaders(reader: WireReader): Readonly<Record<string, Buffer>> {
  const count = reader.varint();
  if (count === 0) return NO_HEADERS;
  const entries: [string, Buffer][] = [];
  for (let header = 0; header < count; header++) {
    const name = reader.view(reader.varint()).toString('utf8');
    entries.push([name, readNullable(reader) ?? Buffer.alloc(0)]);
  }
  return Object.fromEntries(entries);
}
