import type { AddressInfo } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import { limits } from '../../../edge/limits';
import { eventually } from '../../streams/views/views-fixture';
import { SHOPPER_TOKEN, buildTestEdge, type TestEdge } from '../in-memory-parts';

/** The first request of engine.io's protocol: a connection that says nothing more. */
async function shake(url: string): Promise<number> {
  const answer = await fetch(`${url}/socket.io/?EIO=4&transport=polling`);
  await answer.text();
  return answer.status;
}

describe('sockets that do not say who they are', () => {
  let edge: TestEdge;
  let url: string;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    edge = await buildTestEdge();
    await edge.app.listen({ host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${String((edge.app.server.address() as AddressInfo).port)}`;
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.disconnect();
    await edge.app.close();
  });

  function connect(cookie: string): Promise<'connected' | Error> {
    const socket = io(url, {
      ...{ extraHeaders: { cookie }, reconnection: false, forceNew: true },
      transports: ['websocket'],
    });
    sockets.push(socket);
    return new Promise((resolve) => {
      socket.on('connect', () => resolve('connected'));
      socket.on('connect_error', resolve);
    });
  }

  test('are so many of one address and no more, and are closed soon', async () => {
    const statuses: number[] = [];
    const begun = performance.now();
    for (let n = 0; n < 200; n += 1) statuses.push(await shake(url));
    const held = statuses.filter((status) => status === 200).length;
    expect(held).toBe(limits.socketsWaitingPerAddressMax);
    expect(statuses.filter((status) => status === 403)).toHaveLength(200 - held);
    await eventually('there is room again', async () => (await shake(url)) === 200);
    expect(performance.now() - begun).toBeLessThan(3 * limits.socketAdmitMs);
  });

  test('whoever has said it is not counted', async () => {
    const cookie = await edge.signIn(SHOPPER_TOKEN);
    for (let n = 0; n < limits.socketsPerUserMax; n += 1) {
      expect(await connect(cookie)).toBe('connected');
    }
    expect(await shake(url)).toBe(200);
    expect(await connect(cookie)).toMatchObject({ data: { code: 'TOO_MANY_SOCKETS' } });
  });
});
