import { SHOPPER_TOKEN, OTHER_TOKEN, buildTestEdge, type TestEdge } from '../in-memory-parts';

const PAYPAY = '52.68.128.8';
const STRANGER = '203.0.113.7';
const BODY = { notification_type: 'file.created' };

describe('how often something may be asked for', () => {
  let edge: TestEdge;

  beforeAll(async () => {
    edge = await buildTestEdge({
      rates: { signInsPerMinute: 1e6, ordersPerMinute: 2, webhooksPerMinute: 3 },
    });
  });
  beforeEach(() => edge.reset());
  afterAll(() => edge.app.close());

  function order(cookie: string, key: string, remoteAddress = STRANGER) {
    return edge.app.inject({
      method: 'POST',
      url: '/api/orders',
      remoteAddress,
      headers: { cookie, 'idempotency-key': key },
      payload: { items: [{ sku: 'TEA-001', quantity: 1 }] },
    });
  }

  function webhook(remoteAddress: string, payload: object = BODY) {
    return edge.app.inject({ method: 'POST', url: '/webhooks/paypay', remoteAddress, payload });
  }

  test('a user orders so often, wherever from, and is told what is left', async () => {
    const cookie = await edge.signIn(SHOPPER_TOKEN);
    const first = await order(cookie, 'k1', '203.0.113.1');
    expect(first.statusCode).toBe(202);
    expect(first.headers).toMatchObject({ 'ratelimit-limit': '2', 'ratelimit-remaining': '1' });
    expect((await order(cookie, 'k2', '203.0.113.2')).statusCode).toBe(202);
    const refused = await order(cookie, 'k3', '203.0.113.3');
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    expect(refused.headers).toMatchObject({ 'ratelimit-remaining': '0' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(edge.log.written).toHaveLength(2);
    expect((await order(await edge.signIn(OTHER_TOKEN), 'k4')).statusCode).toBe(202);
  });

  test('a stranger’s webhooks are so many, and one too many is not archived', async () => {
    for (const n of [1, 2, 3]) {
      expect((await webhook(STRANGER, { ...BODY, n })).statusCode).toBe(200);
    }
    const refused = await webhook(STRANGER);
    expect(refused.statusCode).toBe(429);
    expect(refused.headers['retry-after']).toBeDefined();
    expect(edge.log.written).toHaveLength(3);
    const { body } = await edge.app.inject({ url: '/metrics' });
    expect(body).toContain('edge_webhooks_total{status="429",verdict="OVER_RATE"}');
  });

  test('PayPay’s own are never too many: what it is answered 429 would be lost', async () => {
    for (let n = 0; n < 50; n += 1) expect((await webhook(PAYPAY)).statusCode).toBe(200);
    expect(edge.log.written).toHaveLength(50);
  });

  test('addresses of one network of IPv6 are one sender', async () => {
    for (const n of [1, 2, 3]) await webhook(`2001:db8::${String(n)}`);
    expect((await webhook('2001:db8::ffff')).statusCode).toBe(429);
    expect((await webhook('2001:db8:0:1::1')).statusCode).toBe(200);
  });

  test('without Redis an edge counts webhooks by itself, and takes them', async () => {
    edge.rates.down = true;
    edge.sessions.down = true;
    const statuses: number[] = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await webhook('203.0.113.99')).statusCode);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await webhook(PAYPAY)).statusCode).toBe(200);
  });
});
