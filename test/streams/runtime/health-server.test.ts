import type { FastifyInstance } from 'fastify';
import { startHealthServer } from '../../../streams/runtime/health-server';
import type { AppState, RunningApp } from '../../../streams/runtime/running-app';

/** An app that can be paused, and nothing else. */
function pausableApp(): RunningApp {
  let state: AppState = 'running';
  return {
    name: 'orders',
    ended: new Promise(() => undefined),
    health: () => ({ state, tasks: [] }),
    pause: () => (state = 'paused'),
    resume: () => (state = 'running'),
    stop: () => Promise.resolve(),
  };
}

describe('the health server', () => {
  let app: RunningApp;
  let server: FastifyInstance;

  beforeEach(async () => {
    app = pausableApp();
    server = await startHealthServer({ host: '127.0.0.1', port: 0, apps: () => [app] });
  });
  afterEach(() => server.close());

  const pause = (headers: Record<string, string>) =>
    server.inject({ method: 'POST', url: '/apps/orders/pause', headers });

  test('pauses an app for a caller that is no browser', async () => {
    expect((await pause({})).statusCode).toBe(200);
    expect(app.health().state).toBe('paused');
  });

  test.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('pauses nothing for a page that sends %j', async (headers) => {
    const answer = await pause(headers);
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ error: { code: 'CROSS_ORIGIN' } });
    expect(app.health().state).toBe('running');
  });

  test('shows a person in a browser how the apps are', async () => {
    const headers = { 'sec-fetch-site': 'none' };
    const answer = await server.inject({ url: '/actuator/health', headers });
    expect(answer.json()).toMatchObject({ status: 'UP' });
  });
});
