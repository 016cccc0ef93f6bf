import type { FastifyInstance } from 'fastify';
import { buildSimulator } from '../../simulator/app';
import type { PaymentView } from '../../simulator/control-view';
import type { Fault } from '../../simulator/fault-mix';
import type { PlayView } from '../../simulator/fault-plays';
import { ManualClock } from '../../platform/manual-clock';
import { simulatorOptions } from './running-simulator';
import { signed, type SignedRequest } from './signed-request';
import { until } from './until';
import { startReceiver, type WebhookReceiver } from './webhook-receiver';

const ORDER_ID = '0b5c1d3e-94a6-5c2f-8f57-5a4f6d0c9e21';

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

async function control(method: 'GET' | 'PUT' | 'PATCH', path: string, payload?: object) {
  const url = `/simulator${path}`;
  const response = await app.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
  return { status: response.statusCode, body: response.json<unknown>() };
}

async function assign(...faults: readonly Fault[]): Promise<PlayView> {
  return (await control('PUT', `/orders/${ORDER_ID}/faults`, { faults })).body as PlayView;
}

async function send({ method, path, headers, body }: SignedRequest) {
  return app.inject({ method, url: path, headers: { ...headers }, payload: body });
}

async function createCode(attempt = 1) {
  const request = await signed((sdk) =>
    sdk.qrCodeCreate({
      merchantPaymentId: `${ORDER_ID}-${attempt}`,
      amount: { amount: 500, currency: 'JPY' },
      codeType: 'ORDER_QR',
    }),
  );
  return send(request);
}

/** As the shop reads it: what PayPay answers. */
async function read(attempt = 1): Promise<string> {
  const response = await send(
    await signed((sdk) => sdk.getCodePaymentDetails([`${ORDER_ID}-${attempt}`])),
  );
  return response.json<{ data: { status: string } | null }>().data?.status ?? 'no answer';
}

async function refundsRead(): Promise<readonly string[]> {
  const request = await signed((sdk) => sdk.getCodePaymentDetails([`${ORDER_ID}-1`]));
  const { data } = (await send(request)).json<{
    data: { refunds: { data: { status: string }[] } };
  }>();
  return data.refunds.data.map(({ status }) => status);
}

async function payment(attempt = 1): Promise<PaymentView> {
  return (await control('GET', `/payments/${ORDER_ID}-${attempt}`)).body as PaymentView;
}

function isOver(): Promise<void> {
  return until(async () => {
    const { body } = await control('GET', `/orders/${ORDER_ID}/faults`);
    return (body as PlayView).phase.kind === 'over';
  });
}

test('an order without faults is paid by itself and told of once', async () => {
  await assign();
  await createCode();
  await isOver();
  await until(() => receiver.received.length === 1);
  expect(receiver.received[0]).toMatchObject({ state: 'COMPLETED', order_amount: 500 });
});

test('an order that nobody assigned anything is left to the developer', async () => {
  await createCode();
  expect(await payment()).toMatchObject({ status: 'CREATED', play: null });
});

test.each([['authorized-only'], ['authorized-only', 'reordered']] as const)(
  'money is set aside, and no more comes of it: %s %s',
  async (...faults) => {
    await assign(...faults);
    await createCode();
    await isOver();
    expect(await read()).toBe('AUTHORIZED');
  },
);

test('a failure comes only once the shop has read the success', async () => {
  await assign('failure-after-success', 'lost');
  await createCode();
  await until(async () => (await payment()).status === 'COMPLETED');
  expect(await read()).toBe('COMPLETED');
  await isOver();
  expect(await read()).toBe('FAILED');
  expect(receiver.received).toEqual([]);
});

test.each([
  ['refund-outside-pending', 'REFUNDED'],
  ['refund-outside-failed', 'FAILED'],
] as const)('%s is read while it is under way, and again at its end', async (fault, end) => {
  await assign(fault);
  await createCode();
  await until(async () => (await payment()).status === 'COMPLETED');
  await read();
  await until(async () => (await payment()).status === 'REFUNDED');
  expect(await refundsRead()).toEqual(['CREATED']);
  expect((await payment()).play?.phase.kind).toBe('playing');
  clock.moveTo(clock.now() + 40_000);
  expect(await refundsRead()).toEqual([end]);
  await isOver();
});

test('a success comes late only once the shop has seen that the code is over', async () => {
  await assign('late-success');
  await createCode();
  await until(async () => (await payment()).status === 'EXPIRED');
  expect(await read()).toBe('EXPIRED');
  await isOver();
  expect(await read()).toBe('COMPLETED');
});

test('a second payment is of the code whose answer was lost', async () => {
  const { faults } = await assign('second-payment');
  expect(faults).toEqual(['second-payment', 'code-outcome-lost']);
  // Never answered.
  void createCode(1);
  await until(async () => (await payment(1)).status === 'CREATED');
  await createCode(2);
  await until(async () => (await payment(2)).status === 'COMPLETED');
  expect(await payment(1)).toMatchObject({ status: 'CREATED' });
  await read(2);
  await isOver();
  expect(await payment(1)).toMatchObject({ status: 'COMPLETED' });
});

test('a webhook that is delayed past the expiry is no news from a read either', async () => {
  // A signature is good for two minutes of the simulator's clock.
  await control('PATCH', '/settings', { codeLifetimeMs: 60_000 });
  await assign('delayed-past-expiry');
  await createCode();
  await isOver();
  expect(await read()).toBe('no answer');
  clock.moveTo((await payment()).expiresAt + 1_000);
  expect(await read()).toBe('COMPLETED');
  expect(receiver.received).toEqual([]);
  clock.moveTo(clock.now() + 5_000);
  await until(() => receiver.received.length === 1);
});

test.each([
  ['wrong-amount', { amount: 600, currency: 'JPY' }],
  ['wrong-currency', { amount: 500, currency: 'USD' }],
] as const)('%s is what PayPay says it took', async (fault, money) => {
  await assign(fault);
  await createCode();
  await isOver();
  expect((await payment()).charge).toMatchObject({ kind: 'paid', money });
});

test('forged and malformed webhooks come beside the true one, and none is of the payment', async () => {
  await assign('forged', 'malformed', 'unknown-order');
  await createCode();
  await isOver();
  await until(() => receiver.received.length === 6 && receiver.texts.length === 1);
  const { paymentId } = await payment();
  const claims = receiver.received.filter(({ order_id: id }) => id !== paymentId);
  expect(claims.map(({ state }) => state).sort()).toEqual([
    'CANCELED',
    'COMPLETED',
    'EXPIRED',
    'FAILED',
  ]);
  const unknown = receiver.received.filter(({ merchant_order_id: id }) => !id.startsWith(ORDER_ID));
  expect(unknown).toHaveLength(1);
});

test('a play whose step somebody took by hand is broken, and says why', async () => {
  await assign('second-payment');
  void createCode(1);
  await until(async () => (await payment(1)).status === 'CREATED');
  const url = `/simulator/payments/${ORDER_ID}-1/actions`;
  await app.inject({ method: 'POST', url, payload: { action: 'pay' } });
  await createCode(2);
  await until(async () => (await payment(2)).status === 'COMPLETED');
  await read(2);
  await until(async () => (await payment(2)).play?.phase.kind === 'broken');
  expect((await payment(2)).play?.phase).toMatchObject({
    message: 'pay is not possible on COMPLETED',
  });
});

test('mixes are drawn for new orders while that is on', async () => {
  await control('PUT', '/fault-mix', { seed: 1, among: ['never-paid'] });
  await createCode();
  const { play } = await payment();
  expect(play?.faults.every((fault) => fault === 'never-paid')).toBe(true);
});

test.each([
  ['faults', { faults: ['lost', 'doubled'] }],
  ['faults.0', { faults: ['loose'] }],
  ['faults', { fault: [] }],
])('a mix that cannot be is refused by the field: %s', async (field, body) => {
  const refused = await control('PUT', `/orders/${ORDER_ID}/faults`, body);
  expect(refused).toMatchObject({ status: 400, body: { field } });
});
