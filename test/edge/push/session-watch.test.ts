import type { AddressInfo } from 'node:net';
import { eventually } from '../../streams/views/views-fixture';
import { EdgeClient } from '../edge-client';
import { OPS_TOKEN, SHOPPER_TOKEN, buildTestEdge, type TestEdge } from '../in-memory-parts';

describe('the socket of a session', () => {
  let edge: TestEdge;
  let client: EdgeClient;

  beforeAll(async () => {
    edge = await buildTestEdge({ revocationMs: 150 });
    await edge.app.listen({ host: '127.0.0.1', port: 0 });
  });
  beforeEach(() => {
    edge.reset();
    edge.sessions.sessions.clear();
    const { port } = edge.app.server.address() as AddressInfo;
    client = new EdgeClient(`http://127.0.0.1:${String(port)}`);
  });
  afterEach(() => client.close());
  afterAll(() => edge.app.close());

  /** Gives why the server closed the socket. */
  async function closedSocket(idToken: string, end: () => void): Promise<string> {
    await client.signIn(idToken);
    const { socket } = client.listen();
    await eventually('the socket is connected', () => Promise.resolve(socket.connected));
    const closed = new Promise<string>((resolve) => socket.on('disconnect', resolve));
    end();
    return closed;
  }

  test.each([
    ['disabled', { disabled: true }],
    ['revoked', { tokensValidFrom: 2_000 }],
    ['without the role', { roles: [] }],
    ['deleted', 'deleted'],
  ] as const)('is closed when the account is %s', async (_what, change) => {
    const end = () => edge.identity.accounts.set('ops-1', change);
    expect(await closedSocket(OPS_TOKEN, end)).toBe('io server disconnect');
    expect(edge.sessions.sessions.size).toBe(0);
  });

  test('is closed when the session ended elsewhere', async () => {
    const end = () => edge.sessions.sessions.clear();
    expect(await closedSocket(SHOPPER_TOKEN, end)).toBe('io server disconnect');
  });

  test('stays while Redis is away, and while Firebase is away for a moment', async () => {
    await client.signIn(OPS_TOKEN);
    const { socket } = client.listen();
    await eventually('the socket is connected', () => Promise.resolve(socket.connected));
    const looked = edge.identity.asked;
    edge.identity.down = true;
    await eventually('it was looked at', () => Promise.resolve(edge.identity.asked > looked));
    edge.sessions.down = true;
    const found = edge.sessions.found;
    await eventually('it was looked at', () => Promise.resolve(edge.sessions.found > found + 1));
    expect(socket.connected).toBe(true);
  });
});
