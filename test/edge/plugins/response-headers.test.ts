import { SHOPPER_TOKEN, buildTestEdge, type TestEdge } from '../in-memory-parts';

describe('what browsers are told', () => {
  let edge: TestEdge;

  beforeAll(async () => {
    edge = await buildTestEdge();
  });
  beforeEach(() => edge.reset());
  afterAll(() => edge.app.close());

  test('a page may use this server and Firebase, and be in no frame', async () => {
    const { headers } = await edge.app.inject({ url: '/config.json' });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain('https://identitytoolkit.googleapis.com');
    expect(policy).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
  });

  test.each(['/api/orders', '/api/no-such-route', '/auth/status', '/api/account'])(
    'nothing of %s is kept, whatever the answer',
    async (url) => {
      const cookie = await edge.signIn(SHOPPER_TOKEN);
      for (const headers of [{}, { cookie }]) {
        const answer = await edge.app.inject({ url, headers });
        expect(answer.headers['cache-control']).toBe('no-store');
      }
    },
  );

  test('a list of products that has not changed is not sent again', async () => {
    const cookie = await edge.signIn(SHOPPER_TOKEN);
    const first = await edge.app.inject({ url: '/api/products', headers: { cookie } });
    expect(first.headers['cache-control']).toBe('private, no-cache');
    const headers = { cookie, 'if-none-match': String(first.headers.etag) };
    const again = await edge.app.inject({ url: '/api/products', headers });
    expect(again.statusCode).toBe(304);
    expect(again.body).toBe('');
  });

  test('no page of another origin is let read anything', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    for (const method of ['GET', 'OPTIONS'] as const) {
      const answer = await edge.app.inject({ method, url: '/api/orders', headers });
      const cors = Object.keys(answer.headers).filter((name) => name.startsWith('access-control'));
      expect(cors).toEqual([]);
      expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    }
  });
});
