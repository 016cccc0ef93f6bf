import { OPS_TOKEN, SHOPPER_TOKEN, buildTestEdge, type TestEdge } from '../in-memory-parts';

describe('an answer that is not a success', () => {
  let edge: TestEdge;

  beforeAll(async () => {
    edge = await buildTestEdge();
  });
  beforeEach(() => edge.reset());
  afterAll(() => edge.app.close());

  async function post(url: string, payload: object | string, headers: object = {}) {
    const cookie = await edge.signIn(url.includes('/admin/') ? OPS_TOKEN : SHOPPER_TOKEN);
    const json = { 'content-type': 'application/json', 'idempotency-key': 'key-1' };
    return edge.app.inject({
      method: 'POST',
      url,
      headers: { cookie, ...json, ...headers },
      payload,
    });
  }

  test('is problem details, with the words of one table and the id of the request', async () => {
    const answer = await edge.app.inject({ url: '/api/orders' });
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json()).toEqual({
      type: '/problems/UNAUTHENTICATED',
      title: 'Sign in first.',
      status: 401,
      detail: 'Sign in first.',
      instance: expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/) as string,
      code: 'UNAUTHENTICATED',
      error: { code: 'UNAUTHENTICATED', message: 'Sign in first.' },
    });
  });

  test('names a type that can be looked up', async () => {
    const answer = await edge.app.inject({ url: '/problems/STALE_VERSION' });
    expect(answer.json()).toMatchObject({ code: 'STALE_VERSION', status: 409 });
    const all = (await edge.app.inject({ url: '/problems' })).json<{ problems: object[] }>();
    expect(all.problems.length).toBeGreaterThan(30);
    expect((await edge.app.inject({ url: '/problems/NONE' })).statusCode).toBe(404);
  });

  const items = [{ sku: 'TEA-001', quantity: 1 }];
  test.each([
    ['/api/orders', {}, 'items is missing.'],
    ['/api/orders', { items, coupon: 1 }, 'coupon is not known here; leave it out.'],
    ['/api/orders', { items: 'TEA' }, 'items must be a list.'],
    ['/api/orders', { items: [] }, 'items must be a list of at least 1.'],
    [
      '/api/orders',
      { items: [{ sku: 'a b', quantity: 1 }] },
      'items.0.sku must be 1 to 64 letters, digits, dots, underscores and hyphens.',
    ],
    [
      '/api/orders',
      { items: [{ sku: 'TEA-001', quantity: 0 }] },
      'items.0.quantity must be at least 1.',
    ],
    [
      '/api/orders',
      { items: [{ sku: 'TEA-001', quantity: 1.5 }] },
      'items.0.quantity must be a whole number.',
    ],
    [
      '/api/admin/products',
      { sku: 'A', name: '', nameJa: 'a', unitPrice: 1 },
      'name must be at least 1 characters long.',
    ],
    [
      '/api/admin/products',
      { sku: 'A', name: 'a', nameJa: 'a', unitPrice: 1, imageUrl: 'ftp://x' },
      'imageUrl must be an address that begins with http:// or https://.',
    ],
  ])('says of %s what the field must be, in words: %j', async (url, payload, detail) => {
    const answer = await post(url, payload);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ detail });
  });

  test('a key of the wrong form is told in words, too', async () => {
    const answer = await post('/api/orders', { items }, { 'idempotency-key': 'a b' });
    expect(answer.json()).toMatchObject({
      field: 'idempotency-key',
      detail: 'idempotency-key must be 1 to 255 visible ASCII characters without spaces.',
    });
  });

  test('a body that is said to be packed is refused, whatever it holds', async () => {
    const answer = await post('/api/orders', { items }, { 'content-encoding': 'gzip' });
    expect(answer.statusCode).toBe(415);
    expect(answer.json()).toMatchObject({ code: 'UNSUPPORTED_ENCODING' });
    expect(
      (await post('/api/orders', { items }, { 'content-encoding': 'identity' })).statusCode,
    ).toBe(202);
    const webhook = await post('/webhooks/paypay', '{}', { 'content-encoding': 'gzip' });
    expect(webhook.statusCode).toBe(415);
  });

  test('a bug of ours that throws a SyntaxError is 500, and not said to be the caller’s', async () => {
    const broken = await buildTestEdge();
    broken.app.get('/broken', () => JSON.parse('{') as unknown);
    const answer = await broken.app.inject({ url: '/broken' });
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({
      code: 'INTERNAL',
      detail: 'Something is wrong on our side.',
    });
    await broken.app.close();
  });

  test('what Kafka did not confirm is not said to be untaken', async () => {
    edge.log.down = true;
    const answer = await post('/api/orders', { items });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.json<{ detail: string }>().detail).toContain('may have been taken');
  });
});
