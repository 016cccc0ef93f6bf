/**
 * What Postgres cannot keep although Avro can. Without this, one record of a foreign writer would
 * fail its batch for ever: text with a NUL is mended, what cannot be mended makes the record a dead
 * letter.
 */
import { VIEW_LIMITS } from './limits';
import type { ColumnType, ColumnValue, RowChange } from './table';

/** Years of four digits: the others are written in ways that Postgres does not read. */
const TIMESTAMP_MIN_MS = Date.parse('0001-01-01T00:00:00.000Z');
const TIMESTAMP_MAX_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** Text in an index beside the keys (migrations/): an index row holds no more than a key does. */
const INDEXED_COLUMNS: ReadonlySet<string> = new Set(['order_id', 'user_id', 'alert_id']);

export type Storable =
  | { readonly kind: 'storable'; readonly changes: readonly RowChange[] }
  | { readonly kind: 'unstorable'; readonly reason: string };

/** All changes of one record, or the first reason against them. */
export function storable(changes: readonly RowChange[]): Storable {
  for (const { table, row } of changes) {
    for (const [column, type] of Object.entries(table.columns)) {
      const inIndex = table.key.includes(column) || INDEXED_COLUMNS.has(column);
      const reason = objection(type, row[column] ?? null, inIndex);
      if (reason !== undefined) {
        return { kind: 'unstorable', reason: `${table.name}.${column} ${reason}` };
      }
    }
  }
  return { kind: 'storable', changes };
}

function objection(type: ColumnType, value: ColumnValue, inIndex: boolean): string | undefined {
  if (type === 'timestamptz' && typeof value === 'number') {
    return value < TIMESTAMP_MIN_MS || value > TIMESTAMP_MAX_MS
      ? `${value} ms is not a date`
      : undefined;
  }
  if (inIndex && typeof value === 'string' && Buffer.byteLength(value) > VIEW_LIMITS.keyBytesMax) {
    return `of ${Buffer.byteLength(value)} bytes is too long for an index`;
  }
  return undefined;
}

/** Postgres has no NUL in text; U+FFFD stands for it, as for any character that was lost. */
export function withoutNul(text: string): string {
  return text.replaceAll('\0', '\ufffd');
}

/** The same for JSON, where names may hold one as well. */
export function jsonWithoutNul(value: object): string {
  const json = JSON.stringify(value);
  // Nearly always: nothing that is written as an escape, so nothing to look for.
  return json.includes('\\u0000') ? JSON.stringify(value, mended) : json;
}

function mended(_name: string, part: unknown): unknown {
  if (typeof part === 'string') return withoutNul(part);
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
  return Object.fromEntries(Object.entries(part).map(([name, inner]) => [withoutNul(name), inner]));
}
