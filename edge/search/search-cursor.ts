/** A place in the order of a list as the text that a caller sends back; of the same list on any engine. */
import { EdgeError } from '../errors';
import type { SearchPlace } from './product-search';

export function cursorText({ rank, order, sku }: SearchPlace): string {
  return Buffer.from(JSON.stringify([rank, order, sku])).toString('base64url');
}

/** Throws INVALID_FIELD for what no page ended with. */
export function placeOf(cursor: string, field: string): SearchPlace {
  const parts = parsed(Buffer.from(cursor, 'base64url').toString('utf8'));
  const [rank, order, sku] = Array.isArray(parts) ? (parts as readonly unknown[]) : [];
  const isPlace =
    Number.isSafeInteger(rank) && isPlainText(order) && isPlainText(sku) && sku !== '';
  if (!isPlace) throw new EdgeError('INVALID_FIELD', { field });
  return { rank: rank as number, order, sku };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Neither Postgres nor a name has a zero byte. */
function isPlainText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0');
}
