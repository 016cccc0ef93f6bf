import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PayPayTransport } from '../../../../streams/gateway/paypay/transport';
import { ManualClock } from '../../../../platform/manual-clock';
import { until } from '../../../simulator/until';

let server: Server;
let transport: PayPayTransport;
let clock: ManualClock;
let connections: number;

/** A peer that answers each request with `listener`. */
async function listen(listener: RequestListener): Promise<void> {
  connections = 0;
  server = createServer(listener);
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  clock = new ManualClock(0);
  transport = new PayPayTransport({
    endpoint: { protocol: 'http', host: '127.0.0.1', port: port() },
    timeoutMs: 10_000,
    clock,
  });
}

function port(): number {
  return (server.address() as AddressInfo).port;
}

function call(method = 'GET', payload?: unknown): Promise<unknown> {
  return new Promise((resolve) => {
    transport.httpsCall(
      { hostname: '127.0.0.1', port: port(), method, path: '/' },
      payload,
      resolve,
    );
  });
}

afterEach(async () => {
  transport.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('the transport to PayPay', () => {
  test('sends the body of a POST and reads the JSON of its answer', async () => {
    await listen((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => response.end(JSON.stringify({ heard: JSON.parse(body) as unknown })));
    });
    expect(await call('POST', { yen: 1 })).toEqual({ STATUS: 200, BODY: { heard: { yen: 1 } } });
  });

  test('keeps its connection for the next call', async () => {
    await listen((_request, response) => response.end('{}'));
    await call();
    await call();
    expect(connections).toBe(1);
  });

  test('gives up when the answer has not come in time', async () => {
    let asked = false;
    await listen(() => (asked = true));
    const answer = call();
    await until(() => asked);
    clock.moveTo(10_000);
    expect(await answer).toMatchObject({ REASON: 'timeout' });
  });

  test('gives up when the answer has begun but does not end in time', async () => {
    let begun = false;
    await listen((_request, response) => {
      response.write('{"half":');
      begun = true;
    });
    const answer = call();
    await until(() => begun);
    clock.moveTo(10_000);
    expect(await answer).toMatchObject({ REASON: 'timeout' });
  });

  test('stops reading an answer without end', async () => {
    await listen((_request, response) => {
      const pour = () => {
        while (response.write('x'.repeat(10_000)) && !response.destroyed);
      };
      response.on('drain', pour);
      pour();
    });
    expect(await call()).toMatchObject({ REASON: 'garbage' });
  });

  test('takes an answer that breaks off for no answer', async () => {
    await listen((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"half":', () => response.destroy());
    });
    expect(await call()).toMatchObject({ REASON: 'unreachable' });
  });

  test('keeps the status of a server error in HTML, and calls any other HTML garbage', async () => {
    let status = 502;
    await listen((_request, response) => {
      response.writeHead(status).end('<html></html>');
    });
    expect(await call()).toEqual({ STATUS: 502, BODY: null });
    status = 200;
    expect(await call()).toMatchObject({ REASON: 'garbage' });
  });

  test('says that nobody is there', async () => {
    await listen((_request, response) => response.end('{}'));
    const gone = port();
    await new Promise((resolve) => server.close(resolve));
    const answer = await new Promise((resolve) => {
      transport.httpsCall({ hostname: '127.0.0.1', port: gone, path: '/' }, undefined, resolve);
    });
    expect(answer).toMatchObject({ REASON: 'unreachable' });
  });
});
