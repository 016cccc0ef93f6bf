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
    ['an amount as text', { ...BODY, order_amount: '1200' }, { amount: 1_200 }],
    ['a negative amount', { ...BODY, order_amount: -1 }, { amount: null }],
    ['an amount beyond any', { ...BODY, order_amount: 1e300 }, { amount: null }],
    ['a merchant id as number', { ...BODY, merchant_id: 100 }, { amount: 800 }],
    ['an empty time', { ...BODY, confirmation_expires_at: '' }, { amount: 800 }],
    ['a time that is none', { ...BODY, paid_at: 'yesterday' }, { paidAt: null }],
    ['30 February', { ...BODY, paid_at: '2026-02-30T16:00:00+09:00' }, { paidAt: null }],
    ['the hour 25', { ...BODY, paid_at: '2026-02-20T25:00:00+09:00' }, { paidAt: null }],
    ['month 13', { ...BODY, paid_at: '2026-13-22T16:00:00+09:00' }, { paidAt: null }],
    ['a state that is not known', { ...BODY, state: 'REFUNDED' }, { state: null }],
    ['no state', without('state'), { state: null }],
    ['a payment id as number', { ...BODY, order_id: 12 }, { paymentId: '12' }],
    ['no payment id', without('order_id'), { paymentId: null }],
  ])('with %s is taken, as far as it can be read', async (_what, payload, read) => {
    const answer = await post(edge, payload);
    expect(answer.statusCode).toBe(200);
    const [{ event } = { event: undefined }] = edge.log.written;
    const common = { type: 'PaymentNotificationReceived', orderId: ORDER_ID, verdict: 'HINT' };
    expect(event).toMatchObject({ ...common, ...read, body: JSON.stringify(payload) });
  });

  test.each([
    ['no order', without('merchant_order_id'), 'FOREIGN_ORDER', 'merchant_order_id', /absent/],
    [
      'an order that is null',
      { ...BODY, merchant_order_id: null },
      'FOREIGN_ORDER',
      'merchant_order_id',
      /null/,
    ],
    [
      'another shop’s order',
      { ...BODY, merchant_order_id: 'POS-0042' },
      'FOREIGN_ORDER',
      'merchant_order_id',
      /"POS-0042"/,
    ],
    [
      'an order id without attempt',
      { ...BODY, merchant_order_id: ORDER_ID },
      'FOREIGN_ORDER',
      'merchant_order_id',
      /none|no order/,
    ],
    [
      'another kind',
      { notification_type: 'file.created', path: '/a' },
      'UNKNOWN_KIND',
      'notification_type',
      /"file.created"/,
    ],
    ['no kind', without('notification_type'), 'UNKNOWN_KIND', 'notification_type', /absent/],
    ['a list', [BODY], 'UNREADABLE', null, /object/],
    ['garbage', Buffer.from([0xff, 0xfe, 0x00]), 'UNREADABLE', null, /UTF-8/],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'UNREADABLE', null, /UTF-8/],
    ['half a JSON', '{"state":', 'UNREADABLE', null, /not JSON/],
    ['nothing', '', 'UNREADABLE', null, /not JSON/],
  ])('of %s is set aside, byte for byte', async (_what, payload, verdict, field, reason) => {
    const answer = await post(edge, payload);
    expect(answer.statusCode).toBe(200);
    const sent = typeof payload === 'string' || Buffer.isBuffer(payload);
    const bytes = Buffer.from(sent ? payload : JSON.stringify(payload));
    expect(edge.log.written).toEqual([
      {
        topic: 'payments.notifications.v1',
        event: expect.objectContaining({
          type: 'WebhookSetAside',
          verdict,
          field,
          reason: expect.stringMatching(reason) as string,
          status: 200,
          sourceAddress: '127.0.0.1',
          body: bytes,
          bodyBytes: bytes.length,
          replayOf: null,
        }) as unknown,
      },
    ]);
  });

  test.each([
    ['another media type', { 'content-type': 'text/xml' }, 'a=1', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a replay of nothing', { 'x-webhook-replay': 'yesterday' }, '{}', 400, 'INVALID_FIELD'],
  ])('of %s is refused, and archived all the same', async (_what, headers, body, status, code) => {
    const answer = await post(edge, body, headers);
    expect(answer.statusCode).toBe(status);
    expect(edge.log.written).toMatchObject([
      {
        event: {
          type: 'WebhookSetAside',
          verdict: 'REFUSED',
          reason: code,
          status,
          sourceAddress: '127.0.0.1',
          body: Buffer.from(body),
        },
      },
    ]);
  });

  test('of more than 64 KiB is refused; what was not read cannot be kept', async () => {
    const answer = await post(edge, JSON.stringify({ ...BODY, x: 'x'.repeat(65_536) }));
    expect(answer.statusCode).toBe(413);
    expect(edge.log.written).toMatchObject([
      { event: { verdict: 'REFUSED', reason: 'BODY_TOO_LARGE', status: 413 } },
    ]);
  });

  test('is counted by how it was answered and what was made of it', async () => {
    await post(edge, BODY);
    await post(edge, { notification_type: 'file.created' });
    await post(edge, 'a=1', { 'content-type': 'text/xml' });
    const { body } = await edge.app.inject('/metrics');
    for (const labels of [
      'status="200",verdict="HINT"',
      'status="200",verdict="UNKNOWN_KIND"',
      'status="415",verdict="REFUSED"',
    ]) {
      expect(body).toContain(`edge_webhooks_total{${labels}}`);
    }
  });

  test('that no order hears of is taken at a bounded rate; the rest is to be sent again', async () => {
    const foreign = { ...BODY, merchant_order_id: 'POS-0042' };
    const answers = await Promise.all(
      Array.from({ length: 700 }, async () => (await post(edge, foreign)).statusCode),
    );
    expect(new Set(answers)).toEqual(new Set([200, 503]));
    expect((await post(edge, BODY)).statusCode).toBe(200);
  });
});

describe('refused webhooks', () => {
  test('are archived at a bounded rate, whoever sends them', async () => {
    const edge = await buildTestEdge();
    const form = { 'content-type': 'text/xml' };
    await Promise.all(Array.from({ length: 200 }, () => post(edge, 'a=1', form)));
    expect(edge.log.written.length).toBeGreaterThanOrEqual(50);
    expect(edge.log.written.length).toBeLessThan(100);
    await edge.app.close();
  });
});

describe('a webhook of PayPay, in trust mode ip-allowlist', () => {
  const addresses = ['52.68.128.8'];
  let direct: TestEdge;
  let behindProxy: TestEdge;

  beforeAll(async () => {
    const webhookTrust = { kind: 'ip-allowlist', addresses } as const;
    direct = await buildTestEdge({ webhookTrust, webhookReplayKey: 'a secret' });
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
    expect(behindProxy.log.written).toMatchObject([
      { event: { type: 'WebhookSetAside', verdict: 'REFUSED', reason: 'SOURCE_REFUSED' } },
    ]);
  });

  test('without a proxy the header of a sender means nothing', async () => {
    const answer = await post(direct, BODY, { 'x-forwarded-for': '52.68.128.8' });
    expect(answer.statusCode).toBe(403);
  });

  test.each([
    ['the key', { 'x-webhook-replay-key': 'a secret' }, 200],
    ['another key', { 'x-webhook-replay-key': 'a secre' }, 403],
    ['no key', {}, 403],
  ])('replayed from elsewhere with %s', async (_what, key, status) => {
    const archived = { 'x-webhook-replay': '0b5c1d3e-94a6-5c2f-8f57-5a4f6d0c9e21' };
    expect((await post(direct, BODY, { ...archived, ...key })).statusCode).toBe(status);
    const verdict = status === 200 ? 'HINT' : 'REFUSED';
    expect(direct.log.written).toMatchObject([{ event: { verdict } }]);
  });

  test('the key alone, without a replay, lets nobody in', async () => {
    const answer = await post(direct, BODY, { 'x-webhook-replay-key': 'a secret' });
    expect(answer.statusCode).toBe(403);
  });
});
