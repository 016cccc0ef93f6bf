/**
 * The attacks of docs/security-attacks.md that are tried on every route alike; those on one part are
 * tried in the test of that part.
 */
import type { AddressInfo } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import type { JoinReply } from '../../edge/contract/api-types';
import { limits } from '../../edge/limits';
import {
  OPS_TOKEN,
  OTHER_TOKEN,
  SHOPPER_TOKEN,
  buildTestEdge,
  type TestEdge,
} from './in-memory-parts';
import { ALERT_ID, ORDER_ID, alertRow, orderRow } from './rows';

let edge: TestEdge;
let routes: readonly Route[];

interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** With ids that exist in place of the parameters. */
  readonly url: string;
}

const IDS: Readonly<Record<string, string>> = {
  orderId: ORDER_ID,
  alertId: ALERT_ID,
  silenceId: ORDER_ID,
  sku: 'TEA-001',
  userId: 'shopper-1',
  topic: 'orders.events.v1',
};

beforeAll(async () => {
  edge = await buildTestEdge();
  await edge.app.ready();
  const { paths } = edge.app.swagger() as unknown as {
    paths: Record<string, Record<string, unknown>>;
  };
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase() as Route['method'],
      path,
      url: path.replace(/\{([^}]+)\}/g, (_all, name: string) => IDS[name] ?? 'x'),
    })),
  );
});
beforeEach(() => {
  edge.reset();
  edge.readModels.orderRows.push(orderRow());
  edge.readModels.alertRows.push(alertRow());
});
afterAll(() => edge.app.close());

const isOperators = ({ path }: Route) =>
  /^\/api\/(alerts|admin|silences|incidents|topics|lag|webhooks|dead-letters)/.test(path) ||
  path.endsWith('/payment/check');

function call({ method, url }: Route, headers: Record<string, string>, payload?: object) {
  return edge.app.inject({
    method,
    url,
    headers: { 'idempotency-key': 'key-1', ...headers },
    ...(method === 'POST' ? { payload: payload ?? {} } : {}),
  });
}

async function answersOf(
  some: readonly Route[],
  headers: Record<string, string>,
): Promise<Readonly<Record<string, number>>> {
  const answers = some.map(async (route) => {
    const { statusCode } = await call(route, headers);
    return [`${route.method} ${route.path}`, statusCode] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}

function allAre(status: number, some: readonly Route[]): Readonly<Record<string, number>> {
  return Object.fromEntries(some.map(({ method, path }) => [`${method} ${path}`, status]));
}

const api = () => routes.filter(({ path }) => path.startsWith('/api/'));

test('no route of the API lets in who has no session', async () => {
  expect(api().length).toBeGreaterThan(25);
  expect(await answersOf(api(), {})).toEqual(allAre(401, api()));
  expect(edge.log.written).toEqual([]);
});

test('no route of the API takes a cookie that was changed, cut, doubled or made up', async () => {
  const cookie = await edge.signIn(OPS_TOKEN);
  const token = cookie.slice('sid='.length);
  const last = token.endsWith('A') ? 'B' : 'A';
  for (const wrong of [
    `sid=${token.slice(0, -1)}${last}`,
    `sid=${token.slice(0, -1)}`,
    `sid=${token}${token}`,
    `sid=${token.toUpperCase()}`,
    `sid="${token}\u0000"`,
    'sid=',
    'sid=*',
    'sid=../../session',
    `__Host-sid=${token}`,
    `SID=${token}`,
  ]) {
    const answer = await edge.app.inject({ url: '/api/alerts', headers: { cookie: wrong } });
    expect([wrong, answer.statusCode]).toEqual([wrong, 401]);
  }
  expect((await edge.app.inject({ url: '/api/alerts', headers: { cookie } })).statusCode).toBe(200);
});

test('no route of operators lets in a shopper, whatever the request claims', async () => {
  const operators = routes.filter(isOperators);
  expect(operators.length).toBeGreaterThan(15);
  const cookie = await edge.signIn(SHOPPER_TOKEN);
  const claims = { 'x-role': 'ops', 'x-user-id': 'ops-1', authorization: 'Bearer ops' };
  expect(await answersOf(operators, { cookie, ...claims })).toEqual(allAre(403, operators));
  expect(edge.log.written).toEqual([]);
});

test('no route of an order says anything of it to another shopper', async () => {
  const ofOrder = routes.filter((route) => route.path.includes('{orderId}') && !isOperators(route));
  expect(ofOrder.length).toBeGreaterThanOrEqual(4);
  const cookie = await edge.signIn(OTHER_TOKEN);
  expect(await answersOf(ofOrder, { cookie })).toEqual(allAre(404, ofOrder));
  const list = await edge.app.inject({ url: '/api/orders', headers: { cookie } });
  expect(list.json()).toMatchObject({ orders: [] });
  expect(edge.log.written).toEqual([]);
});

test('no route that changes anything takes a request of another site’s page', async () => {
  const changing = routes.filter(
    ({ method, path }) => method === 'POST' && !path.startsWith('/webhooks/'),
  );
  const cookie = await edge.signIn(OPS_TOKEN);
  for (const foreign of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost.evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
  ] as Record<string, string>[]) {
    expect(await answersOf(changing, { cookie, ...foreign })).toEqual(allAre(403, changing));
  }
  expect(edge.log.written).toEqual([]);
});

test('a form of another site, which may be sent without asking, is no body here', async () => {
  const cookie = await edge.signIn(SHOPPER_TOKEN);
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const answer = await edge.app.inject({
      method: 'POST',
      url: '/api/orders',
      headers: { cookie, 'idempotency-key': 'key-1', 'content-type': type },
      payload: '{"items":[{"sku":"TEA-001","quantity":1}]}',
    });
    expect([type, answer.statusCode]).toEqual([type, 415]);
  }
});

test('a body that would change what all objects are is refused, and changes nothing', async () => {
  const cookie = await edge.signIn(OPS_TOKEN);
  const headers = { cookie, 'idempotency-key': 'key-1', 'content-type': 'application/json' };
  for (const payload of [
    '{"__proto__":{"roles":["ops"]},"items":[]}',
    '{"constructor":{"prototype":{"roles":["ops"]}},"items":[]}',
    '{"items":[{"sku":"TEA-001","quantity":1,"__proto__":{"x":1}}]}',
  ]) {
    const answer = await edge.app.inject({ method: 'POST', url: '/api/orders', headers, payload });
    expect(answer.statusCode).toBe(400);
  }
  const byQuery = await edge.app.inject({
    url: '/api/orders?__proto__[roles]=ops&constructor.prototype.roles=ops',
    headers: { cookie },
  });
  expect(byQuery.statusCode).toBe(400);
  expect(({} as { roles?: unknown }).roles).toBeUndefined();
});

test('a body beyond the limit is refused before it is read', async () => {
  const cookie = await edge.signIn(OPS_TOKEN);
  const changing = api().filter(({ method }) => method === 'POST');
  const huge = { reason: 'a'.repeat(limits.bodyBytesMax) };
  for (const route of changing) {
    expect((await call(route, { cookie }, huge)).statusCode).toBe(413);
  }
});

test('what is searched for is never a part of a query', async () => {
  const cookie = await edge.signIn(SHOPPER_TOKEN);
  const found = async (text: string) => {
    const url = `/api/products?q=${encodeURIComponent(text)}`;
    return (await edge.app.inject({ url, headers: { cookie } })).json<unknown>();
  };
  for (const text of ["' or 1=1 --", "'; drop table orders; --", '$1', '${7*7}']) {
    expect(await found(text)).toEqual({ products: [], next: null });
  }
  // Without a letter or a digit there is nothing to search for, as in a blank query.
  for (const text of ['%', '_', '\\', '*']) expect(await found(text)).toEqual(await found(' '));
  for (const q of ['%00', '%0a', 'a&q=b']) {
    const answer = await edge.app.inject({ url: `/api/products?q=${q}`, headers: { cookie } });
    expect(answer.statusCode).toBe(400);
  }
});

test('an address that a sender writes itself is not believed', async () => {
  const payload = { notification_type: 'file.created' };
  const headers = { 'x-forwarded-for': '52.68.128.8', 'x-real-ip': '52.68.128.8', via: '1.1 x' };
  const remoteAddress = '203.0.113.7';
  await edge.app.inject({
    method: 'POST',
    url: '/webhooks/paypay',
    headers,
    remoteAddress,
    payload,
  });
  expect(edge.log.written).toMatchObject([{ event: { sourceAddress: '203.0.113.7' } }]);
});

test('a path that is written in another way is no other path', async () => {
  for (const url of [
    '/api//orders',
    '/API/orders',
    '/api/orders/',
    '/api/%6frders/..%2f..%2fadmin/products',
    '/api/orders/../admin/products',
    '/docs/../../etc/passwd',
    '/docs/static/..%2f..%2fpackage.json',
    '/%2e%2e/%2e%2e/etc/passwd',
  ]) {
    const { statusCode } = await edge.app.inject({ url });
    expect([url, statusCode >= 400 && statusCode < 500]).toEqual([url, true]);
  }
});

describe('events of a socket', () => {
  let socket: Socket;

  beforeAll(async () => {
    await edge.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = edge.app.server.address() as AddressInfo;
    const cookie = await edge.signIn(OTHER_TOKEN);
    socket = io(`http://127.0.0.1:${String(port)}`, { extraHeaders: { cookie } });
    await new Promise<void>((resolve) => socket.on('connect', () => resolve()));
  });
  afterAll(() => socket.disconnect());

  const join = (room: unknown): Promise<JoinReply> =>
    socket.timeout(10_000).emitWithAck('join', room) as Promise<JoinReply>;

  test('of the wrong shape are refused, and the socket goes on', async () => {
    for (const room of [
      null,
      1,
      {},
      [],
      '',
      '*',
      'ops\u0000',
      'order:',
      'order:*',
      `order:${ORDER_ID}:ops`,
      `session:${'a'.repeat(64)}`,
      'user:ops-1',
      { toString: 'ops' },
      Buffer.from('ops'),
    ]) {
      expect(await join(room)).toMatchObject({
        kind: 'refused',
        error: { code: 'UNKNOWN_ROOM' },
      });
    }
    socket.emit('join');
    socket.emit('join', 'ops', 'no function');
    socket.emit('leave', null, null);
    socket.emit('__proto__', {});
    expect(socket.connected).toBe(true);
    expect(await join('ops')).toMatchObject({ kind: 'refused', error: { code: 'FORBIDDEN' } });
  });

  /** By long polling, where a packet is a text that may be anything. */
  async function sendPacket(cookie: string, packet: string): Promise<number> {
    const { port } = edge.app.server.address() as AddressInfo;
    const url = `http://127.0.0.1:${String(port)}/socket.io/?EIO=4&transport=polling`;
    const opened = await (await fetch(url, { headers: { cookie } })).text();
    const { sid } = JSON.parse(opened.slice(1)) as { sid: string };
    const own = `${url}&sid=${sid}`;
    const post = (body: string) =>
      fetch(own, { method: 'POST', body, headers: { cookie, 'content-type': 'text/plain' } });
    await (await post('40')).text();
    const answer = await post(packet);
    await answer.text();
    return answer.status;
  }

  test.each([
    ['no JSON', '42["join"'],
    ['no event', '42{}'],
    ['an event without a name', '42[]'],
    ['a name that is no text', '42[{"toString":1}]'],
    ['a reserved event', '42["disconnect","x"]'],
    ['another reserved event', '42["connect_error",{}]'],
    ['a binary event without its bytes', '451-["join",{"_placeholder":true,"num":0}]'],
    ['so many bytes to come', '45999999999-["join"]'],
    ['a placeholder of nothing', '451-["join",{"_placeholder":true,"num":-1}]'],
    ['another namespace', '40/admin,'],
    ['a namespace of a prototype', '40/__proto__,'],
    ['a second connect', '40{"token":"x"}'],
    ['an answer that nobody waits for', '43999["x"]'],
    ['a number of an answer beyond all', `42${'9'.repeat(400)}["leave","ops"]`],
    ['a type that is none', '49'],
    ['a packet of no protocol', 'zzzz'],
    ['nothing', ''],
    ['packets without an end', '\u001e'.repeat(500)],
    ['deep JSON', `42["join",${'['.repeat(5_000)}${']'.repeat(5_000)}]`],
    ['a key that changes objects', '42["join",{"__proto__":{"roles":["ops"]}}]'],
  ])('as packets that are none of the protocol harm nobody: %s', async (_what, packet) => {
    const cookie = await edge.signIn(OTHER_TOKEN);
    expect([200, 400, 413]).toContain(await sendPacket(cookie, packet));
    expect((await edge.app.inject({ url: '/health/live' })).statusCode).toBe(200);
    expect(await join('ops')).toMatchObject({ kind: 'refused', error: { code: 'FORBIDDEN' } });
    expect(({} as { roles?: unknown }).roles).toBeUndefined();
  });

  test('let nobody into the room of another’s order', async () => {
    edge.readModels.orderRows.push(orderRow());
    expect(await join(`order:${ORDER_ID}`)).toMatchObject({
      kind: 'refused',
      error: { code: 'NOT_FOUND' },
    });
  });

  test('beyond the limit end the socket, and not the edge', async () => {
    const ended = new Promise<string>((resolve) => socket.on('disconnect', resolve));
    socket.emit('join', 'a'.repeat(2 * limits.socketMessageBytesMax), () => undefined);
    await ended;
    expect((await edge.app.inject({ url: '/health/live' })).statusCode).toBe(200);
  });
});
