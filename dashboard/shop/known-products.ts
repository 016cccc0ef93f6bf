/**
 * The products that were on the screen, by sku: what lies in the basket has a name and a price though
 * the list shows something else now. What the basket holds from before is looked up once.
 */
import { shallowRef } from 'vue';
import type { ProductView } from '../../edge/contract/api-types';
import type { EdgeApi } from '../api/edge-api';

export class KnownProducts {
  readonly bySku = shallowRef<ReadonlyMap<string, ProductView>>(new Map());
  private readonly asked = new Set<string>();

  constructor(private readonly api: Pick<EdgeApi, 'products'>) {}

  learn(products: readonly ProductView[]): void {
    const news = products.map((product) => [product.sku, product] as const);
    this.bySku.value = new Map([...this.bySku.value, ...news]);
  }

  /** Its sku stands for one that is not found: it is no longer for sale, or cannot be read now. */
  async lookUp(skus: readonly string[]): Promise<void> {
    const unknown = skus.filter((sku) => !this.bySku.value.has(sku) && !this.asked.has(sku));
    for (const sku of unknown) this.asked.add(sku);
    const answers = await Promise.all(
      unknown.map((sku) => this.api.products({ query: sku, limit: '1' })),
    );
    const found = answers.flatMap((answer) => (answer.kind === 'ok' ? answer.value.products : []));
    // What is like the sku is not what lies in the basket.
    this.learn(found.filter(({ sku }) => unknown.includes(sku)));
  }
}
