import { OPS_TOKEN, SHOPPER_TOKEN, buildTestEdge, type TestEdge } from '../in-memory-parts';
import { ALERT_ID, ORDER_ID, alertRow, orderRow, paymentRow } from '../rows';

const SILENCE_ID = '5a8fca11-3a57-5bd6-9c7f-6f2f3f0b7a33';
const HOUR_MS = 3_600_000;
const UNTIL = Date.now() + HOUR_MS;
const PRODUCT = { sku: 'TEA-001', name: 'Green tea', nameJa: '緑茶', unitPrice: 400 };
const REFUND = { expectedVersion: 1, action: 'REFUND', reason: 'paid too much' };

interface Case {
  /** As the OpenAPI document names it. */
  readonly route: string;
  readonly path: string;
  readonly idToken: string;
  readonly body: object;
  readonly other: object;
}

function ofAlerts(what: string, body: object, other: object): Case {
  const path = `/api/alerts/${ALERT_ID}/${what}`;
  return { route: `/api/alerts/{alertId}/${what}`, path, idToken: OPS_TOKEN, body, other };
}

function plain(route: string, body: object, other: object, idToken = OPS_TOKEN): Case {
  return { route, path: route, idToken, body, other };
}

const CASES: readonly Case[] = [
  plain(
    '/api/orders',
    { items: [{ sku: 'TEA-001', quantity: 2 }] },
    { items: [{ sku: 'TEA-001', quantity: 3 }] },
    SHOPPER_TOKEN,
  ),
  {
    route: '/api/orders/{orderId}/cancel',
    path: `/api/orders/${ORDER_ID}/cancel`,
    idToken: SHOPPER_TOKEN,
    body: { reason: 'changed my mind' },
    other: { reason: 'too dear' },
  },
  {
    route: '/api/orders/{orderId}/payment/check',
    path: `/api/orders/${ORDER_ID}/payment/check`,
    idToken: OPS_TOKEN,
    body: { reason: 'the shopper called' },
    other: { reason: 'a hunch' },
  },
  ofAlerts('acknowledge', { expectedVersion: 1 }, { expectedVersion: 2 }),
  ofAlerts('notes', { note: 'a' }, { note: 'b' }),
  ofAlerts(
    'resolve',
    { expectedVersion: 1, reason: 'settled' },
    { expectedVersion: 1, reason: 'never mind' },
  ),
  ofAlerts(
    'reopen',
    { expectedVersion: 1, reason: 'it came back' },
    { expectedVersion: 1, reason: 'not over yet' },
  ),
  ofAlerts('actions', { ...REFUND, amount: 100 }, { ...REFUND, amount: 500 }),
  plain(
    '/api/silences',
    { until: UNTIL, reason: 'maintenance' },
    { until: UNTIL + 1, reason: 'maintenance' },
  ),
  {
    route: '/api/silences/{silenceId}/end',
    path: `/api/silences/${SILENCE_ID}/end`,
    idToken: OPS_TOKEN,
    body: { reason: 'it was short' },
    other: { reason: 'it was wrong' },
  },
  plain('/api/admin/products', PRODUCT, { ...PRODUCT, unitPrice: 500 }),
  {
    route: '/api/admin/products/{sku}/withdraw',
    path: '/api/admin/products/TEA-001/withdraw',
    idToken: OPS_TOKEN,
    body: { expectedVersion: 1, reason: 'sold out' },
    other: { expectedVersion: 1, reason: 'recalled' },
  },
  plain('/api/admin/stock', { sku: 'TEA-001', quantity: 10 }, { sku: 'TEA-001', quantity: 20 }),
  plain(
    '/api/admin/stock/adjustments',
    { sku: 'TEA-001', quantity: 5, reason: 'miscounted' },
    { sku: 'TEA-001', quantity: 6, reason: 'miscounted' },
  ),
  plain(
    '/api/admin/spending-limits',
    { userId: 'shopper-1', limit: 5_000 },
    { userId: 'shopper-1', limit: 9_000 },
  ),
];

const CONFLICT = { error: { code: 'IDEMPOTENCY_CONFLICT', field: 'idempotency-key' } };

let edge: TestEdge;

beforeAll(async () => {
  edge = await buildTestEdge();
});
beforeEach(() => edge.reset());
afterAll(() => edge.app.close());

/** What the requests are about. */
function prepare({ route }: Case): void {
  edge.readModels.orderRows.push(orderRow());
  edge.readModels.payments.set(ORDER_ID, paymentRow());
  edge.readModels.catalog.set('TEA-001', {
    ...{ ...PRODUCT, description: '', descriptionJa: '', currency: 'JPY', imageUrl: null },
    ...{ active: true, version: 1, updatedAt: 1 },
  });
  const known = { isForSale: true, eventId: 'before', requestFingerprint: '' };
  edge.catalog.known.set('TEA-001', { ...known, version: 1 });
  edge.readModels.silenceRows.push({
    ...{ silenceId: SILENCE_ID, eventId: 'silence-1', rule: null, orderId: null, until: UNTIL },
    ...{ author: 'ops@example.com', reason: 'maintenance' },
    ...{ endedAt: null, endedBy: null, endReason: null },
  });
  const row = alertRow();
  const isReopened = route.endsWith('/reopen');
  const alert = { ...row.alert, rule: 'RULE_E' as const };
  edge.readModels.alertRows.push({
    ...row,
    alert: isReopened ? { ...alert, status: 'RESOLVED' } : alert,
  });
}

async function send({ path, idToken }: Case, payload: object, key = 'key-1') {
  const headers = { cookie: await edge.signIn(idToken), 'idempotency-key': key };
  return edge.app.inject({ method: 'POST', url: path, headers, payload });
}

test('every route that takes a key is tried here', async () => {
  const document = (await edge.app.inject({ url: '/docs/json' })).json<{
    paths: Record<string, Record<string, { parameters?: { name: string }[] }>>;
  }>();
  const routes = Object.entries(document.paths).filter(([, methods]) =>
    Object.values(methods).some(({ parameters = [] }) =>
      parameters.some(({ name }) => name === 'idempotency-key'),
    ),
  );
  expect(routes.map(([route]) => route).sort()).toEqual(CASES.map(({ route }) => route).sort());
});

describe.each(CASES.map((one) => [one.route, one] as const))('%s', (_route, one) => {
  beforeEach(() => prepare(one));

  test('the same request again has the same answer', async () => {
    const first = await send(one, one.body);
    expect(first.statusCode).toBe(202);
    const again = await send(one, one.body);
    expect([again.statusCode, again.json()]).toEqual([202, first.json()]);
  });

  test('another body under the key is 422, and nothing of it is written', async () => {
    await send(one, one.body);
    const answer = await send(one, one.other);
    expect([answer.statusCode, answer.json()]).toMatchObject([422, CONFLICT]);
    expect(edge.log.written).toHaveLength(1);
    expect((await send(one, one.body)).statusCode).toBe(202);
  });

  test('of two bodies at the same moment one is taken', async () => {
    const answers = await Promise.all([send(one, one.body), send(one, one.other)]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([202, 422]);
    expect(edge.log.written).toHaveLength(1);
  });

  test('when Redis has forgotten the key, the log still knows what came under it', async () => {
    const first = await send(one, one.body);
    edge.readModels.catchUp(edge.log);
    edge.idempotency.clear();
    const answer = await send(one, one.other);
    expect([answer.statusCode, answer.json()]).toMatchObject([422, CONFLICT]);
    // The refused one has not taken the key from the first.
    const again = await send(one, one.body);
    expect([again.statusCode, again.json()]).toEqual([202, first.json()]);
    expect(edge.log.written).toHaveLength(1);
  });

  test('when the read models do not know it either, it is logged so that readers can tell', async () => {
    await send(one, one.body);
    edge.idempotency.clear();
    expect((await send(one, one.other)).statusCode).toBe(202);
    const marks = edge.log.written.map(({ event }) => event as { eventId?: string } & Marks);
    const [first, second] = marks;
    expect(second?.eventId).toBe(first?.eventId);
    expect(second?.requestKey).toBe(first?.requestKey);
    expect(second?.requestFingerprint).not.toBe(first?.requestFingerprint);
    edge.readModels.catchUp(edge.log);
    expect((await send(one, one.other)).statusCode).toBe(422);
  });

  test('what Kafka did not take has not used up its key', async () => {
    edge.log.down = true;
    expect((await send(one, one.body)).statusCode).toBe(503);
    edge.log.down = false;
    expect((await send(one, one.other)).statusCode).toBe(202);
  });
});

interface Marks {
  readonly requestKey?: string;
  readonly requestFingerprint?: string;
}

const [ORDER, CANCEL] = CASES as [Case, Case];
const NOTE = CASES.find(({ path }) => path.endsWith('/notes')) ?? ORDER;
const LIMIT = CASES.find(({ path }) => path.endsWith('/spending-limits')) ?? ORDER;
const SILENCE = CASES.find(({ path }) => path.endsWith('/silences')) ?? ORDER;

test('a key of a user stands for one request, on whichever route', async () => {
  prepare(NOTE);
  expect((await send(NOTE, NOTE.body)).statusCode).toBe(202);
  expect((await send(LIMIT, LIMIT.body)).json()).toMatchObject(CONFLICT);
  expect((await send(ORDER, ORDER.body)).statusCode).toBe(202);
});

test('the same request in other words is a repeat', async () => {
  const items = [
    { sku: 'TEA-001', quantity: 2 },
    { sku: 'CUP-002', quantity: 1 },
  ];
  const inOtherWords = [
    { quantity: 1, sku: 'CUP-002' },
    { quantity: 2, sku: 'TEA-001' },
  ];
  expect((await send(ORDER, { items })).statusCode).toBe(202);
  expect((await send(ORDER, { items: inOtherWords })).statusCode).toBe(202);
});

test('a body that was refused for what it says has not used up its key', async () => {
  expect((await send(ORDER, { items: [{ sku: 'NO-SUCH', quantity: 1 }] })).statusCode).toBe(422);
  expect((await send(ORDER, ORDER.body)).statusCode).toBe(202);
});

test('what was taken is answered as before, though it would be refused today', async () => {
  prepare(CANCEL);
  const until = Date.now() + HOUR_MS;
  await send(ORDER, ORDER.body);
  await send(CANCEL, CANCEL.body, 'key-2');
  await send(SILENCE, { until, reason: 'maintenance' });
  edge.readModels.catchUp(edge.log);
  edge.catalog.forSale.delete('TEA-001');
  edge.readModels.orderRows.splice(0, 1, orderRow({ status: 'FAILED' }));
  const now = jest.spyOn(Date, 'now').mockReturnValue(until + 1);
  const answers = [
    await send(ORDER, ORDER.body),
    await send(CANCEL, CANCEL.body, 'key-2'),
    await send(SILENCE, { until, reason: 'maintenance' }),
  ];
  now.mockRestore();
  edge.catalog.forSale.add('TEA-001');
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202, 202]);
  expect(edge.log.written).toHaveLength(3);
});

test('a cancellation needs no key', async () => {
  prepare(CANCEL);
  const headers = { cookie: await edge.signIn(SHOPPER_TOKEN) };
  const { path: url, body, other } = CANCEL;
  for (const payload of [body, other]) {
    const answer = await edge.app.inject({ method: 'POST', url, headers, payload });
    expect(answer.statusCode).toBe(202);
  }
  expect(edge.log.written).toMatchObject([{ event: { requestKey: '' } }, {}]);
});

test('without Postgres a request is taken by what Redis knows', async () => {
  edge.readModels.down = true;
  expect((await send(LIMIT, LIMIT.body)).statusCode).toBe(202);
  expect((await send(LIMIT, LIMIT.other)).statusCode).toBe(422);
});

test('a Postgres that does not answer holds up no request for long', async () => {
  const asked = jest
    .spyOn(edge.readModels, 'requestFingerprint')
    .mockReturnValue(new Promise(() => undefined));
  expect((await send(LIMIT, LIMIT.body)).statusCode).toBe(202);
  asked.mockRestore();
});
