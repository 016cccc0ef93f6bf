import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { once } from 'node:events';
import { buildTestEdge } from '../in-memory-parts';

/** A connection that stays open between its requests. */
async function keepAlive(port: number) {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return {
    ask: async (path: string): Promise<string> => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      const [bytes] = (await once(socket, 'data')) as [Buffer];
      return bytes.toString('latin1');
    },
    write: (text: string) => socket.write(text),
    next: async () => ((await once(socket, 'data')) as [Buffer])[0].toString('latin1'),
  };
}

test('while it stops, what is under way is answered, and what still comes is sent elsewhere', async () => {
  const edge = await buildTestEdge();
  let finish: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => (finish = resolve));
  let begun: () => void = () => undefined;
  const isUnderWay = new Promise<void>((resolve) => (begun = resolve));
  edge.app.get('/slow', async () => {
    begun();
    await slow;
    return { done: true };
  });
  await edge.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = edge.app.server.address() as AddressInfo;
  const [first, second] = [await keepAlive(port), await keepAlive(port)];
  // The second has sent half a request, so that its connection is not idle when the end comes.
  second.write('GET /health/live HTTP/1.1\r\n');
  const underWay = first.ask('/slow');
  await isUnderWay;
  const closing = edge.app.close();
  await new Promise((resolve) => setImmediate(resolve));
  second.write('Host: localhost\r\n\r\n');
  const late = await second.next();
  expect(late).toMatch(/^HTTP\/1\.1 503 /);
  expect(late).toMatch(/connection: close/i);
  expect(late).toContain('"code":"CLOSING"');
  finish();
  expect(await underWay).toMatch(/^HTTP\/1\.1 200 /);
  await closing;
});
