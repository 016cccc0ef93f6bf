import { OPS_TOKEN, SHOPPER_TOKEN, buildTestEdge, type TestEdge } from '../in-memory-parts';
import { ALERT_ID, ORDER_ID, alertRow, orderRow } from '../rows';

describe('what operators ask of alerts', () => {
  let edge: TestEdge;

  beforeAll(async () => {
    edge = await buildTestEdge();
  });
  beforeEach(() => {
    edge.reset();
    put({});
  });
  afterAll(() => edge.app.close());

  /** The alert of the read models. */
  function put(change: Partial<ReturnType<typeof alertRow>['alert']>): void {
    const row = alertRow();
    edge.readModels.alertRows.splice(0, 1, { ...row, alert: { ...row.alert, ...change } });
  }

  async function post(path: string, payload: object, idToken = OPS_TOKEN, key = 'key-1') {
    const headers = {
      cookie: await edge.signIn(idToken),
      ...(key === '' ? {} : { 'idempotency-key': key }),
    };
    return edge.app.inject({ method: 'POST', url: `/api/${path}`, headers, payload });
  }

  const ask = (what: string, payload: object, key = 'key-1') =>
    post(`alerts/${ALERT_ID}/${what}`, payload, OPS_TOKEN, key);

  test.each([
    ['acknowledge', { expectedVersion: 1 }, { type: 'AlertAcknowledgeRequested' }],
    ['notes', { note: 'called the shopper' }, { type: 'AlertNoteRequested' }],
    ['resolve', { expectedVersion: 1, reason: 'settled' }, { type: 'AlertResolveRequested' }],
    [
      'actions',
      { expectedVersion: 1, action: 'REDRIVE_ORDER', reason: 'it was missed' },
      { type: 'AlertActionRequested', idempotencyKey: 'key-1', amount: null },
    ],
  ])('%s becomes a request in the log, with the operator as actor', async (what, body, event) => {
    const answer = await ask(what, body);
    expect(answer.statusCode).toBe(202);
    const { eventId } = answer.json<{ eventId: string }>();
    const fields = { eventId, orderId: ORDER_ID, alertId: ALERT_ID, actor: 'ops@example.com' };
    expect(edge.log.written).toEqual([
      {
        topic: 'alerts.requests.v1',
        event: expect.objectContaining({ ...fields, ...body, ...event }) as unknown,
      },
    ]);
  });

  test('a resolved alert is opened again', async () => {
    put({ status: 'RESOLVED', version: 3 });
    const answer = await ask('reopen', { expectedVersion: 3, reason: 'it came back' });
    expect(answer.statusCode).toBe(202);
    expect(edge.log.written).toMatchObject([{ event: { type: 'AlertReopenRequested' } }]);
  });

  test('a stale version is 409, a version that the views do not show yet is let through', async () => {
    put({ version: 4 });
    const stale = await ask('acknowledge', { expectedVersion: 3 });
    expect(stale.statusCode).toBe(409);
    expect(stale.json()).toMatchObject({
      error: { code: 'STALE_VERSION', field: 'expectedVersion' },
    });
    expect((await ask('acknowledge', { expectedVersion: 5 })).statusCode).toBe(202);
  });

  test('a repeat of what was taken is 202 again, though the version has moved on', async () => {
    const body = { expectedVersion: 1, action: 'REDRIVE_ORDER', reason: 'it was missed' };
    const { eventId } = (await ask('actions', body)).json<{ eventId: string }>();
    const row = alertRow();
    edge.readModels.alertRows.splice(0, 1, {
      ...row,
      alert: { ...row.alert, version: 2, actionStatus: 'STARTED' },
      history: [
        {
          topic: 'alerts.lifecycle.v1',
          partition: 0,
          offset: 0,
          eventId: 'started-1',
          type: 'AlertActionStarted',
          version: 2,
          actor: 'ops@example.com',
          occurredAt: 1,
          loggedAt: 1,
          payload: { causationId: eventId },
        },
      ],
    });
    const again = await ask('actions', body);
    expect(again.json()).toEqual({ eventId });
    expect((await ask('actions', body, 'key-2')).statusCode).toBe(409);
  });

  test('an amount belongs to a refund, and is asked for as it is', async () => {
    const body = { expectedVersion: 1, reason: 'paid too much', amount: 100 };
    expect((await ask('actions', { ...body, action: 'REDRIVE_ORDER' })).json()).toMatchObject({
      error: { code: 'INVALID_FIELD', field: 'amount' },
    });
    put({ rule: 'RULE_E' });
    expect((await ask('actions', { ...body, action: 'REFUND' })).statusCode).toBe(202);
    expect(edge.log.written).toMatchObject([{ event: { action: 'REFUND', amount: 100 } }]);
    const none = { ...body, action: 'REFUND', amount: 0 };
    expect((await ask('actions', none, 'key-2')).statusCode).toBe(400);
  });

  test.each([
    ['acknowledge', { expectedVersion: 1 }, { status: 'RESOLVED' }, 'ALERT_RESOLVED'],
    ['resolve', { expectedVersion: 1, reason: 'r' }, { status: 'RESOLVED' }, 'ALERT_RESOLVED'],
    ['reopen', { expectedVersion: 1, reason: 'r' }, {}, 'ALERT_NOT_RESOLVED'],
    ['actions', { expectedVersion: 1, action: 'REFUND', reason: 'r' }, {}, 'ACTION_NOT_OFFERED'],
    [
      'actions',
      { expectedVersion: 1, action: 'REDRIVE_ORDER', reason: 'r' },
      { actionStatus: 'STARTED' },
      'ACTION_UNDER_WAY',
    ],
  ] as const)('%s with %j of an alert that is %j is %s', async (what, body, alert, code) => {
    put(alert);
    const answer = await ask(what, body);
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ error: { code } });
    expect(edge.log.written).toEqual([]);
  });

  test.each([
    ['acknowledge', {}, 'expectedVersion'],
    ['acknowledge', { expectedVersion: '1' }, 'expectedVersion'],
    ['notes', { note: '' }, 'note'],
    ['resolve', { expectedVersion: 1, reason: '' }, 'reason'],
    ['actions', { expectedVersion: 1, action: 'DELETE', reason: 'r' }, 'action'],
    ['actions', { expectedVersion: 1, action: 'REFUND', reason: 'r', currency: 'JPY' }, 'currency'],
  ])('%s with %j is refused by name', async (what, body, field) => {
    const answer = await ask(what, body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: { field } });
    expect(edge.log.written).toEqual([]);
  });

  test('the actions of an alert say what they would change', async () => {
    edge.readModels.orderRows.push(orderRow());
    edge.readModels.charged.set(ORDER_ID, [
      {
        merchantPaymentId: `${ORDER_ID}-1`,
        paymentId: 'paypay-1',
        amount: 800,
        currency: 'JPY',
        paidAt: 100,
        returnedAmount: 0,
        pendingAmount: 0,
      },
    ]);
    const url = `/api/alerts/${ALERT_ID}/actions`;
    const answer = await edge.app.inject({
      url,
      headers: { cookie: await edge.signIn(OPS_TOKEN) },
    });
    expect(answer.json()).toMatchObject({
      alertId: ALERT_ID,
      version: 1,
      actions: [
        { action: 'REDRIVE_ORDER', possible: true, movesMoney: true },
        { action: 'ASK_PAYPAY', possible: true, movesMoney: false },
        { action: 'MARK_HANDLED', possible: true },
      ],
    });
  });

  test('a shopper may not, without a key it is 400, an unknown alert is 404', async () => {
    const path = `alerts/${ALERT_ID}/acknowledge`;
    const body = { expectedVersion: 1 };
    expect((await post(path, body, SHOPPER_TOKEN)).statusCode).toBe(403);
    expect((await post(path, body, OPS_TOKEN, '')).json()).toMatchObject({
      error: { code: 'IDEMPOTENCY_KEY_MISSING' },
    });
    expect((await post(`alerts/${ORDER_ID}/acknowledge`, body)).statusCode).toBe(404);
    expect(edge.log.written).toEqual([]);
  });

  test('without Kafka and without Postgres it is 503', async () => {
    edge.log.down = true;
    expect((await ask('acknowledge', { expectedVersion: 1 })).statusCode).toBe(503);
    edge.log.down = false;
    edge.readModels.down = true;
    expect((await ask('acknowledge', { expectedVersion: 1 })).statusCode).toBe(503);
  });
});
