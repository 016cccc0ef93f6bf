import type { FastifyInstance } from 'fastify';
import { buildSimulator } from '../../../simulator/app';
import type { CallsView, PaymentView, StateView } from '../../../simulator/control-view';
import type { Webhook } from '../../../simulator/webhook-log';
import { ManualClock } from '../../../platform/manual-clock';
import { simulatorOptions } from '../running-simulator';
import { signed } from '../signed-request';
import { until } from '../until';
import { startReceiver, type WebhookReceiver } from '../webhook-receiver';

let receiver: WebhookReceiver;
let clock: ManualClock;
let app: FastifyInstance;

beforeEach(async () => {
  receiver = await startReceiver();
  clock = new ManualClock(Date.now());
  app = buildSimulator(simulatorOptions(clock, receiver.url));
});
afterEach(async () => {
  await app.close();
  await receiver.close();
});

async function createCode(merchantPaymentId = 'order-1'): Promise<void> {
  const { method, path, headers, body } = await signed((sdk) =>
    sdk.qrCodeCreate({
      merchantPaymentId,
      amount: { amount: 500, currency: 'JPY' },
      codeType: 'ORDER_QR',
    }),
  );
  const response = await app.inject({ method, url: path, headers: { ...headers }, payload: body });
  expect(response.statusCode).toBe(201);
}

interface Reply<Body> {
  readonly status: number;
  readonly body: Body;
}

async function request(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  payload?: unknown,
): Promise<Reply<unknown>> {
  const response = await app.inject({
    method,
    url: `/simulator${path}`,
    ...(payload === undefined ? {} : { payload: payload as object }),
  });
  return { status: response.statusCode, body: response.json<unknown>() };
}

function act(action: object, merchantPaymentId = 'order-1') {
  return request('POST', `/payments/${merchantPaymentId}/actions`, action) as Promise<
    Reply<PaymentView>
  >;
}

function payment(merchantPaymentId = 'order-1') {
  return request('GET', `/payments/${merchantPaymentId}`) as Promise<Reply<PaymentView>>;
}

async function webhooks(): Promise<readonly Webhook[]> {
  const { body } = (await request('GET', '/webhooks')) as Reply<{ webhooks: Webhook[] }>;
  return body.webhooks;
}

function states(): readonly string[] {
  return receiver.received.map(({ state }) => state);
}

describe('an action on a payment', () => {
  test('pays it and tells the shop, once', async () => {
    await createCode();
    const paid = await act({ action: 'pay' });
    expect(paid).toMatchObject({ status: 200, body: { status: 'COMPLETED' } });
    await until(async () => (await payment()).body.deliveries.accepted === 1);
    expect(receiver.received).toEqual([
      expect.objectContaining({
        state: 'COMPLETED',
        merchant_order_id: 'order-1',
        order_id: paid.body.paymentId,
        order_amount: 500,
      }),
    ]);
  });

  test('that its status does not allow is refused and sends nothing', async () => {
    await createCode();
    await act({ action: 'fail', webhook: { lose: true } });
    const refused = await act({ action: 'pay' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'ILLEGAL_MOVE' } });
    expect(await webhooks()).toHaveLength(1);
  });

  test('a success can come after the code has expired and was given up', async () => {
    await createCode();
    await act({ action: 'expire' });
    await act({ action: 'pay-late' });
    await until(() => receiver.received.length === 2);
    expect((await payment()).body.status).toBe('COMPLETED');
  });

  test('a failure can come after the success, a refund at PayPay without a webhook', async () => {
    await createCode();
    await act({ action: 'pay' });
    await act({ action: 'revert', to: 'FAILED' });
    await until(() => receiver.received.length === 2);
    await createCode('order-2');
    await act({ action: 'pay', webhook: { lose: true } }, 'order-2');
    const refunded = await act({ action: 'revert', to: 'REFUNDED' }, 'order-2');
    expect(refunded.body).toMatchObject({ status: 'REFUNDED', refunds: [{ amount: 500 }] });
    const about = (await webhooks()).map(({ merchantPaymentId }) => merchantPaymentId);
    expect(about.filter((id) => id === 'order-2')).toHaveLength(1);
  });

  test('on an unknown payment is not found', async () => {
    expect(await act({ action: 'pay' }, 'nobody')).toMatchObject({
      status: 404,
      body: { code: 'UNKNOWN_PAYMENT' },
    });
  });

  test.each([
    ['action', { action: 'explode' }],
    ['action', {}],
    ['webhook.delayMs', { action: 'pay', webhook: { delayMs: -1 } }],
    ['webhook.loose', { action: 'pay', webhook: { loose: true } }],
    ['to', { action: 'revert' }],
    ['to', { action: 'pay', to: 'FAILED' }],
    ['amount', { action: 'fail', amount: 5 }],
    ['currency', { action: 'refund', currency: 'USD' }],
    ['delayMs', { action: 'pay', delayMs: 5 }],
    ['fails', { action: 'pay', fails: true }],
  ])('with a wrong field is refused by its name: %s', async (field, body) => {
    await createCode();
    expect(await act(body)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_REQUEST', field },
    });
  });
});

test('a payment of another amount or currency is told so by the webhook and by the API', async () => {
  await createCode();
  await act({ action: 'pay', amount: 750, currency: 'USD' });
  await until(() => receiver.received.length === 1);
  expect(receiver.received[0]).toMatchObject({ order_amount: 750 });
  const { path, headers } = await signed((sdk) => sdk.getCodePaymentDetails(['order-1']));
  const details = await app.inject({ method: 'GET', url: path, headers: { ...headers } });
  expect(details.json()).toMatchObject({ data: { amount: { amount: 750, currency: 'USD' } } });
});

describe('an outage for calls about one payment', () => {
  const outage = { mode: 'error', durationMs: 60_000, operations: ['create-code'] };

  test('leaves all others alone, and ends when it is repaired', async () => {
    await request('PUT', '/payments/order-1/outage', outage);
    await createCode('order-2');
    const { method, path, headers, body } = await signed((sdk) =>
      sdk.qrCodeCreate({
        merchantPaymentId: 'order-1',
        amount: { amount: 500, currency: 'JPY' },
        codeType: 'ORDER_QR',
      }),
    );
    const broken = { method, url: path, headers: { ...headers }, payload: body };
    expect((await app.inject(broken)).statusCode).toBe(500);
    await request('DELETE', '/payments/order-1/outage');
    await createCode('order-1');
  });

  test('that loses only the answer leaves a code that nobody was told of', async () => {
    await request('PUT', '/payments/order-1/outage', { ...outage, effect: 'applied' });
    await expect(createCode('order-1')).rejects.toThrow();
    expect((await payment('order-1')).body.status).toBe('CREATED');
  });
});

test('calls of the API are counted by operation and second', async () => {
  await createCode('order-1');
  await createCode('order-2');
  clock.moveTo(clock.now() + 5_000);
  await createCode('order-3');
  const { body } = (await request('GET', '/calls')) as Reply<CallsView>;
  expect(body.totals).toMatchObject({ 'create-code': 3, refund: 0 });
  expect(body.seconds.map(({ calls }) => calls)).toEqual([
    { 'create-code': 2 },
    { 'create-code': 1 },
  ]);
  const later = (await request('GET', `/calls?since=${clock.now() - 1_000}`)) as Reply<CallsView>;
  expect(later.body.seconds).toHaveLength(1);
});

describe('a plan for webhooks', () => {
  test('of one payment wins over the one for all, and the own one of an action over both', async () => {
    await createCode();
    await request('PUT', '/webhook-plan', { delayMs: 1_000, copies: 3 });
    await request('PUT', '/payments/order-1/webhook-plan', { copies: 2 });
    await act({ action: 'authorize', webhook: { delayMs: 0 } });
    await until(() => receiver.received.length === 2);
    const [webhook] = await webhooks();
    expect(webhook?.plan).toMatchObject({ delayMs: 0, copies: 2 });
  });

  test('that loses them counts no delivery', async () => {
    await createCode();
    await request('PUT', '/webhook-plan', { lose: true });
    await act({ action: 'pay' });
    expect((await payment()).body.deliveries).toEqual({ sent: 0, accepted: 0 });
    expect(await webhooks()).toMatchObject([{ phase: 'lost' }]);
  });

  test('with a wrong amount sends the wrong amount while the API tells the right one', async () => {
    await createCode();
    await act({ action: 'pay', webhook: { amount: 1 } });
    await until(() => receiver.received.length === 1);
    expect(receiver.received[0]?.order_amount).toBe(1);
    expect((await payment()).body.amount).toBe(500);
  });

  test('that holds one lets the next overtake it', async () => {
    await createCode();
    await act({ action: 'authorize', webhook: { hold: true } });
    await act({ action: 'pay' });
    await until(() => receiver.received.length === 2);
    expect(states()).toEqual(['COMPLETED', 'AUTHORIZED']);
  });
});

describe('a webhook by hand', () => {
  test('can claim what is not so', async () => {
    await createCode();
    const sent = await request('POST', '/webhooks', {
      merchantPaymentId: 'order-1',
      state: 'COMPLETED',
    });
    expect(sent).toMatchObject({ status: 202, body: { origin: 'forged' } });
    await until(() => receiver.received.length === 1);
    expect((await payment()).body.status).toBe('CREATED');
  });

  test('can have any body, about a payment that does not exist yet', async () => {
    const body = { merchant_order_id: 'not-yet-1', state: 'COMPLETED', anything: [1] };
    await request('POST', '/webhooks', { merchantPaymentId: 'not-yet-1', body });
    await until(() => receiver.received.length === 1);
    expect(receiver.received[0]).toEqual(body);
  });

  test('need not even be JSON', async () => {
    await request('POST', '/webhooks', { merchantPaymentId: 'later-1', text: '{"state":' });
    await until(() => receiver.texts.length === 1);
    expect(receiver.texts).toEqual(['{"state":']);
  });

  test('can be sent once more as it was', async () => {
    await createCode();
    await act({ action: 'pay' });
    await until(() => receiver.received.length === 1);
    const [webhook] = await webhooks();
    await request('POST', `/webhooks/${webhook?.webhookId ?? ''}/resend`, {});
    await until(() => receiver.received.length === 2);
    expect(receiver.received[1]).toEqual(receiver.received[0]);
  });

  test('needs a state or a body, and a webhook that exists to send it again', async () => {
    const empty = await request('POST', '/webhooks', { merchantPaymentId: 'order-1' });
    expect(empty).toMatchObject({ status: 400, body: { field: 'state' } });
    const unknown = await request('POST', '/webhooks/none/resend', {});
    expect(unknown).toMatchObject({ status: 404, body: { code: 'UNKNOWN_WEBHOOK' } });
  });
});

describe('the behaviour of the simulator', () => {
  test('pays a new code by itself after a while, but not one that was cancelled', async () => {
    await request('PATCH', '/settings', { autoPayAfterMs: 3_000 });
    await createCode();
    await createCode('order-2');
    await act({ action: 'cancel' }, 'order-2');
    clock.moveTo(clock.now() + 3_000);
    await until(async () => (await payment()).body.status === 'COMPLETED');
    expect((await payment('order-2')).body.status).toBe('CANCELED');
  });

  test('shows an outage while it lasts', async () => {
    await request('PUT', '/outage', { mode: 'error', durationMs: 5_000 });
    const state = () => request('GET', '/state') as Promise<Reply<StateView>>;
    expect((await state()).body.outage).toMatchObject({ mode: 'error' });
    clock.moveTo(clock.now() + 5_000);
    expect((await state()).body.outage).toBeNull();
  });

  test.each([
    ['/outage', { mode: 'meteor', durationMs: 1 }, 'mode'],
    ['/outage', { mode: 'error' }, 'durationMs'],
    ['/outage', { mode: 'error', durationMs: 1, operations: ['pay'] }, 'operations.0'],
    ['/webhook-plan', { copies: 0 }, 'copies'],
  ])('refuses %s %j by the name of the field', async (path, body, field) => {
    expect(await request('PUT', path, body)).toMatchObject({ status: 400, body: { field } });
  });

  test('lists payments newest first, and by the beginning of their id', async () => {
    await createCode('order-1');
    await createCode('order-2');
    await createCode('other-1');
    const list = async (query: string) => {
      const { body } = (await request('GET', `/payments${query}`)) as Reply<{
        payments: PaymentView[];
      }>;
      return body.payments.map(({ merchantPaymentId }) => merchantPaymentId);
    };
    expect(await list('')).toEqual(['other-1', 'order-2', 'order-1']);
    expect(await list('?prefix=order&limit=1')).toEqual(['order-2']);
    const refused = await request('GET', '/payments?limit=lots');
    expect(refused).toMatchObject({ status: 400, body: { field: 'limit' } });
  });
});

describe('the simulator over HTTP', () => {
  test.each(['/health/live', '/health/ready', '/actuator/health'])('%s says UP', async (url) => {
    const response = await app.inject({ url });
    expect(response.json()).toEqual({ status: 'UP' });
  });

  test('answers what it does not know, cannot read or finds too long in JSON', async () => {
    const unknown = await app.inject({ url: '/simulator/nothing' });
    expect(unknown.statusCode).toBe(404);
    expect(unknown.json()).toMatchObject({ code: 'NOT_FOUND' });
    const url = '/simulator/webhook-plan';
    const send = (type: string, payload: string) =>
      app.inject({ method: 'PUT', url, headers: { 'content-type': type }, payload });
    expect((await send('application/json', '{"lose":')).statusCode).toBe(400);
    expect((await send('text/plain', '{}')).statusCode).toBe(415);
    expect((await send('application/json', ' '.repeat(300_000))).statusCode).toBe(413);
  });

  test('serves its page without anything from elsewhere', async () => {
    const page = await app.inject({ url: '/' });
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).toMatch("default-src 'self'");
    const files = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file ?? '');
    for (const file of files) {
      expect((await app.inject({ url: `/${file}` })).statusCode).toBe(200);
    }
  });
});
