import type { AddressInfo } from 'node:net';
import { limits } from '../../edge/limits';
import { buildTestEdge, type TestEdge } from './in-memory-parts';
import { parseRaw, sendRaw } from './raw-request';

describe('a request that stalls', () => {
  let edge: TestEdge;
  let port: number;

  beforeAll(async () => {
    edge = await buildTestEdge();
    await edge.app.listen({ host: '127.0.0.1', port: 0 });
    ({ port } = edge.app.server.address() as AddressInfo);
  });
  afterAll(() => edge.app.close());

  // The limits themselves are the matter, so that they are waited for.
  test.each([
    ['in its headers', 'POST /webhooks/paypay HTTP/1.1\r\nHost: a', limits.headersReceiveMs],
    [
      'in its body',
      'POST /webhooks/paypay HTTP/1.1\r\nHost: a\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
      limits.requestReceiveMs,
    ],
  ])('%s is cut off soon after its limit', async (_where, text, limitMs) => {
    const cutOffWithinMs = limitMs + 5 * limits.connectionCheckMs;
    const late = new Promise<string>((resolve) => {
      setTimeout(() => resolve('still open'), cutOffWithinMs).unref();
    });
    const answer = await Promise.race([sendRaw(port, text), late]);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(parseRaw(answer).body).toMatchObject({ status: 408, code: 'REQUEST_TIMEOUT' });
  });
});
