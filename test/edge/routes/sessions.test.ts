import { eventually } from '../../streams/views/views-fixture';
import { OPS_TOKEN, SHOPPER_TOKEN, buildTestEdge, type TestEdge } from '../in-memory-parts';

describe('sessions', () => {
  let edge: TestEdge;

  beforeAll(async () => {
    edge = await buildTestEdge({ proxyDepth: 1 });
  });
  beforeEach(() => edge.reset());
  afterAll(() => edge.app.close());

  function signIn(payload: object, headers: Record<string, string> = {}) {
    return edge.app.inject({ method: 'POST', url: '/auth/session', payload, headers });
  }

  function status(cookie: string) {
    return edge.app.inject({ url: '/auth/status', headers: { cookie } });
  }

  test('signing in tells who it is and sets a cookie that scripts cannot read', async () => {
    const answer = await signIn({ idToken: OPS_TOKEN }, { host: 'localhost:3000' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ user: { userId: 'ops-1', roles: ['ops'] } });
    expect(answer.cookies).toEqual([
      expect.objectContaining({ name: 'sid', httpOnly: true, sameSite: 'Lax', path: '/' }),
    ]);
    expect(answer.cookies[0]?.secure).toBeUndefined();
  });

  test.each([
    ['another host over HTTP', { host: 'shop.example' }],
    ['HTTPS at the proxy', { host: 'localhost', 'x-forwarded-proto': 'https' }],
  ])('the cookie is Secure and of this host alone for %s', async (_what, headers) => {
    const answer = await signIn({ idToken: SHOPPER_TOKEN }, headers);
    const [cookie] = answer.cookies;
    expect(cookie).toMatchObject({ name: '__Host-sid', secure: true, path: '/', httpOnly: true });
    expect(cookie?.domain).toBeUndefined();
    const who = async (name: string) => {
      const sent = { ...headers, cookie: `${name}=${cookie?.value ?? ''}` };
      return (await edge.app.inject({ url: '/auth/status', headers: sent })).json<unknown>();
    };
    expect(await who('__Host-sid')).toMatchObject({ user: { userId: 'shopper-1' } });
    // A page of a sibling domain can plant a cookie of this name.
    expect(await who('sid')).toEqual({ user: null });
  });

  test('a sign-in ends the session whose cookie came with it, and makes a new token', async () => {
    const before = await edge.signIn(SHOPPER_TOKEN);
    const answer = await signIn({ idToken: OPS_TOKEN }, { cookie: before });
    const after = `sid=${answer.cookies[0]?.value ?? ''}`;
    expect(after).not.toBe(before);
    expect((await status(before)).json()).toEqual({ user: null });
    expect((await status(after)).json()).toMatchObject({ user: { userId: 'ops-1' } });
  });

  test('a token that was planted before the sign-in is worth nothing after it', async () => {
    const planted = 'a'.repeat(43);
    const answer = await signIn({ idToken: SHOPPER_TOKEN }, { cookie: `sid=${planted}` });
    expect(answer.cookies[0]?.value).not.toBe(planted);
    expect((await status(`sid=${planted}`)).json()).toEqual({ user: null });
  });

  test('a sign-out everywhere ends all sessions of the user, and what Firebase gave out', async () => {
    const [one, two] = [await edge.signIn(SHOPPER_TOKEN), await edge.signIn(SHOPPER_TOKEN)];
    const other = await edge.signIn(OPS_TOKEN);
    const everywhere = (cookie: string) =>
      edge.app.inject({ method: 'POST', url: '/auth/logout-everywhere', headers: { cookie } });
    expect((await everywhere(one)).statusCode).toBe(204);
    for (const cookie of [one, two]) expect((await status(cookie)).json()).toEqual({ user: null });
    expect((await status(other)).json()).toMatchObject({ user: { userId: 'ops-1' } });
    expect(edge.identity.revoked).toEqual(['shopper-1']);
    expect((await everywhere(one)).statusCode).toBe(401);
  });

  test('who signs in too often is told when to come back, and how much is left before', async () => {
    const rates = { signInsPerMinute: 3, ordersPerMinute: 1e6, webhooksPerMinute: 1e6 };
    const slow = await buildTestEdge({ rates });
    const from = (remoteAddress: string, idToken: string) =>
      slow.app.inject({
        method: 'POST',
        url: '/auth/session',
        payload: { idToken },
        remoteAddress,
      });
    const first = await from('203.0.113.7', 'forged');
    expect(first.headers).toMatchObject({ 'ratelimit-limit': '3', 'ratelimit-remaining': '2' });
    await from('203.0.113.7', 'forged');
    await from('203.0.113.7', 'forged');
    const refused = await from('203.0.113.7', SHOPPER_TOKEN);
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    // Of another address, and then too often as the same user.
    for (const n of [1, 2, 3]) {
      expect((await from(`203.0.113.1${String(n)}`, SHOPPER_TOKEN)).statusCode).toBe(200);
    }
    expect((await from('203.0.113.20', SHOPPER_TOKEN)).statusCode).toBe(429);
    await slow.app.close();
  });

  test('the session lasts until the sign-out', async () => {
    const cookie = await edge.signIn(SHOPPER_TOKEN);
    expect((await status(cookie)).json()).toMatchObject({ user: { userId: 'shopper-1' } });
    const answer = await edge.app.inject({
      method: 'POST',
      url: '/auth/logout',
      headers: { cookie },
    });
    expect(answer.statusCode).toBe(204);
    expect((await status(cookie)).json()).toEqual({ user: null });
  });

  test('a session that has expired lets nobody in', async () => {
    const who = { userId: 'shopper-1', email: null, roles: [], authenticatedAt: 1_000 };
    const session = { ...who, expiresAt: Date.now() - 1 };
    const cookie = `sid=${'o'.repeat(43)}`;
    edge.sessions.sessions.set('o'.repeat(43), session);
    expect((await status(cookie)).json()).toEqual({ user: null });
    const answer = await edge.app.inject({ url: '/api/account', headers: { cookie } });
    expect(answer.statusCode).toBe(401);
  });

  test.each([
    ['a forged token', { idToken: 'forged' }, 401, 'INVALID_TOKEN', 'idToken'],
    ['no token', {}, 400, 'MISSING_FIELD', 'idToken'],
    ['a token that is no text', { idToken: 1 }, 400, 'INVALID_FIELD', 'idToken'],
    ['a role of one’s own', { idToken: 'x', roles: ['ops'] }, 400, 'UNKNOWN_FIELD', 'roles'],
  ])('%s is refused', async (_what, payload, statusCode, code, field) => {
    const answer = await signIn(payload);
    expect(answer.statusCode).toBe(statusCode);
    expect(answer.json()).toMatchObject({ error: { code, field } });
  });

  test('a page of another origin cannot sign anyone in or out', async () => {
    const foreign = { origin: 'https://evil.example' };
    expect((await signIn({ idToken: SHOPPER_TOKEN }, foreign)).statusCode).toBe(403);
    const older = { 'sec-fetch-site': 'cross-site' };
    expect((await signIn({ idToken: SHOPPER_TOKEN }, older)).statusCode).toBe(403);
  });

  test('without Redis nobody is let in, not even to hear that they are nobody', async () => {
    const cookie = await edge.signIn(SHOPPER_TOKEN);
    edge.sessions.down = true;
    expect((await signIn({ idToken: SHOPPER_TOKEN })).statusCode).toBe(503);
    expect((await status(cookie)).statusCode).toBe(503);
    expect((await status('')).statusCode).toBe(503);
    for (const url of ['/api/account', '/api/alerts', '/api/no-such-route']) {
      expect((await edge.app.inject({ url })).statusCode).toBe(503);
      expect((await edge.app.inject({ url, headers: { cookie } })).statusCode).toBe(503);
    }
  });
});

describe('a session whose account is out', () => {
  let edge: TestEdge;

  beforeAll(async () => {
    // Every answer of Firebase is a few milliseconds old at most.
    edge = await buildTestEdge({ revocationMs: 3 });
  });
  beforeEach(() => edge.reset());
  afterAll(() => edge.app.close());

  const statusOf = async (url: string, cookie: string) =>
    (await edge.app.inject({ url, headers: { cookie } })).statusCode;

  test.each([
    ['disabled', { disabled: true }],
    ['revoked', { tokensValidFrom: 2_000 }],
    ['without the role', { roles: [] }],
    ['deleted', 'deleted'],
  ] as const)('lets an operator do nothing more: %s', async (_what, change) => {
    const cookie = await edge.signIn(OPS_TOKEN);
    expect(await statusOf('/api/alerts', cookie)).toBe(200);
    edge.identity.accounts.set('ops-1', change);
    await eventually('the operator is out', async () => {
      return (await statusOf('/api/alerts', cookie)) === 401;
    });
    // Gone from Redis, so other edges need not ask.
    edge.identity.accounts.clear();
    expect(await statusOf('/api/alerts', cookie)).toBe(401);
  });

  test('is not made: a token is not taken whose account is not what it says', async () => {
    edge.identity.accounts.set('ops-1', { roles: [] });
    const answer = await edge.app.inject({
      method: 'POST',
      url: '/auth/session',
      payload: { idToken: OPS_TOKEN },
    });
    expect(answer.json()).toMatchObject({ error: { code: 'INVALID_TOKEN', field: 'idToken' } });
  });
});

describe('while Firebase cannot be asked', () => {
  let edge: TestEdge;

  beforeEach(async () => {
    edge = await buildTestEdge();
    edge.identity.down = true;
  });
  afterEach(() => edge.app.close());

  test('an operator is put off at the sign-in, a shopper comes in and stays', async () => {
    const ops = await edge.app.inject({
      method: 'POST',
      url: '/auth/session',
      payload: { idToken: OPS_TOKEN },
    });
    expect(ops.statusCode).toBe(503);
    expect(ops.json()).toMatchObject({ error: { code: 'IDENTITY_UNAVAILABLE' } });
    const cookie = await edge.signIn(SHOPPER_TOKEN);
    const account = await edge.app.inject({ url: '/api/account', headers: { cookie } });
    expect(account.statusCode).toBe(200);
  });

  test('an operator whom Firebase has not confirmed for too long is put off, not signed out', async () => {
    const who = { userId: 'ops-1', email: null, roles: ['ops' as const], authenticatedAt: 1_000 };
    const kept = 'k'.repeat(43);
    edge.sessions.sessions.set(kept, { ...who, expiresAt: Date.now() + 60_000 });
    const headers = { cookie: `sid=${kept}` };
    expect((await edge.app.inject({ url: '/api/alerts', headers })).statusCode).toBe(503);
    expect(edge.sessions.sessions.has(kept)).toBe(true);
  });
});
