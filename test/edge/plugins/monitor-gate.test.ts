import { OPS_TOKEN, SHOPPER_TOKEN, buildTestEdge, type TestEdge } from '../in-memory-parts';

const PATHS = ['/metrics', '/docs/json', '/docs'];

describe('what is for those who run the edge', () => {
  let edge: TestEdge;

  beforeAll(async () => {
    edge = await buildTestEdge({ monitors: ['10.1.0.0/16', '::1'] });
  });
  beforeEach(() => edge.reset());
  afterAll(() => edge.app.close());

  const get = (url: string, remoteAddress: string, headers: Record<string, string> = {}) =>
    edge.app.inject({ url, remoteAddress, headers });

  test.each(PATHS)('%s is read by a monitor and by an operator, by nobody else', async (path) => {
    expect((await get(path, '203.0.113.7')).json()).toMatchObject({ code: 'MONITORS_ONLY' });
    expect((await get(path, '10.1.2.3')).statusCode).toBeLessThan(400);
    expect((await get(path, '::ffff:10.1.2.3')).statusCode).toBeLessThan(400);
    const ops = { cookie: await edge.signIn(OPS_TOKEN) };
    expect((await get(path, '203.0.113.7', ops)).statusCode).toBeLessThan(400);
    const shopper = { cookie: await edge.signIn(SHOPPER_TOKEN) };
    expect((await get(path, '203.0.113.7', shopper)).statusCode).toBe(403);
  });

  test('behind a proxy that nobody told of, its address opens nothing', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    expect((await get('/metrics', '10.1.2.3', headers)).statusCode).toBe(403);
  });

  test('which service is down is not told to the world', async () => {
    for (const [path, status] of [
      ['/health/ready', 'ready'],
      ['/actuator/health', 'UP'],
    ] as const) {
      expect((await get(path, '203.0.113.7')).json()).toEqual({ status });
      expect(Object.keys((await get(path, '10.1.2.3')).json<object>())).toHaveLength(2);
    }
    edge.sessions.down = true;
    const cookie = `sid=${'a'.repeat(43)}`;
    const answer = await get('/actuator/health', '203.0.113.7', { cookie });
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toEqual({ status: 'DOWN' });
  });
});
