/**
 * Where a page of a list ends, as a text that callers pass back: the values that the list is sorted
 * by, of the page's last row. A row that comes meanwhile moves no other one to another page.
 */
import { AVRO_INT_MAX } from '../contract/numbers';
import { EdgeError } from '../errors';

/** What a list is sorted by. */
export type SortKind = 'instant' | 'int' | 'long' | 'text';
export type SortValue = string | number;

/** Beyond it, and long before 1970, Postgres has no times. */
const INSTANT_MAX_MS = 253_402_300_799_999;
const TEXT_CHARACTERS_MAX = 200;

export function cursorOf(values: readonly SortValue[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** Throws `INVALID_FIELD` on what `cursorOf` did not make for a list of this order. */
export function sortValuesOf(
  cursor: string | undefined,
  kinds: readonly SortKind[],
): readonly (SortValue | null)[] {
  if (cursor === undefined) return kinds.map(() => null);
  const values = valuesIn(cursor);
  const fits = values.length === kinds.length && kinds.every((kind, n) => isA(kind, values[n]));
  if (fits) return values as SortValue[];
  const detail = 'before must be the `next` of the page before.';
  throw new EdgeError('INVALID_FIELD', { field: 'before', detail });
}

/** The cursor of the page that follows; null: this was the last. */
export function nextOf<Row>(
  rows: readonly Row[],
  limit: number,
  sortedBy: (row: Row) => readonly SortValue[],
): string | null {
  const last = rows.at(-1);
  return last === undefined || rows.length < limit ? null : cursorOf(sortedBy(last));
}

/** The newest first; of one moment by their ids. */
export const BY_TIME: readonly SortKind[] = ['instant', 'text'];

/**
 * In SQL: the rows behind a cursor of a list sorted `BY_TIME`, whose two values are the parameters from
 * number `first` on; all rows without one.
 */
export function isBehind(time: string, id: string, first: number): string {
  const [at, which] = [`$${String(first)}`, `$${String(first + 1)}`];
  return `(${at}::bigint is null or ${time} < to_timestamp(${at} / 1000.0)
    or (${time} = to_timestamp(${at} / 1000.0) and ${id} > ${which}::text))`;
}

/** What stands in a cursor, whoever made it; nothing when it is none. */
export function valuesIn(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) ? (value as unknown[]) : [];
  } catch {
    return [];
  }
}

function isA(kind: SortKind, value: unknown): boolean {
  const within = (max: number) => Number.isSafeInteger(value) && Math.abs(Number(value)) <= max;
  switch (kind) {
    case 'instant':
      return within(INSTANT_MAX_MS) && Number(value) >= 0;
    case 'int':
      return within(AVRO_INT_MAX);
    case 'long':
      return within(Number.MAX_SAFE_INTEGER);
    case 'text':
      // Postgres takes no zero byte in text.
      return (
        typeof value === 'string' && value.length <= TEXT_CHARACTERS_MAX && !value.includes('\0')
      );
  }
}
