/** One engine after the other: what the first does not answer, the second does. */
import { questionOf } from '../../../platform/search/search-terms';
import { EdgeError } from '../../../edge/errors';
import { inTurn } from '../../../edge/search/product-engines';
import type { ProductSearch, SearchPlace } from '../../../edge/search/product-search';

const found = (sku: string): ProductSearch => ({
  find: (): Promise<readonly SearchPlace[]> => Promise.resolve([{ rank: 0, order: sku, sku }]),
});
const failing = (error: Error): ProductSearch => ({ find: () => Promise.reject(error) });

async function ask(first: ProductSearch, told: unknown[] = []): Promise<readonly string[]> {
  const both = inTurn(first, found('from-postgres'), (error) => told.push(error));
  const places = await both.find(questionOf('tea'), { among: 'everything', limit: 1 });
  return places.map(({ sku }) => sku);
}

test('the first engine is asked alone while it answers', async () => {
  expect(await ask(found('from-opensearch'))).toEqual(['from-opensearch']);
});

test('the second one answers for the first, and its owner is told why', async () => {
  const cause = new Error('connect ECONNREFUSED');
  const told: unknown[] = [];
  const away = failing(new EdgeError('VIEWS_UNAVAILABLE', { cause }));
  expect(await ask(away, told)).toEqual(['from-postgres']);
  expect(told).toEqual([cause]);
});

test('a bug is not passed over', async () => {
  await expect(ask(failing(new TypeError('a bug')))).rejects.toThrow('a bug');
});
