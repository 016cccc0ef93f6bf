import type { AddressInfo } from 'node:net';
import { limits } from '../../../edge/limits';
import { buildTestEdge, type TestEdge } from '../in-memory-parts';
import { parseRaw, sendRaw } from '../raw-request';

describe('bytes that never become a request', () => {
  let edge: TestEdge;
  let port: number;

  beforeAll(async () => {
    edge = await buildTestEdge();
    await edge.app.listen({ host: '127.0.0.1', port: 0 });
    ({ port } = edge.app.server.address() as AddressInfo);
  });
  afterAll(() => edge.app.close());

  const head = 'GET /health/live HTTP/1.1\r\nHost: a\r\n';
  test.each([
    ['no HTTP', 'hello\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    ['a method that is none', 'FETCH / HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    [
      'two lengths of one body',
      `${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`,
      400,
      'MALFORMED_REQUEST',
    ],
    [
      'a length beside chunks, which proxies disagree about',
      `POST /auth/logout HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'MALFORMED_REQUEST',
    ],
    [
      'headers beyond the limit',
      `${head}x-long: ${'a'.repeat(limits.headerBytesMax)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
  ])('%s is answered in the shape of all problems', async (_what, text, status, code) => {
    const answer = parseRaw(await sendRaw(port, text));
    expect(answer).toMatchObject({ status, body: { status, code, type: `/problems/${code}` } });
  });
});
