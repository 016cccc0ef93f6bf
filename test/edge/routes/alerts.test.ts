import { OPS_TOKEN, SHOPPER_TOKEN, buildTestEdge, type TestEdge } from '../in-memory-parts';
import { ALERT_ID, ORDER_ID, alertRow, webhookRow } from '../rows';

const LISTS = [
  '/api/alerts',
  `/api/alerts/${ALERT_ID}`,
  '/api/incidents',
  '/api/dead-letters',
  '/api/webhooks',
];

describe('alerts', () => {
  let edge: TestEdge;

  beforeAll(async () => {
    edge = await buildTestEdge();
  });
  beforeEach(() => {
    edge.reset();
    edge.readModels.alertRows.push(alertRow());
  });
  afterAll(() => edge.app.close());

  async function get(url: string, idToken = OPS_TOKEN) {
    return edge.app.inject({ url, headers: { cookie: await edge.signIn(idToken) } });
  }

  test('operators list them and look at one', async () => {
    const { alert } = alertRow();
    const moneyAtRisk = [{ currency: 'JPY', amount: 800 }];
    expect((await get('/api/alerts')).json()).toEqual({
      ...{ alerts: [alert], total: 1, moneyAtRisk },
      next: null,
    });
    const none = { alerts: [], total: 0, moneyAtRisk: [], next: null };
    expect((await get('/api/alerts?rule=RULE_B')).json()).toEqual(none);
    expect((await get(`/api/alerts/${ALERT_ID}`)).json()).toEqual(alertRow());
  });

  test.each(LISTS)('a shopper may not see %s', async (url) => {
    const answer = await get(url, SHOPPER_TOKEN);
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ error: { code: 'FORBIDDEN' } });
  });

  test('operators see webhooks, those with one verdict or all', async () => {
    const row = webhookRow();
    edge.readModels.webhookRows.push(row, { ...row, offset: 8, verdict: 'HINT', reason: null });
    expect((await get('/api/webhooks')).json()).toMatchObject({
      webhooks: [{ offset: 7 }, { offset: 8 }],
    });
    const foreign = await get('/api/webhooks?verdict=FOREIGN_ORDER');
    expect(foreign.json()).toEqual({ webhooks: [row], next: null });
    const odd = await get('/api/webhooks?verdict=ODD');
    expect(odd.statusCode).toBe(400);
    expect(odd.json()).toMatchObject({ error: { field: 'verdict' } });
  });

  test('operators see unresolved alerts grouped by their cause', async () => {
    expect((await get('/api/incidents')).json()).toMatchObject({
      incidents: [{ rule: 'RULE_A', count: 1, alertIds: [ALERT_ID], quiet: false }],
      conditions: [],
      silences: [],
    });
  });

  test('an alert that is not there is 404', async () => {
    expect((await get(`/api/alerts/${ORDER_ID}`)).statusCode).toBe(404);
  });

  test.each([
    ['/api/alerts?status=open', 'status'],
    ['/api/alerts?rule=RULE_Z', 'rule'],
    ['/api/alerts?severity=P9', 'severity'],
    ['/api/alerts?limit=0', 'limit'],
    ['/api/alerts?limit=-1', 'limit'],
    ['/api/alerts?order=1', 'order'],
    ['/api/alerts/1', 'alertId'],
  ])('%s is refused by name', async (url, field) => {
    const answer = await get(url);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: { field } });
  });

  test.each(LISTS)('without Postgres %s is 503, never an empty list', async (url) => {
    edge.readModels.down = true;
    expect((await get(url)).statusCode).toBe(503);
  });
});
