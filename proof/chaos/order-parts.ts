/**
 * A log too large for memory, on disk in parts: each has all that is about its orders, and one has
 * what is about none (stock, accounts, the catalog, dead letters, what cannot be decoded). Records
 * of a part keep their order.
 */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Codec } from '../../platform/avro/codec';
import type { LogRecord, TopicPartition } from '../../streams/runtime/broker';
import { CommittedLog } from '../simulation/checkers/committed-log';
import { crc32c } from '../../streams/runtime/kafka/protocol/crc32c';
import type { DeliveredRecord } from './delivered';

/** Bytes of a part that wait in memory before they are written. */
const BUFFER_BYTES = 64 * 1024;
/** A few thousand orders have about a hundred MB of events once they are decoded. */
export const ORDERS_PER_PART = 2_000;
/** topic, partition, offset, time, then the lengths of key and value; -1 for null. */
const HEADER_BYTES = 2 + 2 + 8 + 8 + 4 + 4;

interface Part {
  readonly file: number;
  readonly path: string;
  waiting: Buffer[];
  bytes: number;
}

export class OrderParts {
  private readonly parts: readonly Part[];
  private readonly common: Part;
  private readonly topicIndex: ReadonlyMap<string, number>;

  /** In a folder of its own, which is emptied. */
  constructor(
    private readonly folder: string,
    private readonly topics: readonly string[],
    private readonly codec: Codec,
    orders: number,
  ) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const count = Math.max(1, Math.ceil(orders / ORDERS_PER_PART));
    this.parts = Array.from({ length: count }, (_, index) => openPart(folder, String(index)));
    this.common = openPart(folder, 'common');
    this.topicIndex = new Map(topics.map((topic, index) => [topic, index]));
  }

  add(place: TopicPartition, records: readonly DeliveredRecord[]): void {
    for (const record of records) append(this.partOf(record.value), this.encode(place, record));
  }

  /** One after the other; a part is in memory only while it is looked at. */
  async each(look: (log: CommittedLog) => Promise<void>): Promise<void> {
    for (const part of this.parts) await look(this.load(part));
  }

  /** What is about no order. */
  withoutOrder(): CommittedLog {
    return this.load(this.common);
  }

  remove(): void {
    for (const { file } of [...this.parts, this.common]) closeSync(file);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private partOf(value: Buffer | null): Part {
    const decoded = this.codec.decode(value);
    const { orderId } = (decoded.kind === 'event' ? decoded.event : {}) as { orderId?: string };
    if (orderId === undefined) return this.common;
    return this.parts[crc32c(Buffer.from(orderId)) % this.parts.length] ?? this.common;
  }

  private encode(place: TopicPartition, record: DeliveredRecord): Buffer {
    const { key, value, offset, timestamp } = record;
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt16BE(this.topicIndex.get(place.topic) ?? 0, 0);
    header.writeUInt16BE(place.partition, 2);
    header.writeDoubleBE(offset, 4);
    header.writeDoubleBE(timestamp, 12);
    header.writeInt32BE(key?.length ?? -1, 20);
    header.writeInt32BE(value?.length ?? -1, 24);
    return Buffer.concat([header, key ?? EMPTY, value ?? EMPTY]);
  }

  private load(part: Part): CommittedLog {
    flush(part);
    const records = new Map<string, LogRecord[]>(this.topics.map((topic) => [topic, []]));
    const bytes = readFileSync(part.path);
    for (let at = 0; at < bytes.length;) {
      const { record, next } = decodeAt(bytes, at, this.topics);
      records.get(record.topic)?.push(record);
      at = next;
    }
    return new CommittedLog(records, this.codec);
  }
}

function openPart(folder: string, name: string): Part {
  const file = path.join(folder, `${name}.records`);
  return { file: openSync(file, 'w'), path: file, waiting: [], bytes: 0 };
}

function append(part: Part, bytes: Buffer): void {
  part.waiting.push(bytes);
  part.bytes += bytes.length;
  if (part.bytes >= BUFFER_BYTES) flush(part);
}

function flush(part: Part): void {
  writeSync(part.file, Buffer.concat(part.waiting));
  part.waiting = [];
  part.bytes = 0;
}

function decodeAt(
  bytes: Buffer,
  at: number,
  topics: readonly string[],
): { readonly record: LogRecord; readonly next: number } {
  const keyAt = at + HEADER_BYTES;
  const [keyLength, valueLength] = [bytes.readInt32BE(at + 20), bytes.readInt32BE(at + 24)];
  const valueAt = keyAt + Math.max(0, keyLength);
  const next = valueAt + Math.max(0, valueLength);
  const record = {
    topic: topics[bytes.readUInt16BE(at)] ?? '',
    partition: bytes.readUInt16BE(at + 2),
    offset: bytes.readDoubleBE(at + 4),
    timestamp: bytes.readDoubleBE(at + 12),
    key: keyLength < 0 ? null : bytes.subarray(keyAt, valueAt),
    value: valueLength < 0 ? null : bytes.subarray(valueAt, next),
    headers: {},
  };
  return { record, next };
}

const EMPTY = Buffer.alloc(0);
