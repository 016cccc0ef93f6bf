import { SHOPPER_TOKEN, buildTestEdge, type TestEdge } from '../in-memory-parts';

describe('the shop', () => {
  let edge: TestEdge;
  let cookie: string;

  beforeAll(async () => {
    edge = await buildTestEdge();
    cookie = await edge.signIn(SHOPPER_TOKEN);
  });
  beforeEach(() => edge.reset());
  afterAll(() => edge.app.close());

  const get = (url: string) => edge.app.inject({ url, headers: { cookie } });
  const skus = async (url: string) => {
    const { products } = (await get(url)).json<{ products: { sku: string }[] }>();
    return products.map(({ sku }) => sku);
  };

  test('everything is listed when nothing is searched for', async () => {
    for (const url of ['/api/products', '/api/products?query=', '/api/products?query=%20']) {
      expect(await skus(url)).toEqual(['CUP-002', 'TEA-001']);
    }
  });

  test('what is searched for is found, whole, by the former name of the query too', async () => {
    for (const name of ['query', 'q']) {
      expect((await get(`/api/products?${name}=tea`)).json()).toMatchObject({
        products: [{ sku: 'TEA-001', nameJa: '緑茶', unitPrice: 400, available: 3 }],
        next: null,
      });
      expect(await skus(`/api/products?${name}=coffee`)).toEqual([]);
    }
  });

  test.each(['', '&query=tea'])('pages follow each other by their cursors: %p', async (query) => {
    const { next } = (await get(`/api/products?limit=1${query}`)).json<{ next: string }>();
    const after = encodeURIComponent(next);
    const second = (await get(`/api/products?limit=1&after=${after}${query}`)).json<{
      products: { sku: string }[];
      next: string | null;
    }>();
    const seen = [
      ...(await skus(`/api/products?limit=1${query}`)),
      ...second.products.map((p) => p.sku),
    ];
    expect(seen).toEqual(query === '' ? ['CUP-002', 'TEA-001'] : ['TEA-001']);
  });

  test('suggestions are names in the language of what was typed', async () => {
    expect((await get('/api/products/suggest?prefix=gre')).json()).toEqual({
      suggestions: [{ sku: 'TEA-001', text: 'Green tea', language: 'en' }],
    });
    expect((await get(`/api/products/suggest?prefix=${encodeURIComponent('緑')}`)).json()).toEqual({
      suggestions: [{ sku: 'TEA-001', text: '緑茶', language: 'ja' }],
    });
  });

  test.each([
    ['a control character', '/api/products?query=%00', 'query'],
    ['a novel', `/api/products?query=${'x'.repeat(101)}`, 'query'],
    ['an unknown filter', '/api/products?price=1', 'price'],
    ['a cursor that no page gave', '/api/products?after=nonsense', 'after'],
    ['a cursor of another shape', `/api/products?after=${btoa('["0","a","b"]')}`, 'after'],
    ['a cursor with a zero byte', `/api/products?after=${btoa('[0,"\\u0000","b"]')}`, 'after'],
    ['no products at all', '/api/products?limit=0', 'limit'],
    ['a half product', '/api/products?limit=1.5', 'limit'],
    ['no prefix', '/api/products/suggest', 'prefix'],
  ])('a search with %s is refused by name', async (_what, url, field) => {
    const answer = await get(url);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: { field } });
  });

  test('who is not signed in sees no products', async () => {
    expect((await edge.app.inject({ url: '/api/products/suggest?prefix=t' })).statusCode).toBe(401);
  });

  test('a shopper who never ordered has nothing held and nothing used', async () => {
    expect((await get('/api/account')).json()).toEqual({
      userId: 'shopper-1',
      limit: null,
      available: null,
      held: 0,
      used: 0,
      currency: 'JPY',
    });
  });

  test('the spending limit is the shopper’s own', async () => {
    const account = { limit: 100_000, available: 99_200, held: 800, used: 0, currency: 'JPY' };
    edge.readModels.accounts.set('shopper-1', { userId: 'shopper-1', ...account });
    edge.readModels.accounts.set('shopper-2', { userId: 'shopper-2', ...account, held: 1 });
    expect((await get('/api/account')).json()).toEqual({ userId: 'shopper-1', ...account });
  });

  test.each([
    '/api/products',
    '/api/products?query=tea',
    '/api/products/suggest?prefix=tea',
    '/api/account',
  ])('without Postgres %s is 503', async (url) => {
    edge.readModels.down = true;
    expect((await get(url)).statusCode).toBe(503);
  });

  test('while the engine is away, a search is 503 and the list is there', async () => {
    edge.search.down = true;
    for (const url of ['/api/products?query=tea', '/api/products/suggest?prefix=tea']) {
      const answer = await get(url);
      expect(answer.statusCode).toBe(503);
      expect(answer.json()).toMatchObject({ error: { code: 'VIEWS_UNAVAILABLE' } });
    }
    expect((await get('/api/products')).statusCode).toBe(200);
  });
});
