/** A place in the order of a list as the text that a caller sends back; of the same list on any engine. */
import { EdgeError } from '../errors';
import { cursorOf, valuesIn } from '../read-models/cursor';
import { RANKS, type SearchPlace } from './product-search';

const RANKS_KNOWN: readonly unknown[] = Object.values(RANKS);

export function cursorText({ rank, order, sku }: SearchPlace): string {
  return cursorOf([rank, order, sku]);
}

/** Throws INVALID_FIELD for what no page ended with. */
export function placeOf(cursor: string, field: string): SearchPlace {
  const [rank, order, sku] = valuesIn(cursor);
  const isPlace =
    RANKS_KNOWN.includes(rank) && isPlainText(order) && isPlainText(sku) && sku !== '';
  if (!isPlace) throw new EdgeError('INVALID_FIELD', { field });
  return { rank: rank as number, order, sku };
}

/** Neither Postgres nor a name has a zero byte. */
function isPlainText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0');
}
