import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildTestEdge, type TestEdge } from '../in-memory-parts';

describe('the dashboard', () => {
  let folder: string;
  let edge: TestEdge;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dashboard-'));
    writeFileSync(join(folder, 'index.html'), '<title>dashboard</title>');
    writeFileSync(join(folder, 'app.js'), 'run()');
    edge = await buildTestEdge({ dashboardFolder: folder });
  });
  afterAll(async () => {
    await edge.app.close();
    rmSync(folder, { recursive: true });
  });

  test.each(['/', '/alerts', '/orders/0a8f?tab=timeline', '/topics/orders.events.v1'])(
    '%s is the page',
    async (url) => {
      const answer = await edge.app.inject({ url });
      expect(answer.statusCode).toBe(200);
      expect(answer.body).toContain('<title>dashboard</title>');
    },
  );

  test('a file is itself, a missing one is 404', async () => {
    expect((await edge.app.inject({ url: '/app.js' })).body).toBe('run()');
    expect((await edge.app.inject({ url: '/old.js' })).statusCode).toBe(404);
    expect((await edge.app.inject({ url: '/assets/old-1.js' })).statusCode).toBe(404);
  });

  test.each([
    '/auth/nothing',
    '/webhooks/nothing',
    '/health/nothing',
    '/api/nothing',
    '/API/alerts',
  ])('%s is never the page', async (url) => {
    const answer = await edge.app.inject({ url });
    expect(answer.body).not.toContain('<title>');
    expect(answer.json()).toMatchObject({ error: {} });
  });

  test('that is not built says how to build it', async () => {
    const bare = await buildTestEdge({ dashboardFolder: join(folder, 'nothing') });
    const answer = await bare.app.inject({ url: '/' });
    expect(answer.statusCode).toBe(503);
    expect(answer.body).toContain('npm run build');
    await bare.app.close();
  });
});
