import { buildTestEdge, type TestEdge } from '../in-memory-parts';

describe('health', () => {
  let edge: TestEdge;

  beforeAll(async () => {
    edge = await buildTestEdge();
  });
  beforeEach(() => edge.reset());
  afterAll(() => edge.app.close());

  const get = (url: string) => edge.app.inject({ url });
  const up = { status: 'up' };

  test('it is ready when every service answers', async () => {
    const answer = await get('/health/ready');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      status: 'ready',
      services: { kafka: up, redis: up, postgres: up, registry: up },
    });
    expect((await get('/actuator/health')).json()).toEqual({
      status: 'UP',
      components: {
        kafka: { status: 'UP' },
        redis: { status: 'UP' },
        postgres: { status: 'UP' },
        registry: { status: 'UP' },
      },
    });
  });

  test('without Kafka it lives but is not ready', async () => {
    edge.log.down = true;
    expect((await get('/health/live')).statusCode).toBe(200);
    const answer = await get('/health/ready');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({
      status: 'not-ready',
      services: { kafka: { status: 'down', reason: 'LOG_UNAVAILABLE' }, redis: up },
    });
  });

  test('without Redis it stays ready for webhooks, and says which service is down', async () => {
    edge.sessions.down = true;
    const ready = await get('/health/ready');
    expect(ready.statusCode).toBe(200);
    expect(ready.json()).toMatchObject({
      status: 'degraded',
      services: { redis: { status: 'down' }, postgres: up },
    });
    const answer = await get('/actuator/health');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({
      status: 'DOWN',
      components: { redis: { status: 'DOWN' }, kafka: { status: 'UP' } },
    });
  });

  test('without the registry it goes on, and says so', async () => {
    edge.registry.down = true;
    const ready = await get('/health/ready');
    expect(ready.statusCode).toBe(200);
    expect(ready.json()).toMatchObject({ status: 'degraded' });
    expect((await get('/actuator/health')).json()).toMatchObject({
      status: 'DOWN',
      components: { registry: { status: 'DOWN' }, kafka: { status: 'UP' } },
    });
  });

  test('metrics count answers by route', async () => {
    await get('/health/live');
    const { body } = await get('/metrics');
    expect(body).toContain(
      'edge_http_request_duration_seconds_count{method="GET",route="/health/live",status="200"}',
    );
  });

  test('metrics tell which services answer, and which conditions hold', async () => {
    edge.readModels.conditions.push('WEBHOOKS_SILENT');
    edge.rates.down = true;
    edge.registry.down = true;
    const { body } = await get('/metrics');
    expect(body).toContain('edge_service_up{service="kafka"} 1');
    expect(body).toContain('edge_service_up{service="registry"} 0');
    expect(body).toContain('condition_active{condition="WEBHOOKS_SILENT"} 1');
    expect(body).toContain('condition_active{condition="PAYPAY_DEGRADED"} 0');
  });

  test('metrics are silent about alerts while the read models are away', async () => {
    edge.readModels.down = true;
    const { statusCode, body } = await get('/metrics');
    expect(statusCode).toBe(200);
    expect(body).toContain('edge_service_up{service="postgres"} 0');
    expect(body).not.toMatch(/^condition_active\{/m);
  });

  test('the API is described with every route', async () => {
    const { paths } = (await get('/docs/json')).json<{ paths: Record<string, unknown> }>();
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/api/orders', '/webhooks/paypay', '/auth/session', '/api/alerts']),
    );
  });

  test('the dashboard is told how to sign in', async () => {
    expect((await get('/config.json')).json()).toEqual({
      firebase: { apiKey: 'key', projectId: 'project', authDomain: null, emulatorUrl: null },
      demoAccounts: [],
    });
  });
});
