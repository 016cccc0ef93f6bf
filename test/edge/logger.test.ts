import { PassThrough } from 'node:stream';
import { edgeLogger } from '../../edge/logger';
import { OPS_TOKEN, buildTestEdge } from './in-memory-parts';

/** Everything that was logged, as text. */
function listening() {
  const stream = new PassThrough();
  let text = '';
  stream.on('data', (bytes: Buffer) => (text += bytes.toString('utf8')));
  return { logger: edgeLogger('trace', stream), logged: () => text };
}

test('a secret is not logged under any of its names, however deep', () => {
  const { logger, logged } = listening();
  const secrets = { idToken: 'SECRET', token: 'SECRET', password: 'SECRET' };
  const headers = {
    cookie: 'sid=SECRET',
    'set-cookie': 'sid=SECRET',
    authorization: 'Bearer SECRET',
    'x-webhook-replay-key': 'SECRET',
  };
  logger.info({ ...secrets, ...headers }, 'at the top');
  logger.info({ req: { headers, body: secrets } }, 'in a request');
  logger.error({ err: { cause: { headers, body: secrets } } }, 'in a cause');
  expect(logged()).toContain('[redacted]');
  expect(logged()).not.toContain('SECRET');
});

test('no request leaves a secret of its own in the log, whatever becomes of it', async () => {
  const { logger, logged } = listening();
  const edge = await buildTestEdge({ webhookReplayKey: 'replay-SECRET' }, logger);
  edge.app.get('/broken', () => {
    throw new Error('broken');
  });
  const cookie = await edge.signIn(OPS_TOKEN);
  const send = (method: 'GET' | 'POST', url: string, payload?: object | string) =>
    edge.app.inject({
      method,
      url,
      headers: {
        cookie,
        authorization: 'Bearer bearer-SECRET',
        'x-webhook-replay-key': 'replay-SECRET',
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(payload === undefined ? {} : { payload }),
    });
  await send('GET', '/broken');
  await send('POST', '/auth/session', { idToken: 'token-SECRET' });
  await send('POST', '/webhooks/paypay', '{');
  for (const service of [edge.log, edge.sessions, edge.readModels, edge.identity]) {
    service.down = true;
    await send('GET', '/api/orders');
    await send('POST', '/auth/session', { idToken: 'token-SECRET' });
    await send('POST', '/webhooks/paypay', { notification_type: 'x' });
    service.down = false;
  }
  await edge.app.close();
  expect(logged()).toContain('a request failed');
  expect(logged()).toContain('a request failed and may be retried');
  expect(logged()).not.toContain('SECRET');
  expect(logged()).not.toContain(cookie.split('=')[1]);
});
