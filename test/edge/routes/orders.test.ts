import { eventId, orderIdOf } from '../../../schemas/event-id';
import {
  OPS_TOKEN,
  OTHER_TOKEN,
  SHOPPER_TOKEN,
  buildTestEdge,
  type TestEdge,
} from '../in-memory-parts';
import { ORDER_ID, orderRow } from '../rows';

const ITEMS = [{ sku: 'TEA-001', quantity: 2 }];

describe('POST /api/orders', () => {
  let edge: TestEdge;
  let cookie: string;

  beforeAll(async () => {
    edge = await buildTestEdge();
    cookie = await edge.signIn(SHOPPER_TOKEN);
  });
  beforeEach(() => edge.reset());
  afterAll(() => edge.app.close());

  function place(payload: object | string, headers: Record<string, string> = {}) {
    return edge.app.inject({
      method: 'POST',
      url: '/api/orders',
      headers: {
        cookie,
        'content-type': 'application/json',
        'idempotency-key': 'key-1',
        ...headers,
      },
      payload,
    });
  }

  test('answers 202 with an order id made of the user and the key', async () => {
    const answer = await place({ items: ITEMS });
    const orderId = orderIdOf('shopper-1', 'key-1');
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toEqual({ orderId });
    expect(edge.log.written).toEqual([
      {
        topic: 'orders.requests.v1',
        event: expect.objectContaining({
          type: 'PurchaseRequested',
          eventId: eventId(orderId, 'purchase'),
          orderId,
          userId: 'shopper-1',
          idempotencyKey: 'key-1',
          items: ITEMS,
        }) as unknown,
      },
    ]);
  });

  test('a repeat is the same event again', async () => {
    await place({ items: ITEMS });
    const again = await place({ items: ITEMS });
    expect(again.statusCode).toBe(202);
    const ids = edge.log.written.map(({ event }) => 'eventId' in event && event.eventId);
    expect(new Set(ids).size).toBe(1);
  });

  test('the same key with another body is a conflict', async () => {
    await place({ items: ITEMS });
    const answer = await place({ items: [{ sku: 'TEA-001', quantity: 3 }] });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({
      error: { code: 'IDEMPOTENCY_CONFLICT', field: 'idempotency-key' },
    });
    expect(edge.log.written).toHaveLength(1);
  });

  test('a body that Kafka did not take may be mended under the same key', async () => {
    edge.log.down = true;
    expect((await place({ items: ITEMS })).statusCode).toBe(503);
    edge.log.down = false;
    expect((await place({ items: [{ sku: 'TEA-001', quantity: 1 }] })).statusCode).toBe(202);
  });

  test('without Kafka it is 503 and says so', async () => {
    edge.log.down = true;
    const answer = await place({ items: ITEMS });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.json()).toMatchObject({ error: { code: 'LOG_UNAVAILABLE' } });
  });

  test('without Postgres orders are taken all the same', async () => {
    edge.readModels.down = true;
    expect((await place({ items: ITEMS })).statusCode).toBe(202);
  });

  test('of a burst with two bodies under one key only one body is taken', async () => {
    const bodies = [{ items: ITEMS }, { items: [{ sku: 'TEA-001', quantity: 3 }] }];
    const answers = await Promise.all([...bodies, ...bodies].map((body) => place(body)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 422, 202, 422]);
    const items = edge.log.written.map(({ event }) => event as { items?: unknown });
    expect(items).toMatchObject([{ items: ITEMS }, { items: ITEMS }]);
  });

  test('without Redis it is 503 and nothing is written', async () => {
    edge.sessions.down = true;
    const answer = await place({ items: ITEMS });
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ error: { code: 'SESSIONS_UNAVAILABLE' } });
    expect(edge.log.written).toEqual([]);
  });

  test('while the catalog is being read it is 503', async () => {
    edge.catalog.loading = true;
    const answer = await place({ items: ITEMS });
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ error: { code: 'CATALOG_LOADING' } });
  });

  test('without a key it is 400', async () => {
    const answer = await place({ items: ITEMS }, { 'idempotency-key': '' });
    expect(answer.statusCode).toBe(400);
    const { app } = edge;
    const missing = await app.inject({
      method: 'POST',
      url: '/api/orders',
      headers: { cookie },
      payload: { items: ITEMS },
    });
    expect(missing.statusCode).toBe(400);
    expect(missing.json()).toMatchObject({ error: { code: 'IDEMPOTENCY_KEY_MISSING' } });
  });

  const item = (over: object) => ({ items: [{ sku: 'TEA-001', quantity: 1, ...over }] });
  const many = Array.from({ length: 51 }, (_, n) => ({ sku: `TEA-${String(n)}`, quantity: 1 }));
  test.each([
    ['an unknown sku', item({ sku: 'NO-SUCH' }), 422, 'UNKNOWN_SKU', 'items.0.sku'],
    ['a sku named twice', { items: [...ITEMS, ...ITEMS] }, 422, 'DUPLICATE_SKU', 'items.1.sku'],
    ['a negative quantity', item({ quantity: -1 }), 400, 'INVALID_FIELD', 'items.0.quantity'],
    ['no quantity at all', item({ quantity: 0 }), 400, 'INVALID_FIELD', 'items.0.quantity'],
    ['half a piece', item({ quantity: 1.5 }), 400, 'INVALID_FIELD', 'items.0.quantity'],
    ['a quantity as text', item({ quantity: '1' }), 400, 'INVALID_FIELD', 'items.0.quantity'],
    ['a huge quantity', item({ quantity: 1e12 }), 400, 'INVALID_FIELD', 'items.0.quantity'],
    ['a sku that is no text', item({ sku: 7 }), 400, 'INVALID_FIELD', 'items.0.sku'],
    ['no sku', { items: [{ quantity: 1 }] }, 400, 'MISSING_FIELD', 'items.0.sku'],
    [
      'a field of an item that is not known',
      item({ price: 1 }),
      400,
      'UNKNOWN_FIELD',
      'items.0.price',
    ],
    ['a field that is not known', { items: ITEMS, total: 1 }, 400, 'UNKNOWN_FIELD', 'total'],
    ['nothing to buy', { items: [] }, 400, 'INVALID_FIELD', 'items'],
    ['too much to buy', { items: many }, 400, 'INVALID_FIELD', 'items'],
    ['no items', {}, 400, 'MISSING_FIELD', 'items'],
    ['a list', [], 400, 'INVALID_FIELD', 'body'],
  ])('%s is refused by name', async (_what, payload, status, code, field) => {
    const answer = await place(payload);
    expect(answer.json()).toMatchObject({ error: { code, field } });
    expect(answer.statusCode).toBe(status);
    expect(edge.log.written).toEqual([]);
  });

  test.each([
    ['half a JSON', '{"items":', 400, 'MALFORMED_JSON'],
    ['nothing', '', 400, 'MALFORMED_JSON'],
    ['a prototype', '{"__proto__":{"a":1},"items":[]}', 400, 'MALFORMED_JSON'],
    ['too many bytes', `{"items":"${'x'.repeat(40_000)}"}`, 413, 'BODY_TOO_LARGE'],
  ])('%s is refused', async (_what, payload, status, code) => {
    const answer = await place(payload);
    expect(answer.json()).toMatchObject({ error: { code } });
    expect(answer.statusCode).toBe(status);
  });

  test('another media type is refused', async () => {
    const answer = await place('items=1', { 'content-type': 'text/plain' });
    expect(answer.statusCode).toBe(415);
    expect(answer.json()).toMatchObject({ error: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
  });

  test('without a session it is 401', async () => {
    const answer = await place({ items: ITEMS }, { cookie: 'sid=guessed' });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ error: { code: 'UNAUTHENTICATED' } });
  });

  test('a page of another origin changes nothing', async () => {
    const answer = await place({ items: ITEMS }, { origin: 'https://evil.example' });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ error: { code: 'CROSS_ORIGIN' } });
    expect(edge.log.written).toEqual([]);
  });

  test('a page of its own origin may order', async () => {
    const own = cookie.replace('sid=', '__Host-sid=');
    const same = { origin: 'http://shop.example', host: 'shop.example', cookie: own };
    expect((await place({ items: ITEMS }, same)).statusCode).toBe(202);
  });
});

describe('POST /api/orders/:orderId/cancel', () => {
  let edge: TestEdge;

  beforeAll(async () => {
    edge = await buildTestEdge();
  });
  beforeEach(() => edge.reset());
  afterAll(() => edge.app.close());

  async function cancel(idToken: string, orderId = ORDER_ID) {
    return edge.app.inject({
      method: 'POST',
      url: `/api/orders/${orderId}/cancel`,
      headers: { cookie: await edge.signIn(idToken) },
      payload: { reason: 'changed my mind' },
    });
  }

  test('the owner asks, and the answer is 202 once Kafka has it', async () => {
    edge.readModels.orderRows.push(orderRow());
    const answer = await cancel(SHOPPER_TOKEN);
    expect(answer.statusCode).toBe(202);
    expect(edge.log.written[0]?.event).toMatchObject({
      type: 'CancellationRequested',
      orderId: ORDER_ID,
      userId: 'shopper-1',
      reason: 'changed my mind',
    });
  });

  test('for another shopper there is no such order', async () => {
    edge.readModels.orderRows.push(orderRow());
    expect((await cancel(OTHER_TOKEN)).statusCode).toBe(404);
    expect(edge.log.written).toEqual([]);
  });

  test('an operator sees the order but is not its owner', async () => {
    edge.readModels.orderRows.push(orderRow());
    const answer = await cancel(OPS_TOKEN);
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ error: { code: 'NOT_OWNER' } });
  });

  test('an order that has ended is 409', async () => {
    edge.readModels.orderRows.push(orderRow({ status: 'PAID' }));
    const answer = await cancel(SHOPPER_TOKEN);
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ error: { code: 'ORDER_ENDED' } });
  });

  test('without Postgres it is taken: orders checks the owner itself', async () => {
    edge.readModels.down = true;
    expect((await cancel(SHOPPER_TOKEN)).statusCode).toBe(202);
  });

  test('an id that is no UUID is refused by name', async () => {
    const answer = await cancel(SHOPPER_TOKEN, 'DROP TABLE');
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: { field: 'orderId' } });
  });
});
