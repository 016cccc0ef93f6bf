/** The whole product over HTTP, on real services: what goes well, what goes wrong, what is refused. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { keyed } from '../../edge/contract/api-client';
import type { DeadLetterView } from '../../edge/contract/api-types';
import type { AnyEvent, EventOf } from '../../schemas/event';
import { ruleA } from '../../proof/scenarios/stories/contradictions';
import { clean } from '../../proof/scenarios/stories/settled';
import { waitUntil } from '../../local/services/readiness';
import { seed } from '../../proof/scenarios/seed';
import type { EdgeClient } from '../../proof/scenarios/edge-client';
import { World } from '../../proof/scenarios/world';
import { systemClock } from '../../platform/clock';
import { bringUpTopics } from '../../topics/bring-up';
import { deadLetters } from '../../topics/dead-letters';
import { garbage, lettersDue, soil, streamReaders, viewsReader } from './garbage';
import { startProductUnderTest, type ProductUnderTest } from './product-under-test';

/** Half a minute; a machine that is busy with other tests takes its time. */
jest.setTimeout(180_000);

/** So that nobody waits half a minute for the alert. */
const RULE_A_GRACE_MS = 3_000;
const LETTERS_WITHIN_MS = 30_000;

let product: ProductUnderTest;
let world: World;
let shopper: EdgeClient;
const startedAt = systemClock.now();
const run = `pipeline-${String(startedAt)}`;
const seen: AnyEvent[] = [];
const undo: (() => Promise<void>)[] = [];

beforeAll(async () => {
  product = await startProductUnderTest({ ALERTS_RULE_A_GRACE_MS: String(RULE_A_GRACE_MS) });
  undo.push(() => product.stop());
  world = await World.open(product.running, run);
  undo.push(() => world.close());
  world.log.watch(({ event }) => seen.push(event));
  await seed(world);
  shopper = (await world.newShopper('pipeline')).edge;
});

afterAll(async () => {
  for (const step of undo.reverse()) await step();
});

test('an order is placed, its code is paid, and the webhook makes it PAID', async () => {
  const { edge, orderId, merchantPaymentId } = await world.orderWithCode('paid');
  await world.eventually('the read model shows what is to be paid', async () =>
    (await edge.payment(orderId))?.amount === 1_200 ? true : undefined,
  );
  await world.paypay.act(merchantPaymentId, { action: 'pay' });
  expect(await world.viewed(edge, orderId, 'PAID')).toMatchObject({
    totalAmount: 1_200,
    items: [{ sku: 'matcha-30g', quantity: 1, unitPrice: 1_200 }],
  });
  const success = await world.event('PaymentSucceeded', orderId);
  expect(success.settledBy).toBe('NOTIFICATION');
  const told = await world.eventually('the timeline tells of the payment', async () => {
    const types = (await edge.timeline(orderId))?.entries.map(({ type }) => type) ?? [];
    return types.includes('OrderPaid') ? types : undefined;
  });
  const steps = ['OrderCreated', 'OrderWaitingPayment', 'PaymentSucceeded', 'OrderPaid'];
  expect(told.filter((type) => steps.includes(type))).toEqual(steps);
});

test('the story of a paid order and the story of rule A hold', async () => {
  expect(await clean.play(world)).toContain('PAID');
  expect(await ruleA.play(world)).toContain('RULE_A');
});

test('a backtest with the graces in force finds no difference, and with a longer one it does', async () => {
  // Other tests on the same topics may have run before, with graces of their own.
  const since = new Date(startedAt).toISOString();
  const until = new Date(systemClock.now()).toISOString();
  const span = ['--since', since, '--until', until];
  expect(await rulesBacktest(span)).toMatchObject({
    status: 0,
    found: { different: false, comparison: { same: 1, raised: { byRule: { RULE_A: 1 } } } },
  });
  expect(await rulesBacktest([...span, '--grace-a', '10m'])).toMatchObject({
    status: 1,
    found: {
      different: true,
      comparison: { more: [], fewer: [{ rule: 'RULE_A' }], otherwise: [] },
    },
  });
});

test('no one but an operator sees the alerts', async () => {
  const { alerts } = await world.ops.alerts({ status: 'RESOLVED' });
  expect(alerts).toContainEqual(expect.objectContaining({ rule: 'RULE_A', status: 'RESOLVED' }));
  expect(await shopper.api.GET('/api/alerts')).toMatchObject({
    response: { status: 403 },
    error: { code: 'FORBIDDEN' },
  });
});

const item = { sku: 'matcha-30g', quantity: 1 };

test.each([
  ['a quantity below zero', { items: [{ ...item, quantity: -1 }] }, 400, 'items.0.quantity'],
  ['half a piece', { items: [{ ...item, quantity: 0.5 }] }, 400, 'items.0.quantity'],
  ['a quantity in words', { items: [{ ...item, quantity: 'two' }] }, 400, 'items.0.quantity'],
  ['a sku that is not for sale', { items: [item, { ...item, sku: 'tea' }] }, 422, 'items.1.sku'],
  ['a sku twice', { items: [item, item] }, 422, 'items.1.sku'],
  ['a field that is not known', { items: [item], total: 1 }, 400, 'total'],
  ['such a field in an item', { items: [{ ...item, price: 1 }] }, 400, 'items.0.price'],
  ['no items', { items: [] }, 400, 'items'],
  ['no field items', {}, 400, 'items'],
])('an order with %s is refused with the field', async (_what, body, status, field) => {
  const params = { header: keyed(`${run}-refused`) };
  expect(await shopper.api.POST('/api/orders', { params, body: body as never })).toMatchObject({
    response: { status },
    error: { field },
  });
});

test('an order without an Idempotency-Key is refused', async () => {
  const init = { body: { items: [item] } } as never;
  expect(await shopper.api.POST('/api/orders', init)).toMatchObject({
    response: { status: 400 },
    error: { code: 'IDEMPOTENCY_KEY_MISSING' },
  });
});

const notification = {
  notification_type: 'Transaction',
  merchant_order_id: '00000000-0000-4000-8000-000000000000-1',
  state: 'COMPLETED',
  order_amount: 1_200,
};

test.each([
  ['a state of its own', { ...notification, state: 'PAID' }],
  ['no state', { ...notification, state: undefined }],
  ['an order that is none of ours', { ...notification, merchant_order_id: '7' }],
  ['an amount below zero', { ...notification, order_amount: -1 }],
  ['an amount in words', { ...notification, order_amount: 'much' }],
  ['a month 13', { ...notification, paid_at: '2026-13-01T00:00:00Z' }],
  ['another kind', { ...notification, notification_type: 'Customer' }],
])('a webhook with %s is taken: PayPay would lose what is refused', async (_what, body) => {
  expect(await postWebhook(JSON.stringify(body))).toMatchObject({ status: 200 });
});

test.each([
  ['cut short', '{"state": "COMP'],
  ['empty', ''],
  ['a list', '[]'],
])('a webhook whose body is %s is taken, and is a dead letter', async (_what, body) => {
  const before = ofType('DeadLetter').length;
  expect(await postWebhook(body)).toMatchObject({ status: 200 });
  await waitUntil(() => ofType('DeadLetter').length > before, { withinMs: LETTERS_WITHIN_MS });
  expect(ofType('DeadLetter').at(-1)).toMatchObject({
    app: 'payments',
    errorCode: 'UNREADABLE_WEBHOOK',
  });
});

test('a webhook over the limit is refused, and archived as such', async () => {
  const body = JSON.stringify({ filler: 'x'.repeat(70_000) });
  const refused = { error: { code: 'BODY_TOO_LARGE' } };
  expect(await postWebhook(body)).toMatchObject({ status: 413, body: refused });
  await waitUntil(() => ofType('WebhookSetAside').some(({ verdict }) => verdict === 'REFUSED'), {
    withinMs: LETTERS_WITHIN_MS,
  });
});

test('what was refused has left nothing on the log', async () => {
  const { edge, orderId, merchantPaymentId } = await world.orderWithCode('after-refusals');
  await edge.cancel(orderId, 'end of the test');
  await world.event('OrderFailed', orderId);
  // The log is read in order of each partition, so the refused would have been seen by now.
  expect(
    ofType('PurchaseRequested').filter(({ idempotencyKey }) => idempotencyKey === `${run}-refused`),
  ).toEqual([]);
  expect(merchantPaymentId).toBe(`${orderId}-1`);
});

test('D1: garbage on every topic is a dead letter of each reader, with its reason, and all goes on', async () => {
  const { brokers, partitions, registryUrl, streamsUrl } = product.running;
  const pid = product.streamsPid();
  const key = `garbage-${run}`;
  const kinds = garbage(await deadLetterBytes(brokers, registryUrl, partitions));
  await soil(brokers, key, kinds);

  const onLog = lettersDue(streamReaders, kinds);
  await waitUntil(() => lettersUnder(key).length >= onLog.length, { withinMs: LETTERS_WITHIN_MS });
  expect(lettersUnder(key).map(place).sort()).toEqual(onLog);
  for (const { reason } of lettersUnder(key)) expect(reason).not.toBe('');

  const inViews = lettersDue([viewsReader], kinds);
  await waitUntil(async () => (await viewsLetters(key)).length >= inViews.length, {
    withinMs: LETTERS_WITHIN_MS,
  });
  expect((await viewsLetters(key)).map(place).sort()).toEqual(inViews);

  const { edge, orderId, merchantPaymentId } = await world.orderWithCode('after-garbage');
  await world.paypay.act(merchantPaymentId, { action: 'pay' });
  await world.viewed(edge, orderId, 'PAID');
  expect(product.streamsPid()).toBe(pid);
  const health = await fetch(`${streamsUrl}/actuator/health`);
  expect(await health.json()).toMatchObject({ status: 'UP' });
});

function ofType<T extends AnyEvent['type']>(type: T): readonly EventOf<T>[] {
  return seen.filter((event): event is EventOf<T> & AnyEvent => event.type === type);
}

function place(letter: { app: string; topic: string; errorCode: string }): string {
  return `${letter.app} ${letter.topic} ${letter.errorCode}`;
}

function lettersUnder(key: string): readonly EventOf<'DeadLetter'>[] {
  return ofType('DeadLetter').filter((letter) => letter.key?.toString('utf8') === key);
}

async function viewsLetters(key: string): Promise<readonly DeadLetterView[]> {
  const params = { query: { app: viewsReader.app } };
  const { data } = await world.ops.api.GET('/api/dead-letters', { params });
  return (data?.deadLetters ?? []).filter(
    (letter) =>
      letter.app === viewsReader.app &&
      Buffer.from(letter.key ?? '', 'base64').toString('utf8') === key,
  );
}

/** In the wire format, with the id that the registry gave it. */
async function deadLetterBytes(
  brokers: string,
  registryUrl: string,
  partitions: number,
): Promise<Buffer> {
  const codec = await bringUpTopics({
    brokers: brokers.split(','),
    registryUrl,
    partitions,
    replicationFactor: 1,
    topics: [deadLetters],
  });
  return codec.encode(deadLetters.name, {
    type: 'DeadLetter',
    eventId: run,
    occurredAt: systemClock.now(),
    causationId: run,
    correlationId: run,
    app: 'nobody',
    topic: 'nowhere',
    partition: 0,
    offset: 0,
    key: null,
    value: null,
    valueBytes: 0,
    headers: {},
    errorCode: 'NONE',
    reason: 'a good record where it does not belong',
  });
}

async function rulesBacktest(args: readonly string[]) {
  const { brokers, registryUrl } = product.running;
  const environment = {
    ...process.env,
    KAFKA_BROKERS: brokers,
    SCHEMA_REGISTRY_URL: registryUrl,
    ALERTS_RULE_A_GRACE_MS: String(RULE_A_GRACE_MS),
    ALERTS_RULE_B_GRACE_MS: String(product.running.ruleBGraceMs),
  };
  const command = path.join(__dirname, '..', '..', 'tools', 'rules-backtest.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', command, '--json', ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  const [status] = (await once(child, 'close')) as [number];
  return { status, found: JSON.parse(Buffer.concat(output).toString('utf8')) as unknown };
}

async function postWebhook(body: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${product.running.edgeUrl}/webhooks/paypay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return { status: response.status, body: await response.json() };
}
