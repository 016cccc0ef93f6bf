/** A record of the log as a line: for people, or as JSON for other programs. */
import type { Codec, Decoded } from '../platform/avro/codec';
import type { LogRecord } from '../streams/runtime/broker';

export type ShownRecord = Pick<LogRecord, 'partition' | 'offset' | 'timestamp' | 'key' | 'value'>;

/** Asks the registry for a schema that is not known yet. */
export async function decodeNow(codec: Codec, value: Buffer | null): Promise<Decoded> {
  const decoded = codec.decode(value);
  if (decoded.kind !== 'unknown-schema') return decoded;
  await codec.learn([decoded.schemaId]);
  return codec.decode(value);
}

/** `2026-11-22T01:00:00.250Z 3@7 <key> OrderPaid {…}` */
export function textLine(record: ShownRecord, decoded: Decoded): string {
  const { partition, offset, timestamp, key, value } = record;
  const at = new Date(timestamp).toISOString();
  const place = `${at} ${String(partition)}@${String(offset)} ${key?.toString('utf8') ?? '-'}`;
  if (value === null) return `${place} (deleted)`;
  if (decoded.kind === 'event') {
    const { type, ...fields } = decoded.event;
    return `${place} ${type} ${JSON.stringify(fields)}`;
  }
  const reason = decoded.kind === 'undecodable' ? decoded.reason : 'its schema is not known';
  return `${place} (${reason})`;
}

export function jsonLine(record: ShownRecord, decoded: Decoded): string {
  const { partition, offset, timestamp } = record;
  const key = record.key?.toString('utf8') ?? null;
  const value = record.value === null ? null : decoded.kind === 'event' ? decoded.event : decoded;
  const loggedAt = new Date(timestamp).toISOString();
  return JSON.stringify({ partition, offset, loggedAt, key, value });
}
