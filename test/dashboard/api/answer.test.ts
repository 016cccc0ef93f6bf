import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerOf } from '../../../dashboard/api/answer';
import { apiClient } from '../../../edge/contract/api-client';

interface Served {
  readonly status: number;
  readonly body: string;
}

describe('an answer', () => {
  let server: Server;
  let served: Served;
  let asked: string | undefined;

  beforeAll(async () => {
    server = createServer(({ url }, response) => {
      asked = url;
      response.writeHead(served.status, { 'content-type': 'application/json' }).end(served.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const client = () => {
    const { port } = server.address() as AddressInfo;
    return apiClient({ url: `http://127.0.0.1:${String(port)}`, answerWithinMs: 5_000 });
  };
  const account = (status: number, body: string) => {
    served = { status, body };
    return answerOf(client().GET('/api/account'));
  };

  test('of success is its value', async () => {
    expect(await account(200, '{"held":1}')).toEqual({ kind: 'ok', value: { held: 1 } });
  });

  test('without a body is a success all the same', async () => {
    served = { status: 204, body: '' };
    expect(await answerOf(client().POST('/auth/logout'))).toEqual({ kind: 'ok', value: undefined });
  });

  test('that refuses has the code, the words and the field of the problem', async () => {
    const problem = { code: 'INVALID_FIELD', detail: 'q must not be 0.', field: 'q', status: 400 };
    expect(await account(400, JSON.stringify(problem))).toEqual({
      kind: 'refused',
      status: 400,
      code: 'INVALID_FIELD',
      message: 'q must not be 0.',
      field: 'q',
    });
  });

  test.each([
    [502, '<html>Bad Gateway</html>', 'The server answered 502.'],
    [502, '', 'The server answered 502.'],
    [500, 'null', 'The server answered 500.'],
    [200, '<html>Log in to the network</html>', 'The server answers with something else.'],
  ])('of a proxy on the way (%d %j) is none of the edge', async (status, body, message) => {
    expect(await account(status, body)).toEqual({ kind: 'unreachable', message });
  });

  test('that does not come is told as such', async () => {
    const nobody = apiClient({ url: 'http://127.0.0.1:9', answerWithinMs: 5_000 });
    expect(await answerOf(nobody.GET('/api/account'))).toEqual({
      kind: 'unreachable',
      message: 'The server does not answer.',
    });
  });

  test('is asked for without the filters that are empty', async () => {
    served = { status: 200, body: '{}' };
    await client().GET('/api/products', { params: { query: { query: '緑 茶', after: '' } } });
    expect(asked).toBe('/api/products?query=%E7%B7%91+%E8%8C%B6');
  });
});
