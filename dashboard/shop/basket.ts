/**
 * What the shopper is about to order. What always holds: one basket is one order, however often its
 * request is repeated: the Idempotency-Key changes only with what is in the basket.
 */
import { shallowRef } from 'vue';
import type { OrderAccepted } from '../../edge/api';
import type { Answer } from '../api/answer';
import type { EdgeApi } from '../api/edge-api';

export interface BasketLine {
  readonly sku: string;
  readonly quantity: number;
}

export class Basket {
  readonly lines = shallowRef<readonly BasketLine[]>([]);
  private idempotencyKey: string = crypto.randomUUID();

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
  }
}
