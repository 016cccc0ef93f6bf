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

  // The limits themselves are the matter, so that they are waited for, both at once.
  const cases = [
    {
      where: 'in its headers',
      text: 'POST /webhooks/paypay HTTP/1.1\r\nHost: a',
      limitMs: limits.headersReceiveMs,
    },
    {
      where: 'in its body',
      text: 'POST /webhooks/paypay HTTP/1.1\r\nHost: a\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
      limitMs: limits.requestReceiveMs,
    },
  ];
  const answers = new Map<string, Promise<string>>();
  beforeAll(() => {
    for (const { where, text, limitMs } of cases) {
      const late = new Promise<string>((resolve) => {
        setTimeout(() => resolve('still open'), limitMs + 5 * limits.connectionCheckMs).unref();
      });
      answers.set(where, Promise.race([sendRaw(port, text), late]));
    }
  });

  test.each(cases)('$where is cut off soon after its limit', async ({ where }) => {
    const answer = (await answers.get(where)) ?? '';
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(parseRaw(answer).body).toMatchObject({ status: 408, code: 'REQUEST_TIMEOUT' });
  });
});
