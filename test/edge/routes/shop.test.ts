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

  test('products are found by a part of their name', async () => {
    expect((await get('/api/products?q=tea')).json()).toMatchObject({
      products: [{ sku: 'TEA-001', nameJa: '緑茶', unitPrice: 400, available: 3 }],
    });
    expect((await get('/api/products?q=coffee')).json()).toEqual({ products: [] });
  });

  test.each([
    ['a control character', '/api/products?q=%00', 'q'],
    ['a novel', `/api/products?q=${'x'.repeat(101)}`, 'q'],
    ['an unknown filter', '/api/products?price=1', 'price'],
  ])('a search with %s is refused by name', async (_what, url, field) => {
    const answer = await get(url);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: { field } });
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

  test.each(['/api/products', '/api/account'])('without Postgres %s is 503', async (url) => {
    edge.readModels.down = true;
    expect((await get(url)).statusCode).toBe(503);
  });
});
