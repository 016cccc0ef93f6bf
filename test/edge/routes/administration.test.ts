import type { SpendingLimitHistory, StockHistory } from '../../../edge/contract/api-types';
import { OPS_TOKEN, SHOPPER_TOKEN, buildTestEdge, type TestEdge } from '../in-memory-parts';

const PRODUCT = { sku: 'TEA-001', name: 'Green tea', nameJa: '緑茶', unitPrice: 400 };

describe('administration', () => {
  let edge: TestEdge;

  beforeAll(async () => {
    edge = await buildTestEdge();
  });
  beforeEach(() => edge.reset());
  afterAll(() => edge.app.close());

  async function post(path: string, payload: object, idToken = OPS_TOKEN, key = 'key-1') {
    const cookie = await edge.signIn(idToken);
    const headers = { cookie, ...(key === '' ? {} : { 'idempotency-key': key }) };
    return edge.app.inject({ method: 'POST', url: `/api/admin/${path}`, headers, payload });
  }

  test.each([
    [
      'products',
      PRODUCT,
      'catalog.products.v1',
      { type: 'Product', ...PRODUCT, currency: 'JPY', active: true, imageUrl: null },
    ],
    [
      'stock',
      { sku: 'TEA-001', quantity: 5 },
      'inventory.requests.v1',
      { type: 'StockReceived', sku: 'TEA-001', quantity: 5, actor: 'ops-1' },
    ],
    [
      'stock/adjustments',
      { sku: 'TEA-001', quantity: -450, reason: 'booked by mistake' },
      'inventory.requests.v1',
      {
        type: 'StockAdjustmentRequested',
        sku: 'TEA-001',
        quantity: -450,
        reason: 'booked by mistake',
        actor: 'ops-1',
      },
    ],
    [
      'spending-limits',
      { userId: 'shopper-1', limit: 5_000 },
      'accounts.requests.v1',
      {
        type: 'SpendingLimitChanged',
        userId: 'shopper-1',
        limit: 5_000,
        actor: 'ops-1',
        reason: '',
      },
    ],
    [
      'spending-limits',
      { userId: 'shopper-1', limit: 500, reason: 'a typing error' },
      'accounts.requests.v1',
      { type: 'SpendingLimitChanged', limit: 500, actor: 'ops-1', reason: 'a typing error' },
    ],
  ])('%s become events, with the operator as actor', async (path, payload, topic, event) => {
    const answer = await post(path, payload);
    expect(answer.statusCode).toBe(202);
    const { eventId } = answer.json<{ eventId: string }>();
    expect(edge.log.written).toEqual([
      { topic, event: expect.objectContaining({ eventId, ...event }) as unknown },
    ]);
  });

  test('a repeat has the same eventId, another key or another thing a new one', async () => {
    const stock = { sku: 'TEA-001', quantity: 5 };
    const idOf = async (path: string, body: object, key: string) =>
      (await post(path, body, OPS_TOKEN, key)).json<{ eventId: string }>().eventId;
    const first = await idOf('stock', stock, 'a');
    expect(await idOf('stock', stock, 'a')).toBe(first);
    expect(await idOf('stock', stock, 'b')).not.toBe(first);
    expect(await idOf('products', PRODUCT, 'a')).not.toBe(first);
  });

  test('a shopper may not', async () => {
    expect((await post('products', PRODUCT, SHOPPER_TOKEN)).statusCode).toBe(403);
    expect(edge.log.written).toEqual([]);
  });

  test('without a key it is 400', async () => {
    expect((await post('products', PRODUCT, OPS_TOKEN, '')).json()).toMatchObject({
      error: { code: 'IDEMPOTENCY_KEY_MISSING', field: 'idempotency-key' },
    });
  });

  test.each([
    ['products', { ...PRODUCT, unitPrice: 0 }, 'unitPrice'],
    ['products', { ...PRODUCT, unitPrice: 1.5 }, 'unitPrice'],
    ['products', { ...PRODUCT, sku: 'a b' }, 'sku'],
    ['products', { ...PRODUCT, name: '' }, 'name'],
    ['products', { ...PRODUCT, imageUrl: 'javascript:alert(1)' }, 'imageUrl'],
    ['stock', { sku: 'TEA-001', quantity: -5 }, 'quantity'],
    ['stock', { sku: 'TEA-001', quantity: 2 ** 40 }, 'quantity'],
    ['stock/adjustments', { sku: 'TEA-001', quantity: 0, reason: 'r' }, 'quantity'],
    ['stock/adjustments', { sku: 'TEA-001', quantity: -(2 ** 40), reason: 'r' }, 'quantity'],
    ['stock/adjustments', { sku: 'TEA-001', quantity: -1 }, 'reason'],
    ['stock/adjustments', { sku: 'TEA-001', quantity: -1, reason: '' }, 'reason'],
    ['spending-limits', { userId: 'u', limit: -1 }, 'limit'],
    ['spending-limits', { limit: 1 }, 'userId'],
    ['spending-limits', { userId: 'u', limit: 1, reason: '' }, 'reason'],
    ['spending-limits', { userId: 'u', limit: 1, currency: 'USD' }, 'currency'],
  ])('%s with %j is refused by name', async (path, payload, field) => {
    const answer = await post(path, payload);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: { field } });
    expect(edge.log.written).toEqual([]);
  });

  describe('a correction of stock', () => {
    const body = { sku: 'TEA-001', quantity: -450, reason: 'booked by mistake' };
    const asked = { quantity: -450, reason: 'booked by mistake', actor: 'ops-1', requestedAt: 1 };

    /** The stock of the read models. */
    function put(available: number, adjustments: StockHistory['adjustments'] = []): void {
      const level = { sku: 'TEA-001', total: available + 120, available, reserved: 120, sold: 0 };
      edge.readModels.stock.set('TEA-001', { level, adjustments, next: null });
    }

    test('of more than is available is refused at once, with the figures', async () => {
      put(449);
      const answer = await post('stock/adjustments', body);
      expect(answer.statusCode).toBe(409);
      expect(answer.json()).toMatchObject({
        error: {
          code: 'STOCK_NOT_AVAILABLE',
          field: 'quantity',
          message:
            '449 of TEA-001 are available and 120 reserved for open orders; at most 449 can be taken off.',
        },
      });
      expect(edge.log.written).toEqual([]);
      put(450);
      expect((await post('stock/adjustments', body)).statusCode).toBe(202);
    });

    test('that was taken is 202 again, though the stock has moved on', async () => {
      put(450);
      const { eventId } = (await post('stock/adjustments', body)).json<{ eventId: string }>();
      const figures = { available: 0, reserved: 120, decidedAt: 2 };
      put(0, [{ eventId, ...asked, status: 'ADJUSTED', ...figures }]);
      expect((await post('stock/adjustments', body)).json()).toEqual({ eventId });
      expect((await post('stock/adjustments', body, OPS_TOKEN, 'key-2')).statusCode).toBe(409);
    });

    test('is told with what became of it', async () => {
      const figures = { available: 380, reserved: 120, decidedAt: 2 };
      put(380, [{ eventId: 'request-1', ...asked, status: 'REJECTED', ...figures }]);
      const headers = { cookie: await edge.signIn(OPS_TOKEN) };
      const url = '/api/admin/stock/TEA-001/adjustments';
      const answer = await edge.app.inject({ url, headers });
      expect(answer.json()).toEqual(edge.readModels.stock.get('TEA-001'));
      const shopper = { cookie: await edge.signIn(SHOPPER_TOKEN) };
      expect((await edge.app.inject({ url, headers: shopper })).statusCode).toBe(403);
    });
  });

  test('the stock is told to operators alone, a page after another, and never empty without Postgres', async () => {
    const level = (sku: string) => ({ sku, total: 10, available: 7, reserved: 2, sold: 1 });
    for (const sku of ['CUP-002', 'TEA-001']) {
      edge.readModels.stock.set(sku, { level: level(sku), adjustments: [], next: null });
    }
    const read = async (idToken: string, query = '') => {
      const headers = { cookie: await edge.signIn(idToken) };
      return edge.app.inject({ url: `/api/admin/stock${query}`, headers });
    };
    const [cup, tea] = ['CUP-002', 'TEA-001'].map((sku) => ({ ...level(sku), name: null }));
    expect((await read(OPS_TOKEN)).json()).toEqual({ lines: [cup, tea], next: null });
    expect((await read(OPS_TOKEN, '?after=CUP-002')).json()).toEqual({ lines: [tea], next: null });
    expect((await read(OPS_TOKEN, '?after=a%20b')).json()).toMatchObject({
      error: { code: 'INVALID_FIELD', field: 'after' },
    });
    expect((await read(SHOPPER_TOKEN)).statusCode).toBe(403);
    edge.readModels.down = true;
    expect((await read(OPS_TOKEN)).json()).toMatchObject({ error: { code: 'VIEWS_UNAVAILABLE' } });
  });

  test('the history of a spending limit tells who changed it and why, also when it holds nothing new', async () => {
    const account = {
      userId: 'shopper-1',
      limit: 500,
      available: -1_500,
      held: 2_000,
      used: 0,
      currency: 'JPY',
    };
    const change = {
      eventId: 'change-1',
      limit: 500,
      currency: 'JPY',
      reason: 'a typing error',
      actor: 'ops-1',
      changedAt: 1,
    };
    edge.readModels.accounts.set('shopper-1', account);
    edge.readModels.limitChanges.set('shopper-1', [change]);
    const headers = { cookie: await edge.signIn(OPS_TOKEN) };
    const of = async (userId: string) => {
      const answer = await edge.app.inject({
        url: `/api/admin/spending-limits/${userId}`,
        headers,
      });
      return answer.json<SpendingLimitHistory>();
    };
    expect(await of('shopper-1')).toEqual({ account, changes: [change], next: null });
    expect(await of('nobody')).toEqual({ account: null, changes: [], next: null });
  });

  test('without Kafka it is 503', async () => {
    edge.log.down = true;
    expect((await post('products', PRODUCT)).statusCode).toBe(503);
  });
});
