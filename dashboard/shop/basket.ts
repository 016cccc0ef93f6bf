/**
 * What the shopper is about to order. What always holds: one basket is one order, however often its
 * request is repeated: the Idempotency-Key changes only with what is in the basket. Both are kept in
 * the browser, so that a reload loses nothing and orders nothing twice.
 */
import { shallowRef } from 'vue';
import type { OrderAccepted } from '../../edge/contract/api-types';
import type { Answer } from '../api/answer';
import type { EdgeApi } from '../api/edge-api';

export interface BasketLine {
  readonly sku: string;
  readonly quantity: number;
}

/** Where the basket is kept; a browser may refuse, and then it lasts as long as the page. */
export interface BasketStorage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
}

interface Kept {
  readonly lines: readonly BasketLine[];
  readonly idempotencyKey: string;
}

const NAME = 'basket';

export class Basket {
  readonly lines = shallowRef<readonly BasketLine[]>([]);
  private idempotencyKey: string = crypto.randomUUID();

  constructor(private readonly storage: BasketStorage) {
    const kept = keptIn(storage);
    if (kept === undefined) return;
    this.lines.value = kept.lines;
    this.idempotencyKey = kept.idempotencyKey;
  }

  quantityOf(sku: string): number {
    return this.lines.value.find((line) => line.sku === sku)?.quantity ?? 0;
  }

  /** Zero takes the product out. */
  put(sku: string, quantity: number): void {
    const changed = this.lines.value.map((line) => (line.sku === sku ? { sku, quantity } : line));
    const known = changed.some((line) => line.sku === sku);
    const lines = known ? changed : [...changed, { sku, quantity }];
    this.fill(lines.filter((line) => line.quantity > 0));
  }

  clear(): void {
    this.fill([]);
  }

  /** Empties the basket once the order is taken; else everything stays for another try. */
  async order(api: Pick<EdgeApi, 'placeOrder'>): Promise<Answer<OrderAccepted>> {
    const ordered = this.lines.value;
    const answer = await api.placeOrder({ items: [...ordered] }, this.idempotencyKey);
    if (answer.kind === 'ok' && this.lines.value === ordered) this.clear();
    return answer;
  }

  private fill(lines: readonly BasketLine[]): void {
    this.lines.value = lines;
    this.idempotencyKey = crypto.randomUUID();
    const kept: Kept = { lines, idempotencyKey: this.idempotencyKey };
    try {
      this.storage.setItem(NAME, JSON.stringify(kept));
    } catch {
      // Full, or not allowed: the basket still lasts as long as the page.
    }
  }
}

/** Undefined for what is not there, or was not written by a basket. */
function keptIn(storage: BasketStorage): Kept | undefined {
  try {
    const kept = JSON.parse(storage.getItem(NAME) ?? 'null') as Partial<Kept> | null;
    if (typeof kept?.idempotencyKey !== 'string' || !Array.isArray(kept.lines)) return undefined;
    const lines = (kept.lines as readonly Partial<BasketLine>[]).flatMap(({ sku, quantity }) =>
      typeof sku === 'string' && Number.isInteger(quantity) && Number(quantity) > 0
        ? [{ sku, quantity: Number(quantity) }]
        : [],
    );
    return { lines, idempotencyKey: kept.idempotencyKey };
  } catch {
    return undefined;
  }
}
