import type { CatalogProduct } from '../../../edge/contract/api-types';
import type { EventOf } from '../../../schemas/event';
import { OPS_TOKEN, SHOPPER_TOKEN, buildTestEdge, type TestEdge } from '../in-memory-parts';

const PRODUCT = { sku: 'TEA-001', name: 'Green tea', nameJa: '緑茶', unitPrice: 400 };

interface Standing {
  readonly eventId?: string;
  readonly requestFingerprint?: string;
  readonly active?: boolean;
}

describe('the catalog', () => {
  let edge: TestEdge;

  beforeAll(async () => {
    edge = await buildTestEdge();
  });
  beforeEach(() => edge.reset());
  afterAll(() => edge.app.close());

  async function post(path: string, payload: object, key: string, idToken = OPS_TOKEN) {
    const headers = { cookie: await edge.signIn(idToken), 'idempotency-key': key };
    const url = `/api/admin/products${path}`;
    return edge.app.inject({ method: 'POST', url, headers, payload });
  }

  async function get(path: string, idToken = OPS_TOKEN) {
    const headers = { cookie: await edge.signIn(idToken) };
    return edge.app.inject({ url: `/api/admin/products${path}`, headers });
  }

  /** The product as topic and read models have it. */
  function put(
    version: number,
    { eventId = 'before', requestFingerprint = '', active = true }: Standing = {},
  ): CatalogProduct {
    const texts = { ...PRODUCT, description: 'Leaves.', descriptionJa: '葉', currency: 'JPY' };
    const product = { ...texts, imageUrl: null, active, version, updatedAt: 1 };
    const marks = { eventId, requestFingerprint };
    edge.catalog.known.set('TEA-001', { isForSale: active, version, ...marks });
    edge.readModels.catalog.set('TEA-001', product);
    return product;
  }

  /** What the topic would tell of the last change. */
  function written(): Standing {
    const [last] = edge.log.written.slice(-1).map(({ event }) => event as EventOf<'Product'>);
    if (last === undefined) throw new Error('nothing was written');
    return { eventId: last.eventId, requestFingerprint: last.requestFingerprint };
  }

  test('takes a change of the version that stands, with who made it and why', async () => {
    put(7);
    const body = { ...PRODUCT, unitPrice: 500, expectedVersion: 7, reason: 'a dearer harvest' };
    expect((await post('', body, 'key-1')).statusCode).toBe(202);
    const changed = { unitPrice: 500, actor: 'ops-1', reason: 'a dearer harvest' };
    expect(edge.log.written.map(({ event }) => event)).toEqual([expect.objectContaining(changed)]);
  });

  test('refuses a change of an older version, and a new product that is there already', async () => {
    put(8);
    for (const expectedVersion of [7, null]) {
      const answer = await post(
        '',
        { ...PRODUCT, expectedVersion },
        `key-${String(expectedVersion)}`,
      );
      expect(answer.statusCode).toBe(409);
      expect(answer.json()).toMatchObject({ code: 'STALE_VERSION', field: 'expectedVersion' });
    }
    expect(edge.log.written).toEqual([]);
    edge.catalog.known.clear();
    expect((await post('', { ...PRODUCT, expectedVersion: null }, 'new')).statusCode).toBe(202);
  });

  test('takes one of two changes that are made of one version at once', async () => {
    put(7);
    const answers = await Promise.all(
      [500, 600, 700].map((unitPrice) =>
        post('', { ...PRODUCT, unitPrice, expectedVersion: 7 }, String(unitPrice)),
      ),
    );
    const statuses = answers.map(({ statusCode }) => statusCode).sort((a, b) => a - b);
    expect(statuses).toEqual([202, 409, 409]);
    expect(edge.log.written).toHaveLength(1);
  });

  test('gives the version to another change when Kafka did not take the first', async () => {
    put(7);
    edge.log.down = true;
    const change = (unitPrice: number) =>
      post('', { ...PRODUCT, unitPrice, expectedVersion: 7 }, String(unitPrice));
    expect((await change(500)).statusCode).toBe(503);
    edge.log.down = false;
    expect((await change(600)).statusCode).toBe(202);
  });

  test('answers a repeat of what stands as before, and does not write it again', async () => {
    put(7);
    const body = { ...PRODUCT, unitPrice: 500, expectedVersion: 7 };
    const { eventId } = (await post('', body, 'key-1')).json<{ eventId: string }>();
    put(8, written());
    const repeat = await post('', body, 'key-1');
    expect([repeat.statusCode, repeat.json()]).toEqual([202, { eventId }]);
    edge.idempotency.clear();
    const other = await post('', { ...body, unitPrice: 600 }, 'key-1');
    expect(other.json()).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    expect(edge.log.written).toHaveLength(1);
  });

  test('cannot tell a version before it was read', async () => {
    edge.catalog.loading = true;
    const answer = await post('', { ...PRODUCT, expectedVersion: 7 }, 'key-1');
    expect(answer.json()).toMatchObject({ code: 'CATALOG_LOADING' });
    expect((await post('', PRODUCT, 'key-2')).statusCode).toBe(202);
  });

  describe('a withdrawal', () => {
    const body = { expectedVersion: 7, reason: 'sold out for good' };

    test('leaves the product as it is, but for sale no longer', async () => {
      const { sku, description, descriptionJa } = put(7);
      expect((await post('/TEA-001/withdraw', body, 'key-1')).statusCode).toBe(202);
      const product = { ...PRODUCT, sku, description, descriptionJa };
      const withdrawn = { ...product, active: false, actor: 'ops-1', reason: body.reason };
      expect(edge.log.written).toEqual([
        { topic: 'catalog.products.v1', event: expect.objectContaining(withdrawn) as unknown },
      ]);
    });

    test.each([
      ['of an older version', () => put(8), 409, 'STALE_VERSION'],
      ['that the read models are too far behind for', () => put(6), 503, 'VIEWS_BEHIND'],
      ['of what is withdrawn', () => put(7, { active: false }), 409, 'PRODUCT_WITHDRAWN'],
      ['of nothing', () => edge.readModels.catalog.clear(), 404, 'NOT_FOUND'],
    ])('%s is refused', async (_which, given, status, code) => {
      given();
      const answer = await post('/TEA-001/withdraw', body, 'key-1');
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([status, code]);
      expect(edge.log.written).toEqual([]);
    });

    test('that stands is answered as before', async () => {
      put(7);
      const { eventId } = (await post('/TEA-001/withdraw', body, 'k')).json<{ eventId: string }>();
      put(8, { ...written(), active: false });
      expect((await post('/TEA-001/withdraw', body, 'k')).json()).toEqual({ eventId });
      expect(edge.log.written).toHaveLength(1);
    });
  });

  test('is told to operators alone', async () => {
    const product = put(7, { active: false });
    expect((await get('')).json()).toEqual({ products: [product], next: null });
    expect((await get('/TEA-001/changes')).json()).toEqual({ product, changes: [], next: null });
    for (const path of ['', '/TEA-001/changes']) {
      expect((await get(path, SHOPPER_TOKEN)).statusCode).toBe(403);
    }
    const asShopper = await post(
      '/TEA-001/withdraw',
      { expectedVersion: 7, reason: 'r' },
      'k',
      SHOPPER_TOKEN,
    );
    expect(asShopper.statusCode).toBe(403);
    expect(edge.log.written).toEqual([]);
  });
});
