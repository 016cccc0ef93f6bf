import { buildTestEdge, type TestEdge } from '../in-memory-parts';
import { ORDER_ID } from '../rows';

const BODY = {
  notification_type: 'Transaction',
  merchant_id: '100',
  store_id: null,
  pos_id: null,
  order_id: 'pp-1',
  merchant_order_id: `${ORDER_ID}-1`,
  authorized_at: '2026-11-22T16:00:00+09:00',
  expires_at: null,
  confirmation_expires_at: null,
  paid_at: '2026-11-22T16:00:00+09:00',
  order_amount: 800,
  state: 'COMPLETED',
};

const JSON_TYPE = { 'content-type': 'application/json' };

function post(edge: TestEdge, payload: object | string | Buffer, headers: object = {}) {
  return edge.app.inject({
    method: 'POST',
    url: '/webhooks/paypay',
    headers: { ...JSON_TYPE, ...headers },
    payload,
  });
}

describe('a webhook of PayPay, in trust mode confirm', () => {
  let edge: TestEdge;

  beforeAll(async () => {
    edge = await buildTestEdge();
  });
  beforeEach(() => edge.reset());
  afterAll(() => edge.app.close());

  test('is a hint, kept with its raw body', async () => {
    const rawBody = `  ${JSON.stringify({ ...BODY, added_by_paypay: { a: 1 } })}\n`;
    const answer = await post(edge, rawBody);
    expect(answer.statusCode).toBe(200);
    expect(edge.log.written).toEqual([
      {
        topic: 'payments.notifications.v1',
        event: expect.objectContaining({
          type: 'PaymentNotificationReceived',
          orderId: ORDER_ID,
          merchantPaymentId: `${ORDER_ID}-1`,
          paymentId: 'pp-1',
          state: 'COMPLETED',
          amount: 800,
          paidAt: Date.parse('2026-11-22T07:00:00Z'),
          verdict: 'HINT',
          sourceAddress: '127.0.0.1',
          body: rawBody,
          replayOf: null,
        }) as unknown,
      },
    ]);
  });

  test('needs an answer within PayPay’s 1.5 s, and the log is told so', async () => {
    await post(edge, BODY);
    expect(edge.log.deadlineMs).toBeGreaterThan(0);
    expect(edge.log.deadlineMs).toBeLessThanOrEqual(1_200);
  });

  test('delivered twice is two facts', async () => {
    await post(edge, BODY);
    await post(edge, BODY);
    const ids = edge.log.written.map(({ event }) => 'eventId' in event && event.eventId);
    expect(new Set(ids).size).toBe(2);
  });

  test('out of the archive says which one it repeats', async () => {
    const archived = '0b5c1d3e-94a6-5c2f-8f57-5a4f6d0c9e21';
    await post(edge, BODY, { 'x-webhook-replay': archived });
    expect(edge.log.written[0]?.event).toMatchObject({ verdict: 'HINT', replayOf: archived });
    const refused = await post(edge, BODY, { 'x-webhook-replay': 'yesterday' });
    expect(refused.statusCode).toBe(400);
    expect(refused.json()).toMatchObject({ error: { field: 'x-webhook-replay' } });
  });

  test('is taken without Redis and without Postgres', async () => {
    edge.sessions.down = true;
    edge.readModels.down = true;
    expect((await post(edge, BODY)).statusCode).toBe(200);
  });

  test('is 503 without Kafka, so that PayPay sends it again', async () => {
    edge.log.down = true;
    const answer = await post(edge, BODY);
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ error: { code: 'LOG_UNAVAILABLE' } });
  });

  const without = (name: keyof typeof BODY) =>
    Object.fromEntries(Object.entries(BODY).filter(([key]) => key !== name));
  test.each([
    ['no order', without('merchant_order_id'), 'merchant_order_id'],
    ['an order id without attempt', { ...BODY, merchant_order_id: ORDER_ID }, 'merchant_order_id'],
    ['attempt zero', { ...BODY, merchant_order_id: `${ORDER_ID}-0` }, 'merchant_order_id'],
    ['another shop’s order', { ...BODY, merchant_order_id: 'order-1' }, 'merchant_order_id'],
    ['no state', without('state'), 'state'],
    ['a state that is not known', { ...BODY, state: 'PAID' }, 'state'],
    ['another kind', { ...BODY, notification_type: 'Settlement' }, 'notification_type'],
    ['a negative amount', { ...BODY, order_amount: -1 }, 'order_amount'],
    ['an amount as text', { ...BODY, order_amount: '800' }, 'order_amount'],
    ['an amount beyond any', { ...BODY, order_amount: 1e300 }, 'order_amount'],
    ['a time that is none', { ...BODY, paid_at: 'yesterday' }, 'paid_at'],
    ['month 13', { ...BODY, paid_at: '2026-13-22T16:00:00+09:00' }, 'paid_at'],
    ['a list', [BODY], 'body'],
  ])('with %s is refused by name', async (_what, payload, field) => {
    const answer = await post(edge, payload);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: { field } });
    expect(edge.log.written).toEqual([]);
  });

  test.each([
    ['garbage', Buffer.from([0xff, 0xfe, 0x00]), 400, 'MALFORMED_JSON'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 400, 'MALFORMED_JSON'],
    ['half a JSON', '{"state":', 400, 'MALFORMED_JSON'],
    ['nothing', '', 400, 'MALFORMED_JSON'],
    ['more than 64 KiB', JSON.stringify({ ...BODY, x: 'x'.repeat(65_536) }), 413, 'BODY_TOO_LARGE'],
  ])('of %s is refused', async (_what, payload, status, code) => {
    const answer = await post(edge, payload);
    expect(answer.json()).toMatchObject({ error: { code } });
    expect(answer.statusCode).toBe(status);
  });

  test('of another media type is refused', async () => {
    const answer = await post(edge, 'a=1', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(answer.statusCode).toBe(415);
  });
});

describe('a webhook of PayPay, in trust mode ip-allowlist', () => {
  const addresses = ['52.68.128.8'];
  let direct: TestEdge;
  let behindProxy: TestEdge;

  beforeAll(async () => {
    const webhookTrust = { kind: 'ip-allowlist', addresses } as const;
    direct = await buildTestEdge({ webhookTrust });
    behindProxy = await buildTestEdge({ webhookTrust, proxyDepth: 1 });
  });
  beforeEach(() => {
    direct.reset();
    behindProxy.reset();
  });
  afterAll(() => Promise.all([direct.app.close(), behindProxy.app.close()]));

  test('out of the archive is a hint even from an address of PayPay', async () => {
    const headers = {
      'x-forwarded-for': '52.68.128.8',
      'x-webhook-replay': '0b5c1d3e-94a6-5c2f-8f57-5a4f6d0c9e21',
    };
    expect((await post(behindProxy, BODY, headers)).statusCode).toBe(200);
    expect(behindProxy.log.written[0]?.event).toMatchObject({ verdict: 'HINT' });
  });

  test('from an address of PayPay is trusted', async () => {
    const answer = await post(behindProxy, BODY, { 'x-forwarded-for': '52.68.128.8' });
    expect(answer.statusCode).toBe(200);
    expect(behindProxy.log.written[0]?.event).toMatchObject({
      verdict: 'TRUSTED',
      sourceAddress: '52.68.128.8',
    });
  });

  test.each([
    ['anyone else', '203.0.113.9'],
    ['a sender that puts PayPay in front of itself', '52.68.128.8, 203.0.113.9'],
  ])('from %s is refused', async (_who, forwardedFor) => {
    const answer = await post(behindProxy, BODY, { 'x-forwarded-for': forwardedFor });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ error: { code: 'SOURCE_REFUSED' } });
    expect(behindProxy.log.written).toEqual([]);
  });

  test('without a proxy the header of a sender means nothing', async () => {
    const answer = await post(direct, BODY, { 'x-forwarded-for': '52.68.128.8' });
    expect(answer.statusCode).toBe(403);
  });
});
