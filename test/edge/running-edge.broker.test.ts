import { createHash, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { keyed } from '../../edge/contract/api-client';
import type { AlertList, PaymentView, WebhookList } from '../../edge/contract/api-types';
import { startEdge, type RunningEdge } from '../../edge/running-edge';
import { cursorOf } from '../../edge/read-models/cursor';
import { readEnvironment } from '../../edge/environment';
import { requestKeyOf } from '../../edge/idempotency';
import { eventId } from '../../schemas/event-id';
import { header, orderHeader } from '../../schemas/header';
import type { EventOf } from '../../schemas/event';
import { alertsRaised } from '../../topics/alerts';
import { inventoryAdjustments, inventoryLevels } from '../../topics/inventory';
import { ordersEvents } from '../../topics/orders';
import { paymentsEvents } from '../../topics/payments';
import { freshDatabase, type FreshDatabase } from '../streams/views/fresh-database';
import { ViewsFixture, eventually, fromEnvironment } from '../streams/views/views-fixture';
import { EdgeClient, type Listener } from './edge-client';
import { signUp, take, type SignedUpUser } from './firebase-users';
import { openProxy, type SeverableProxy } from './severable-proxy';

/** Real services on a busy machine; each wait inside has its own, shorter limit. */
jest.setTimeout(180_000);

let fixture: ViewsFixture;
let database: FreshDatabase;
let redis: SeverableProxy;
let postgres: SeverableProxy;
let kafka: SeverableProxy;
let edge: RunningEdge;
let shopper: SignedUpUser;
let operator: SignedUpUser;
const clients: EdgeClient[] = [];

function through(url: string, proxy: SeverableProxy): string {
  const changed = new URL(url);
  changed.host = proxy.address;
  return changed.href;
}

function start(over: Record<string, string> = {}): Promise<RunningEdge> {
  const environment = readEnvironment({
    ...process.env,
    EDGE_PORT: '1',
    // All of this file comes from one address.
    EDGE_SIGN_INS_PER_MINUTE: '100000',
    EDGE_ORDERS_PER_MINUTE: '100000',
    EDGE_SESSIONS_PER_USER: '1000',
    WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1',
    KAFKA_BROKERS: fromEnvironment('KAFKA_BROKERS'),
    DATABASE_URL: through(database.url, postgres),
    REDIS_URL: through(fromEnvironment('REDIS_URL'), redis),
    ...over,
  });
  return startEdge({ ...environment, port: 0 }, '/nowhere', pino({ level: 'silent' }));
}

/** Of what an answer must have. */
function missing(what: string): never {
  throw new Error(what);
}

function clientOf(running: RunningEdge): EdgeClient {
  const { port } = running.app.server.address() as AddressInfo;
  const client = new EdgeClient(`http://127.0.0.1:${String(port)}`);
  clients.push(client);
  return client;
}

async function signedIn(user: SignedUpUser, running = edge): Promise<EdgeClient> {
  const client = clientOf(running);
  expect(await client.signIn(user.idToken)).toMatchObject({ status: 200 });
  return client;
}

function orderCreated(orderId: string): EventOf<'OrderCreated'> {
  return {
    type: 'OrderCreated',
    ...orderHeader({ id: eventId(orderId, 'purchase'), at: Date.now() }, 'created', orderId),
    userId: shopper.userId,
    items: [{ sku: 'TEA', quantity: 2 }],
  };
}

/** `role` tells apart the news of one order. */
function news(orderId: string, role: string): EventOf<'OrderPaymentRecorded'> {
  return {
    type: 'OrderPaymentRecorded',
    ...orderHeader({ id: eventId(orderId, role), at: Date.now() }, 'recorded', orderId),
    orderStatus: 'PENDING',
    paymentEventId: randomUUID(),
    paymentEventType: 'PaymentFailed',
    detail: role,
  };
}

function alertRaised(alertId: string): EventOf<'AlertRaised'> {
  const orderId = randomUUID();
  return {
    type: 'AlertRaised',
    ...orderHeader({ id: orderId, at: Date.now() }, 'raised', orderId),
    alertId,
    rule: 'RULE_C',
    severity: 'P1',
    detectedAt: Date.now(),
    deadline: null,
    moneyAtRisk: 800,
    currency: 'JPY',
    expected: 'No success after a failure',
    observed: 'Customer paid ¥800, order FAILED',
    evidence: [],
  };
}

function sessionsOf(userId: string): string {
  return `sessions-of:${createHash('sha256').update(userId).digest('hex')}`;
}

function detailsOf({ events }: Listener): readonly unknown[] {
  return events.map(({ payload }) => payload['detail']);
}

async function until(what: string, check: () => Promise<boolean> | boolean): Promise<void> {
  await eventually(what, () => Promise.resolve(check()));
}

async function seen(client: EdgeClient, path: string): Promise<void> {
  await until(`${path} is there`, async () => (await client.send('GET', path)).status === 200);
}

function webhook(orderId: string): string {
  // Spaces and an unknown field: the raw body must come through untouched.
  return `{ "notification_type": "Transaction", "merchant_order_id": "${orderId}-1",
    "order_id": "pp-1", "order_amount": 800, "state": "COMPLETED",
    "paid_at": "2026-11-22T16:00:00+09:00", "new_field": [1] }`;
}

beforeAll(async () => {
  fixture = await ViewsFixture.open();
  database = await freshDatabase();
  [redis, postgres, kafka] = await Promise.all([
    openProxy(new URL(fromEnvironment('REDIS_URL')).host),
    openProxy(new URL(database.url).host),
    openProxy(fromEnvironment('KAFKA_BROKERS')),
  ]);
  await fixture.start({ databaseUrl: database.url, group: fixture.freshName('views') });
  edge = await start();
  [shopper, operator] = await Promise.all([signUp(), signUp('ops')]);
  const client = clientOf(edge);
  await until('the edge is ready', async () => {
    const { body } = await client.send('GET', '/health/ready');
    return (body as { status: string }).status === 'ready';
  });
});

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

afterAll(async () => {
  await edge.stop();
  await fixture.close();
  await Promise.all([redis.close(), postgres.close(), kafka.close()]);
  await database.drop();
});

describe('a session', () => {
  it('lasts from a Firebase token to the sign-out, and closes its sockets then', async () => {
    const client = clientOf(edge);
    const answer = await client.signIn(operator.idToken);
    expect(answer.body).toMatchObject({
      user: { userId: operator.userId, email: operator.email, roles: ['ops'] },
    });
    expect(answer.headers.get('set-cookie')).toMatch(/^sid=.*HttpOnly; SameSite=Lax$/);
    const { socket } = client.listen();
    await until('the socket is connected', () => socket.connected);
    expect((await client.send('POST', '/auth/logout')).status).toBe(204);
    await until('the socket is closed', () => !socket.connected);
    expect((await client.send('GET', '/auth/status')).body).toEqual({ user: null });
    expect((await client.send('GET', '/api/alerts')).status).toBe(401);
  });

  it('ends with the sign-in that its cookie came with, and its sockets with it', async () => {
    const client = await signedIn(operator);
    const { socket } = client.listen();
    await until('the socket is connected', () => socket.connected);
    expect((await client.signIn(operator.idToken)).status).toBe(200);
    await until('the socket of the former session is closed', () => !socket.connected);
    expect((await client.send('GET', '/api/alerts')).status).toBe(200);
  });

  it('is over when it was not used for long, and an open socket is no use', async () => {
    const idle = await start({ EDGE_SESSION_IDLE_SECONDS: '60', EDGE_REVOCATION_SECONDS: '3' });
    const keys = new Redis(fromEnvironment('REDIS_URL'));
    try {
      const user = await signUp();
      const client = await signedIn(user, idle);
      const { socket } = client.listen();
      await until('the socket is connected', () => socket.connected);
      const [key = ''] = await keys.zrange(sessionsOf(user.userId), '0', '-1');
      // Waiting for a minute, in short.
      await keys.pexpire(key, 2_500);
      await until('the socket is closed', () => !socket.connected);
      expect((await client.send('GET', '/api/account')).status).toBe(401);
      const again = await signedIn(user, idle);
      const [other = ''] = await keys.zrange(sessionsOf(user.userId), '0', '-1');
      await keys.pexpire(other, 30_000);
      expect((await again.send('GET', '/api/account')).status).toBe(200);
      expect(await keys.pttl(other)).toBeGreaterThan(50_000);
    } finally {
      keys.disconnect();
      await idle.stop();
    }
  });

  it('is one of so many of a user: one more ends the oldest', async () => {
    const few = await start({ EDGE_SESSIONS_PER_USER: '2' });
    try {
      const user = await signUp();
      const clients = [];
      for (let n = 0; n < 3; n += 1) clients.push(await signedIn(user, few));
      const answers = clients.map((client) => client.send('GET', '/api/account'));
      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([401, 200, 200]);
    } finally {
      await few.stop();
    }
  });

  it('and all others of the user end everywhere, with the tokens that Firebase gave out', async () => {
    const user = await signUp();
    const signedInAt = Date.now();
    const [one, two] = [await signedIn(user), await signedIn(user)];
    const { socket } = two.listen();
    await until('the socket is connected', () => socket.connected);
    // Firebase tells a revocation from a sign-in by the second.
    await until('the second of the sign-in is over', () => Date.now() > signedInAt + 1_000);
    expect((await one.send('POST', '/auth/logout-everywhere')).status).toBe(204);
    await until('the socket is closed', () => !socket.connected);
    expect((await two.send('GET', '/api/account')).status).toBe(401);
    expect((await clientOf(edge).signIn(user.idToken)).status).toBe(401);
  });

  it('is not had by who asks too often, on whichever edge', async () => {
    const rate = { EDGE_SIGN_INS_PER_MINUTE: '5' };
    const [first, second] = await Promise.all([start(rate), start(rate)]);
    const keys = new Redis(fromEnvironment('REDIS_URL'));
    try {
      const key = 'rate:sign-in:address:127.0.0.1';
      // An edge that has just started may count by itself, for want of an answer in time.
      await until('both count in Redis', async () => {
        await keys.del(key);
        for (const running of [first, second]) await clientOf(running).signIn('a.b.c');
        return (await keys.get(key)) === '2';
      });
      await keys.del(key);
      const statuses: number[] = [];
      for (let n = 0; n < 6; n += 1) {
        const answer = await clientOf(n % 2 === 0 ? first : second).signIn('a.b.c');
        statuses.push(answer.status);
      }
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    } finally {
      await keys.del('rate:sign-in:address:127.0.0.1');
      keys.disconnect();
      await Promise.all([first.stop(), second.stop()]);
    }
  });

  it('is not had with a token that Firebase did not make', async () => {
    expect(await clientOf(edge).signIn('a.b.c')).toMatchObject({
      status: 401,
      body: { error: { code: 'INVALID_TOKEN', field: 'idToken' } },
    });
  });
});

describe('an operator whose account is out', () => {
  const REVOCATION_SECONDS = 3;
  let one: RunningEdge;
  let other: RunningEdge;

  beforeAll(async () => {
    const soon = { EDGE_REVOCATION_SECONDS: String(REVOCATION_SECONDS) };
    [one, other] = await Promise.all([start(soon), start(soon)]);
    for (const running of [one, other]) {
      const client = clientOf(running);
      await until('the edge is ready', async () => {
        return (await client.send('GET', '/health/ready')).status === 200;
      });
    }
  });
  afterAll(() => Promise.all([one.stop(), other.stop()]));

  it.each(['disabled', 'revoked', 'role lost', 'deleted'] as const)(
    'is out within the time that is set, cookie and sockets, on every edge: %s',
    async (loss) => {
      const user = await signUp('ops');
      const signedInAt = Date.now();
      const clients = await Promise.all([one, other].map((running) => signedIn(user, running)));
      const listeners = clients.map((client) => client.listen());
      for (const { join } of listeners) expect(await join('ops')).toMatchObject({ kind: 'joined' });
      for (const client of clients) {
        expect((await client.send('GET', '/api/alerts')).status).toBe(200);
      }
      // Firebase tells a revocation from a sign-in by the second.
      await until('the second of the sign-in is over', () => Date.now() > signedInAt + 1_000);
      const closed = listeners.map(
        ({ socket }) => new Promise<string>((resolve) => socket.on('disconnect', resolve)),
      );
      await take(user.userId, loss);
      const lostAt = Date.now();
      expect(await Promise.all(closed)).toEqual(['io server disconnect', 'io server disconnect']);
      for (const client of clients) {
        await until('the cookie lets in no more', async () => {
          return (await client.send('GET', '/api/alerts')).status === 401;
        });
        expect((await client.send('GET', '/auth/status')).body).toEqual({ user: null });
      }
      expect(Date.now() - lostAt).toBeLessThan(REVOCATION_SECONDS * 1_000);
      expect((await clientOf(one).signIn(user.idToken)).status).toBe(401);
    },
  );
});

describe('an order', () => {
  it('of a product that an operator put into the catalog is on the log when 202 is given', async () => {
    const sku = `TEA-${randomUUID()}`;
    const ops = await signedIn(operator);
    const shop = await signedIn(shopper);
    const order = () =>
      shop.send(
        'POST',
        '/api/orders',
        { items: [{ sku, quantity: 1 }] },
        { 'idempotency-key': sku },
      );
    expect(await order()).toMatchObject({ status: 422, body: { error: { code: 'UNKNOWN_SKU' } } });
    const product = { sku, name: 'Green tea', nameJa: '緑茶', unitPrice: 400 };
    const params = { header: keyed(sku) };
    const added = await ops.api.POST('/api/admin/products', { params, body: product });
    expect(added.response.status).toBe(202);
    await until('the catalog has the product', async () => (await order()).status === 202);
    const { body } = await order();
    const { orderId } = body as { orderId: string };
    await until('the read models have both requests', async () => {
      const rows = await database.query(
        `select distinct event_id from order_events where order_id = '${orderId}'`,
      );
      return rows.length === 1 && rows[0]?.['event_id'] === eventId(orderId, 'purchase');
    });
    await until('the product is listed', async () => {
      const { data } = await shop.api.GET('/api/products', { params: { query: { query: sku } } });
      return data?.products.some(({ nameJa }) => nameJa === '緑茶') === true;
    });
  });

  it('is one order for a burst of requests with two bodies under one key', async () => {
    const key = randomUUID();
    const [one, two] = [`CUP-${key}`, `POT-${key}`];
    const ops = await signedIn(operator);
    const shop = await signedIn(shopper);
    for (const sku of [one, two]) {
      const product = { sku, name: sku, nameJa: sku, unitPrice: 400 };
      await ops.api.POST('/api/admin/products', {
        params: { header: keyed(sku) },
        body: product,
      });
    }
    const order = (sku: string, idempotencyKey: string) =>
      shop.send(
        'POST',
        '/api/orders',
        { items: [{ sku, quantity: 1 }] },
        { 'idempotency-key': idempotencyKey },
      );
    for (const sku of [one, two]) {
      await until(
        'the catalog has it',
        async () => (await order(sku, randomUUID())).status === 202,
      );
    }
    const skus = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? one : two));
    const answers = await Promise.all(skus.map((sku) => order(sku, key)));
    const taken = new Set(skus.filter((_, n) => answers[n]?.status === 202));
    expect(taken.size).toBe(1);
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(10);
  });

  it('is seen by its owner and by operators, with what each may see', async () => {
    const orderId = randomUUID();
    await fixture.append(ordersEvents, orderCreated(orderId));
    const shop = await signedIn(shopper);
    const ops = await signedIn(operator);
    await clientOf(edge).send('POST', '/webhooks/paypay', webhook(orderId));
    await seen(shop, `/api/orders/${orderId}`);
    const params = { path: { orderId } };
    const { data: shown } = await shop.api.GET('/api/orders/{orderId}', { params });
    expect(shown).toMatchObject({
      status: 'PENDING',
      items: [{ sku: 'TEA', quantity: 2, unitPrice: null }],
      totalAmount: null,
    });
    expect(await shop.api.GET('/api/orders/{orderId}/payment', { params })).toMatchObject({
      data: { status: 'NOT_STARTED', refundedAmount: 0 },
    });
    const timelineFor = async (client: EdgeClient) =>
      (await client.api.GET('/api/orders/{orderId}/timeline', { params })).data?.entries ?? [];
    const typesFor = async (client: EdgeClient) =>
      (await timelineFor(client)).map(({ type }) => type);
    await until('the operator sees the webhook', async () =>
      (await typesFor(ops)).includes('PaymentNotificationReceived'),
    );
    expect(await typesFor(shop)).toEqual(['OrderCreated']);
    const entries = await timelineFor(ops);
    const last = entries.at(-1) ?? missing('no entries');
    const before = cursorOf([last.loggedAt, last.topic, last.offset]);
    const older = await ops.api.GET('/api/orders/{orderId}/timeline', {
      params: { path: { orderId }, query: { before } },
    });
    expect(older.data).toEqual({ orderId, entries: entries.slice(0, -1), next: null });
    expect(JSON.stringify(entries)).not.toContain('new_field');
    const { topic, partition, offset } =
      entries.find(({ type }) => type === 'PaymentNotificationReceived') ?? missing('no webhook');
    const query = { partition: String(partition), offset: String(offset), limit: '1' };
    const read = await ops.api.GET('/api/topics/{topic}/messages', {
      params: { path: { topic }, query },
    });
    expect(read.data?.messages[0]?.payload).toMatchObject({ body: webhook(orderId) });
    const lagOf = async (name: string) => {
      const { data } = await ops.api.GET('/api/lag');
      return data?.apps.find(({ app }) => app === name)?.lagRecords;
    };
    expect(await lagOf('alerts')).toEqual(expect.any(Number));
    await until('the views have read all', async () => (await lagOf('views')) === 0);
    const other = await signedIn(await signUp());
    expect((await other.send('GET', `/api/orders/${orderId}`)).status).toBe(404);
    const { data: list } = await shop.api.GET('/api/orders');
    expect(list?.orders.map((order) => order.orderId)).toContain(orderId);
  });
});

describe('an edge that stops', () => {
  it('has in Kafka every order that it has answered 202, and tells sockets to go', async () => {
    const stopping = await start();
    const user = await signUp();
    const client = await signedIn(user, stopping);
    const ops = await signedIn(operator, stopping);
    const sku = `STOP-${randomUUID()}`;
    const product = { sku, name: sku, nameJa: sku, unitPrice: 1 };
    await ops.api.POST('/api/admin/products', { params: { header: keyed(sku) }, body: product });
    const order = (key: string) =>
      client.send(
        'POST',
        '/api/orders',
        { items: [{ sku, quantity: 1 }] },
        { 'idempotency-key': key },
      );
    await until('the catalog has it', async () => (await order(randomUUID())).status === 202);
    const { socket } = client.listen();
    await until('the socket is connected', () => socket.connected);
    const troubles: string[] = [];
    socket.on('trouble', ({ code }) => troubles.push(code));
    const keys = Array.from({ length: 60 }, () => randomUUID());
    const asked = keys.map((key) => order(key).catch(() => undefined));
    // Some are answered, the rest are under way or not even read when the end comes.
    await Promise.race(asked);
    await stopping.stop();
    const answers = await Promise.all(asked);
    const statuses = answers.map((answer) => answer?.status ?? 'no answer');
    expect(statuses.filter((status) => ![202, 503, 'no answer'].includes(status))).toEqual([]);
    const taken = answers.flatMap((answer) =>
      answer?.status === 202 ? [(answer.body as { orderId: string }).orderId] : [],
    );
    expect(taken.length).toBeGreaterThan(0);
    expect(troubles).toContain('CLOSING');
    await until('the read models have them all', async () => {
      const rows = await database.query(
        `select distinct order_id from order_events where order_id in ('${taken.join("','")}')`,
      );
      return rows.length === taken.length;
    });
  });
});

describe('a webhook that no order hears of', () => {
  it('is archived with its verdict, and operators see it', async () => {
    const ops = await signedIn(operator);
    const marker = randomUUID();
    const sent = `{"notification_type":"file.created","file":"${marker}"}`;
    const stranger = clientOf(edge);
    expect(await stranger.send('POST', '/webhooks/paypay', sent)).toMatchObject({ status: 200 });
    const found = async () => {
      const { body } = await ops.send('GET', '/api/webhooks?verdict=UNKNOWN_KIND');
      return (body as WebhookList).webhooks.find((webhook) => webhook.body.includes(marker));
    };
    await until('it is listed', async () => (await found()) !== undefined);
    expect(await found()).toMatchObject({
      verdict: 'UNKNOWN_KIND',
      reason: 'notification_type is "file.created"',
      sourceAddress: '127.0.0.1',
      body: sent,
      orderId: null,
    });
    expect((await stranger.send('GET', '/api/webhooks')).status).toBe(401);
  });
});

describe('an order that was paid twice', () => {
  const money = { amount: 800, currency: 'JPY' };

  function succeeded(orderId: string, attempt: number): EventOf<'PaymentSucceeded'> {
    return {
      type: 'PaymentSucceeded',
      ...orderHeader({ id: eventId(orderId, `read-${attempt}`), at: Date.now() }, 'paid', orderId),
      attempt,
      merchantPaymentId: `${orderId}-${attempt}`,
      paymentId: `pp-${orderId}-${attempt}`,
      ...money,
      paidAt: Date.now(),
      settledBy: 'POLL',
    };
  }

  function paidBy({
    orderId,
    paymentId,
    paidAt,
  }: EventOf<'PaymentSucceeded'>): EventOf<'OrderPaid'> {
    const header = orderHeader({ id: eventId(orderId, 'read'), at: Date.now() }, 'paid', orderId);
    return { type: 'OrderPaid', ...header, userId: shopper.userId, paymentId, ...money, paidAt };
  }

  function refunded(
    { orderId, merchantPaymentId, paymentId }: EventOf<'PaymentSucceeded'>,
    amount: number,
  ): EventOf<'PaymentRefunded'> {
    const cause = { id: eventId(orderId, `refund-${amount}`), at: Date.now() };
    return {
      type: 'PaymentRefunded',
      ...orderHeader(cause, 'refunded', orderId),
      ...{ merchantPaymentId, paymentId, merchantRefundId: cause.id, amount, currency: 'JPY' },
      ...{ requestedHere: true, observedAt: Date.now(), wasPending: false },
    };
  }

  it.each([
    ['second', 0],
    ['first', 1],
  ])('shows its own payment with its own refunds when the %s is given back', async (_, own) => {
    const orderId = randomUUID();
    const shop = await signedIn(shopper);
    const [first, second] = [succeeded(orderId, 1), succeeded(orderId, 2)];
    const [taken, other] = own === 0 ? [first, second] : [second, first];
    await fixture.append(ordersEvents, orderCreated(orderId));
    await fixture.append(paymentsEvents, first, second);
    await fixture.append(ordersEvents, paidBy(taken));
    await fixture.append(paymentsEvents, refunded(other, 800), refunded(taken, 100));
    const payment = async () => (await shop.send('GET', `/api/orders/${orderId}/payment`)).body;
    await until('both refunds are there', async () => {
      const { refunds = [], otherPayments = [] } = ((await payment()) ??
        {}) as Partial<PaymentView>;
      return refunds.length === 1 && otherPayments[0]?.refunds.length === 1;
    });
    expect(await payment()).toMatchObject({
      paymentId: taken.paymentId,
      status: 'PARTIALLY_REFUNDED',
      paidAmount: 800,
      refundedAmount: 100,
      refundPendingAmount: 0,
      refunds: [{ amount: 100, status: 'COMPLETED', requestedHere: true }],
      otherPayments: [
        { paymentId: other.paymentId, status: 'REFUNDED', paidAmount: 800, refundedAmount: 800 },
      ],
    });
    expect((await shop.send('GET', `/api/orders/${orderId}`)).body).toMatchObject({
      status: 'PAID',
      paymentId: taken.paymentId,
      refundedAmount: 100,
    });
  });
});

describe('an Idempotency-Key', () => {
  it('stands for one request, also when Redis has forgotten it', async () => {
    const key = randomUUID();
    const sku = `JAR-${key}`;
    const ops = await signedIn(operator);
    const book = (quantity: number) =>
      ops.send('POST', '/api/admin/stock', { sku, quantity }, { 'idempotency-key': key });
    const burst = await Promise.all([10, 20, 10, 20].map(book));
    const statuses = burst.map(({ status }) => status);
    expect([...statuses].sort()).toEqual([202, 202, 422, 422]);
    const taken = statuses[0] === 202 ? 10 : 20;
    await until('the read models have it', async () => {
      const requestKey = requestKeyOf(operator.userId, key);
      const rows = await database.query(
        `select 1 from requests where request_key = '${requestKey}'`,
      );
      return rows.length > 0;
    });
    const name = `idempotency:${requestKeyOf(operator.userId, key)}`;
    const keys = new Redis(fromEnvironment('REDIS_URL'));
    expect(await keys.del(name)).toBe(1);
    expect(await book(30 - taken)).toMatchObject({
      status: 422,
      body: { error: { code: 'IDEMPOTENCY_CONFLICT' } },
    });
    // The refused one has not taken the key.
    expect(await keys.exists(name)).toBe(0);
    expect((await book(taken)).status).toBe(202);
    expect(await keys.ttl(name)).toBeGreaterThan(0);
    keys.disconnect();
  });
});

describe('a silence', () => {
  it('is in force until it is ended, and then says who ended it and why', async () => {
    const ops = await signedIn(operator);
    const made = await ops.api.POST('/api/silences', {
      params: { header: keyed('s-1') },
      body: { rule: 'RULE_B', until: Date.now() + 3_600_000, reason: 'maintenance' },
    });
    const { silenceId } = made.data ?? missing('not taken');
    const inForce = async () => {
      const { data } = await ops.api.GET('/api/incidents');
      return data?.silences.some((known) => known.silenceId === silenceId) === true;
    };
    await until('the silence is in force', inForce);
    const end = () =>
      ops.api.POST('/api/silences/{silenceId}/end', {
        params: { path: { silenceId }, header: keyed('end-1') },
        body: { reason: 'it was short' },
      });
    expect((await end()).data).toEqual({ silenceId });
    await until('the silence is not in force', async () => !(await inForce()));
    expect((await end()).data).toEqual({ silenceId });
    const { data } = await ops.api.GET('/api/silences');
    expect(data?.silences.find((known) => known.silenceId === silenceId)).toMatchObject({
      author: operator.email,
      reason: 'maintenance',
      endedBy: operator.email,
      endReason: 'it was short',
    });
  });
});

describe('a correction of stock', () => {
  it('is on the log when 202 is given, and its refusal is told with the figures', async () => {
    const sku = `TEA-${randomUUID()}`;
    const ops = await signedIn(operator);
    const body = { sku, quantity: -450, reason: 'booked by mistake' };
    const correct = (key: string) =>
      ops.api.POST('/api/admin/stock/adjustments', { params: { header: keyed(key) }, body });
    const { eventId: requestId } = (await correct(sku)).data ?? missing('not taken');
    const history = async () => {
      const params = { path: { sku } };
      const { data } = await ops.api.GET('/api/admin/stock/{sku}/adjustments', { params });
      return data ?? missing('no history');
    };
    await until('the request is told', async () => {
      const [adjustment] = (await history()).adjustments;
      return adjustment?.eventId === requestId && adjustment.status === 'REQUESTED';
    });
    const figures = { available: 380, reserved: 120 };
    const cause = { id: requestId, at: Date.now() };
    await fixture.append(inventoryAdjustments, {
      type: 'StockAdjustmentRejected',
      ...header(cause, 'StockAdjustmentRejected', requestId),
      ...body,
      actor: operator.userId,
      ...figures,
    });
    await fixture.append(inventoryLevels, {
      type: 'StockLevel',
      ...header(cause, 'StockLevel', requestId),
      sku,
      total: 500,
      ...figures,
      sold: 0,
    });
    await until('the refusal and the level are told', async () => {
      const { level, adjustments } = await history();
      return level !== null && adjustments[0]?.status === 'REJECTED';
    });
    expect(await history()).toMatchObject({
      level: { sku, total: 500, ...figures, sold: 0 },
      adjustments: [{ eventId: requestId, quantity: -450, ...figures, actor: operator.userId }],
    });
    const { data: stock } = await ops.api.GET('/api/admin/stock');
    expect(stock?.lines).toContainEqual({ sku, name: null, total: 500, ...figures, sold: 0 });
    const behind = await ops.api.GET('/api/admin/stock', { params: { query: { after: sku } } });
    expect(behind.data?.lines).not.toContainEqual(expect.objectContaining({ sku }));
    expect(await correct(`${sku}-2`)).toMatchObject({
      response: { status: 409 },
      error: { code: 'STOCK_NOT_AVAILABLE', field: 'quantity' },
    });
  });
});

describe('a product', () => {
  it('is changed and withdrawn by its version, and told with who did what and why', async () => {
    const sku = `POT-${randomUUID()}`;
    const ops = await signedIn(operator);
    const path = { sku };
    const history = async () => {
      const { data } = await ops.api.GET('/api/admin/products/{sku}/changes', { params: { path } });
      return data ?? missing('no history');
    };
    const told = (changes: number) =>
      until('the change is told', async () => (await history()).changes.length === changes);
    const put = (unitPrice: number, expectedVersion: number | null, reason: string) =>
      ops.api.POST('/api/admin/products', {
        params: { header: keyed(`${sku}-${reason}`) },
        body: { sku, name: 'Pot', nameJa: '急須', unitPrice, expectedVersion, reason },
      });
    await put(4_000, null, 'new');
    await told(1);
    const { version } = (await history()).product ?? missing('no product');
    const both = await Promise.all([put(4_500, version, 'dearer'), put(3_500, version, 'cheaper')]);
    const statuses = both.map(({ response }) => response.status);
    expect([...statuses].sort()).toEqual([202, 409]);
    const wanted = statuses[0] === 202 ? 'dearer' : 'cheaper';
    await told(2);
    const second = (await history()).product ?? missing('no product');
    const withdrawn = await ops.api.POST('/api/admin/products/{sku}/withdraw', {
      params: { path, header: keyed(`${sku}-withdrawn`) },
      body: { expectedVersion: second.version, reason: 'no longer made' },
    });
    expect(withdrawn.response.status).toBe(202);
    await told(3);
    const actor = operator.userId;
    expect((await history()).changes).toMatchObject([
      { change: 'WITHDRAWN', changed: ['active'], actor, reason: 'no longer made' },
      { change: 'CHANGED', changed: ['unitPrice'], actor, reason: wanted },
      { change: 'ADDED', changed: [], actor, reason: 'new', unitPrice: 4_000 },
    ]);
    const list = await ops.api.GET('/api/admin/products');
    expect(list.data?.products).toContainEqual(expect.objectContaining({ sku, active: false }));
  });
});

describe('a change of a spending limit', () => {
  it('is told with who made it and why', async () => {
    const ops = await signedIn(operator);
    const { userId } = shopper;
    const change = { userId, limit: 500, reason: 'a typing error' };
    const set = await ops.api.POST('/api/admin/spending-limits', {
      params: { header: keyed(randomUUID()) },
      body: change,
    });
    const history = async () => {
      const params = { path: { userId } };
      const { data } = await ops.api.GET('/api/admin/spending-limits/{userId}', { params });
      return data ?? missing('no history');
    };
    await until('the change is told', async () => (await history()).changes.length === 1);
    const told = {
      eventId: set.data?.eventId,
      limit: 500,
      reason: 'a typing error',
      actor: operator.userId,
    };
    expect(await history()).toMatchObject({ changes: [told] });
  });
});

describe('a webhook', () => {
  it('is on the log, word for word, when 200 is given', async () => {
    const orderId = randomUUID();
    const body = webhook(orderId);
    const answer = await clientOf(edge).send('POST', '/webhooks/paypay', body);
    expect(answer.status).toBe(200);
    await until('the read models have it', async () => {
      const rows = await database.query(
        `select body, verdict, amount from notifications where order_id = '${orderId}'`,
      );
      const [row] = rows;
      if (row === undefined) return false;
      expect(row).toEqual({ body, verdict: 'HINT', amount: '800' });
      return true;
    });
  });
});

describe('live updates', () => {
  it('bring the owner a snapshot and then what happens', async () => {
    const orderId = randomUUID();
    await fixture.append(ordersEvents, orderCreated(orderId));
    const shop = await signedIn(shopper);
    await seen(shop, `/api/orders/${orderId}`);
    const listener = shop.listen();
    const answer = await listener.join(`order:${orderId}`);
    expect(answer).toMatchObject({
      kind: 'joined',
      snapshot: { kind: 'order', order: { orderId, status: 'PENDING' } },
    });
    await fixture.append(ordersEvents, news(orderId, 'live'));
    await until('the event comes', () => detailsOf(listener).includes('live'));
    const other = (await signedIn(await signUp())).listen();
    expect(await other.join(`order:${orderId}`)).toMatchObject({
      kind: 'refused',
      error: { code: 'NOT_FOUND' },
    });
    expect(await other.join('ops')).toMatchObject({ error: { code: 'FORBIDDEN' } });
  });

  it('miss nothing between the snapshot and the live events', async () => {
    const orderId = randomUUID();
    await fixture.append(ordersEvents, orderCreated(orderId));
    const shop = await signedIn(shopper);
    await seen(shop, `/api/orders/${orderId}`);
    const expected = Array.from({ length: 300 }, (_, n) => `news-${String(n)}`);
    const listeners: { listener: Listener; early: Set<unknown> }[] = [];
    const append = async () => {
      for (const role of expected) await fixture.append(ordersEvents, news(orderId, role));
    };
    const join = async () => {
      for (let n = 0; n < 20; n++) {
        const listener = shop.listen();
        let answer = await listener.join(`order:${orderId}`);
        // The log runs ahead while it is written to; a page asks again as well.
        while (answer.kind === 'refused' && answer.error.code === 'VIEWS_BEHIND') {
          answer = await listener.join(`order:${orderId}`);
        }
        if (answer.kind === 'refused') throw new Error(answer.error.message);
        const { snapshot } = answer;
        const entries = snapshot.kind === 'order' ? snapshot.timeline : [];
        listeners.push({
          listener,
          early: new Set(entries.map(({ payload }) => payload['detail'])),
        });
      }
    };
    await Promise.all([append(), join()]);
    for (const { listener, early } of listeners) {
      await until('all news came', () => {
        const all = new Set([...early, ...detailsOf(listener)]);
        return expected.every((role) => all.has(role));
      });
    }
  });

  it('count all alerts and their money, also those that a list has no room for', async () => {
    const ops = await signedIn(operator);
    const list = async () => {
      const params = { query: { limit: '1', rule: 'RULE_C' } } as const;
      return (await ops.api.GET('/api/alerts', { params })).data ?? missing('no list');
    };
    const before = await list();
    const moneyOf = ({ moneyAtRisk }: AlertList) => moneyAtRisk[0]?.amount ?? 0;
    for (let n = 0; n < 3; n++) await fixture.append(alertsRaised, alertRaised(randomUUID()));
    await until('the read models have them', async () => (await list()).total === before.total + 3);
    const after = await list();
    const { alerts, total } = after;
    expect(alerts).toHaveLength(1);
    expect(moneyOf(after) - moneyOf(before)).toBe(3 * 800);
    // The other rules' alerts stand in the snapshot as well, whichever test raised them.
    const { data: everyRule } = await ops.api.GET('/api/alerts', {
      params: { query: { limit: '1' } },
    });
    const joined = await ops.listen().join('ops');
    expect(joined).toMatchObject({
      kind: 'joined',
      snapshot: { kind: 'ops', total: everyRule?.total },
    });
    const { data: grouped } = await ops.api.GET('/api/incidents');
    const members = grouped?.incidents.filter(({ rule }) => rule === 'RULE_C');
    expect(members?.reduce((sum, { count }) => sum + count, 0)).toBe(total);
  });

  it('bring operators every alert, with the place in the log', async () => {
    const alertId = randomUUID();
    const ops = await signedIn(operator);
    const listener = ops.listen();
    expect(await listener.join('ops')).toMatchObject({ kind: 'joined', snapshot: { kind: 'ops' } });
    await fixture.append(alertsRaised, alertRaised(alertId));
    await until('the alert comes', () =>
      listener.events.some(({ payload }) => payload['alertId'] === alertId),
    );
    await seen(ops, `/api/alerts/${alertId}`);
    const path = { alertId };
    const history = (params: { path: { alertId: string }; query?: { before: string } }) =>
      ops.api.GET('/api/alerts/{alertId}/history', { params });
    const [raised] = (await history({ path })).data?.history ?? [];
    expect(raised).toMatchObject({ type: 'AlertRaised', actor: null });
    const before = cursorOf([raised?.loggedAt ?? 0, raised?.topic ?? '', raised?.offset ?? 0]);
    expect((await history({ path, query: { before } })).data).toEqual({ history: [], next: null });
    const query = { rule: 'RULE_C', severity: 'P1', status: 'OPEN' } as const;
    const { data } = await ops.api.GET('/api/alerts', { params: { query } });
    expect(data?.alerts.map((alert) => alert.alertId)).toContain(alertId);
  });

  it('need a session', async () => {
    const { socket } = clientOf(edge).listen();
    const refused = await new Promise<Error>((resolve) => socket.on('connect_error', resolve));
    expect(refused).toMatchObject({ data: { code: 'UNAUTHENTICATED', retry: false } });
  });
});

describe('without Redis', () => {
  it('every route of the API is 503, webhooks are taken, and it recovers by itself', async () => {
    const shop = await signedIn(shopper);
    const listener = shop.listen();
    await until('the socket is connected', () => listener.socket.connected);
    redis.sever();
    for (const path of ['/api/orders', '/api/account', '/api/no-such-route']) {
      expect(await shop.send('GET', path)).toMatchObject({
        status: 503,
        body: { error: { code: 'SESSIONS_UNAVAILABLE' } },
      });
    }
    expect((await clientOf(edge).send('GET', '/api/orders')).status).toBe(503);
    expect((await clientOf(edge).signIn(shopper.idToken)).status).toBe(503);
    const taken = await shop.send('POST', '/webhooks/paypay', webhook(randomUUID()));
    expect(taken.status).toBe(200);
    expect(await listener.join('ops')).toMatchObject({
      error: { code: 'SESSIONS_UNAVAILABLE', retry: true },
    });
    await until('the socket hears of it', () =>
      listener.troubles.some(({ code }) => code === 'SESSIONS_UNAVAILABLE'),
    );
    redis.mend();
    await until(
      'it works again',
      async () => (await shop.send('GET', '/api/orders')).status === 200,
    );
  });
});

describe('without Postgres', () => {
  it('reads are 503, webhooks are taken, and it recovers by itself', async () => {
    const shop = await signedIn(shopper);
    postgres.sever();
    expect(await shop.send('GET', '/api/orders')).toMatchObject({
      status: 503,
      body: { error: { code: 'VIEWS_UNAVAILABLE' } },
    });
    const taken = await shop.send('POST', '/webhooks/paypay', webhook(randomUUID()));
    expect(taken.status).toBe(200);
    const { body } = await shop.send('GET', '/actuator/health');
    expect(body).toMatchObject({
      status: 'DOWN',
      components: { postgres: { status: 'DOWN' }, kafka: { status: 'UP' } },
    });
    postgres.mend();
    await until(
      'it works again',
      async () => (await shop.send('GET', '/api/orders')).status === 200,
    );
  });
});

describe('without Kafka', () => {
  it('webhooks are 503 in time, and it recovers by itself', async () => {
    kafka.sever();
    const lonely = await start({ KAFKA_BROKERS: kafka.address });
    try {
      const client = clientOf(lonely);
      const began = Date.now();
      expect(await client.send('POST', '/webhooks/paypay', webhook(randomUUID()))).toMatchObject({
        status: 503,
        body: { error: { code: 'LOG_UNAVAILABLE' } },
      });
      expect(Date.now() - began).toBeLessThan(1_500);
      expect((await client.send('GET', '/health/ready')).status).toBe(503);
      kafka.mend();
      await until('webhooks are taken', async () => {
        const answer = await client.send('POST', '/webhooks/paypay', webhook(randomUUID()));
        return answer.status === 200;
      });
      await until('it is ready', async () => {
        return (await client.send('GET', '/health/ready')).status === 200;
      });
    } finally {
      await lonely.stop();
    }
  });
});
