import type { ProductQuery, ProductView } from '../../../edge/contract/api-types';
import { KnownProducts } from '../../../dashboard/shop/known-products';

const product = (sku: string): ProductView => ({
  ...{ sku, name: `${sku}!`, nameJa: '', description: '', descriptionJa: '' },
  ...{ unitPrice: 1, currency: 'JPY', imageUrl: null, available: 1 },
});

describe('the products that are known', () => {
  let asked: string[];
  let known: KnownProducts;

  beforeEach(() => {
    asked = [];
    known = new KnownProducts({
      products: ({ query = '' }: ProductQuery) => {
        asked.push(query);
        if (query === 'away') return Promise.resolve({ kind: 'unreachable', message: '' });
        const products = [product(query === 'tee' ? 'tea' : query)];
        return Promise.resolve({ kind: 'ok', value: { products, next: null } });
      },
    });
  });

  const skus = () => [...known.bySku.value.keys()];

  test('are those that were shown, and those of the basket, each looked up once', async () => {
    known.learn([product('tea')]);
    await known.lookUp(['tea', 'cup']);
    await known.lookUp(['tea', 'cup']);
    expect([skus(), asked]).toEqual([['tea', 'cup'], ['cup']]);
  });

  test('are not those that are only like what lies in the basket, or could not be read', async () => {
    await known.lookUp(['tee', 'away']);
    expect(skus()).toEqual([]);
  });
});
