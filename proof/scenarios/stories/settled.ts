/** Orders that are paid, however badly PayPay's webhooks behave. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { orderIdOf } from '../../../schemas/event-id';
import type { Scenario } from '../scenario';
import type { World } from '../world';
import { orderWithSecondCode } from './second-code';

const TWO_ITEMS = [
  { sku: 'matcha-30g', quantity: 1 },
  { sku: 'chasen', quantity: 2 },
];

/** What must hold of every paid order: one of each event, stock sold, funds used, no alert. */
async function paidOnce(world: World, orderId: string, items: number): Promise<void> {
  const { log } = world;
  await world.event('FundsCaptured', orderId);
  await world.eventually('all stock is confirmed', () =>
    log.of('StockConfirmed', orderId).length >= items ? true : undefined,
  );
  for (const type of ['PaymentSucceeded', 'OrderPaid', 'FundsCaptured'] as const) {
    world.expect(log.of(type, orderId).length === 1, `there is one ${type}`);
  }
  world.expect(log.of('StockConfirmed', orderId).length === items, 'each item is sold once');
  world.expect(log.of('AlertRaised', orderId).length === 0, 'there is no alert');
}

export const clean: Scenario = {
  name: 'clean',
  expected: 'two items are ordered and paid; the webhook settles it; stock is sold, funds are used',
  async play(world) {
    const { settledBy, saw } = await payTwoItems(world, 'clean');
    world.expect(settledBy === 'NOTIFICATION', `the webhook settled it (${settledBy})`);
    return saw;
  },
};

/** The same while processes are killed: a poll may be faster when the app was away meanwhile. */
export const cleanWhoeverSettles: Scenario = {
  name: 'clean-whoever-settles',
  expected: 'two items are ordered and paid; stock is sold, funds are used',
  play: async (world) => (await payTwoItems(world, 'clean-whoever-settles')).saw,
};

async function payTwoItems(world: World, name: string) {
  const { edge, orderId, merchantPaymentId } = await world.orderWithCode(name, TWO_ITEMS);
  await world.paypay.act(merchantPaymentId, { action: 'pay' });
  const { settledBy } = await world.event('PaymentSucceeded', orderId);
  await paidOnce(world, orderId, 2);
  const order = await world.viewed(edge, orderId, 'PAID');
  const account = await world.eventually('the account shows what was used', async () => {
    const view = await edge.account();
    return view.used === order.totalAmount ? view : undefined;
  });
  const saw = `PAID ¥${String(order.totalAmount)} by ${settledBy}, ¥${String(account.used)} used of the limit`;
  return { settledBy, saw };
}

export const webhookLost: Scenario = {
  name: 'webhook-lost',
  expected: 'the webhook never arrives; the poll settles the order',
  async play(world) {
    const { edge, orderId, merchantPaymentId } = await world.orderWithCode('webhook-lost');
    await world.paypay.act(merchantPaymentId, { action: 'pay', webhook: { lose: true } });
    const success = await world.event('PaymentSucceeded', orderId);
    world.expect(success.settledBy === 'POLL', 'the poll settled it');
    await paidOnce(world, orderId, 1);
    const { deliveries } = await world.paypay.payment(merchantPaymentId);
    world.expect(deliveries.sent === 0, 'PayPay delivered nothing');
    const received = world.log.of('PaymentNotificationReceived', orderId).length;
    world.expect(received === 0, 'no notification came in');
    await world.viewed(edge, orderId, 'PAID');
    return `PAID by the poll; ${String(deliveries.sent)} webhooks delivered, ${String(received)} received`;
  },
};

export const webhookDoubled: Scenario = {
  name: 'webhook-doubled',
  expected: 'the webhook arrives ten times; the order is paid once and no rule fires',
  async play(world) {
    const { orderId, merchantPaymentId } = await world.orderWithCode('webhook-doubled');
    await world.paypay.act(merchantPaymentId, { action: 'pay', webhook: { copies: 10 } });
    await world.event('OrderPaid', orderId);
    await world.eventually('ten notifications are on the topic', () =>
      world.log.of('PaymentNotificationReceived', orderId).length >= 10 ? true : undefined,
    );
    await paidOnce(world, orderId, 1);
    return 'ten notifications, one PaymentSucceeded, one OrderPaid, no alert';
  },
};

export const webhookReordered: Scenario = {
  name: 'webhook-reordered',
  expected: 'AUTHORIZED arrives after COMPLETED; the order is paid all the same',
  async play(world) {
    const { orderId, merchantPaymentId } = await world.orderWithCode('webhook-reordered');
    await world.paypay.act(merchantPaymentId, { action: 'authorize', webhook: { hold: true } });
    await world.paypay.act(merchantPaymentId, { action: 'pay' });
    await world.event('OrderPaid', orderId);
    await world.eventually('both notifications are on the topic', () =>
      world.log.of('PaymentNotificationReceived', orderId).length >= 2 ? true : undefined,
    );
    const states = world.log.of('PaymentNotificationReceived', orderId).map(({ state }) => state);
    world.expect(
      states.join() === 'COMPLETED,AUTHORIZED',
      `they came reordered (${states.join()})`,
    );
    await paidOnce(world, orderId, 1);
    return `notifications came as ${states.join(', ')}; PAID once`;
  },
};

export const webhookBeforeOrder: Scenario = {
  name: 'webhook-before-order',
  expected:
    'synthetic: PayPay cannot know an order before us; a notification for an order that does not exist yet is parked, and PayPay is asked as soon as it does',
  async play(world) {
    const name = 'webhook-before-order';
    const { edge, userId } = await world.newShopper(name);
    const key = `${name}-${world.run}`;
    const orderId = orderIdOf(userId, key);
    const merchantPaymentId = `${orderId}-1`;
    await world.paypay.forgeBody(merchantPaymentId, syntheticBody(merchantPaymentId));
    await world.event('PaymentNotificationReceived', orderId);
    await edge.placeOrder([{ sku: 'matcha-30g', quantity: 1 }], key);
    await world.event('PaymentCodeIssued', orderId);
    const asked = await world.event(
      'PaymentStatusObserved',
      orderId,
      undefined,
      (observed) => observed.purpose === 'NOTIFICATION',
    );
    world.expect(asked.status === 'CREATED', 'PayPay knew of no payment yet');
    world.expect(world.log.of('OrderPaid', orderId).length === 0, 'the notification paid nothing');
    await world.paypay.act(merchantPaymentId, { action: 'pay' });
    await paidOnce(world, orderId, 1);
    return 'the parked notification made us ask PayPay (CREATED); PAID only after the shopper paid';
  },
};

export const codeOutcomeLost: Scenario = {
  name: 'code-outcome-lost',
  expected:
    'PayPay makes a code and the answer is lost; the shop asks for another one, and the order is paid once',
  async play(world) {
    const name = 'code-outcome-lost';
    const { orderId, code } = await orderWithSecondCode(world, name);
    await world.paypay.act(code.merchantPaymentId, { action: 'pay' });
    await paidOnce(world, orderId, 1);
    const first = await world.paypay.payment(`${orderId}-1`);
    world.expect(first.status === 'CREATED', 'PayPay knows the first code, which nobody saw');
    const failed = await world.event('CodeCreationFailed', orderId);
    return `the first code was ${failed.outcome}; the second was shown and paid, once`;
  },
};

/** Beyond the expiry, for the withdrawal, the last look and a machine that is busy. */
const BEYOND_EXPIRY_MS = 60_000;

export const webhookDelayedPastExpiry: Scenario = {
  name: 'webhook-delayed-past-expiry',
  expected:
    'the shopper pays, but neither webhook nor PayPay can tell before the code has expired; the last check finds the money, and the webhook that comes later changes nothing',
  lasts: 'code-lifetime',
  async play(world) {
    const name = 'webhook-delayed-past-expiry';
    const { edge, orderId, code, merchantPaymentId } = await world.orderWithCode(name);
    const leftMs = Math.max(0, code.expiresAt - Date.now());
    await world.paypay.breakApiOf(merchantPaymentId, {
      mode: 'maintenance',
      durationMs: leftMs + 1_000,
      operations: ['payment-details'],
    });
    await world.paypay.act(merchantPaymentId, {
      action: 'pay',
      webhook: { delayMs: leftMs + 15_000 },
    });
    const withinMs = leftMs + BEYOND_EXPIRY_MS;
    const success = await world.event('PaymentSucceeded', orderId, withinMs);
    world.expect(
      success.settledBy === 'LAST_LOOK',
      `the last check found it (${success.settledBy})`,
    );
    world.expect(world.log.of('CodeDeletionFailed', orderId).length === 1, 'the code was used up');
    await world.event('PaymentNotificationReceived', orderId, withinMs);
    await paidOnce(world, orderId, 1);
    await world.viewed(edge, orderId, 'PAID');
    return 'PAID by the last check after the expiry; the webhook came later and changed nothing';
  },
};

export const webhookReplayed: Scenario = {
  name: 'webhook-replayed',
  expected:
    'an archived webhook is sent again by webhook:replay; it is marked as a replay, PayPay is asked once more, nothing else happens',
  async play(world) {
    const { orderId, merchantPaymentId } = await world.orderWithCode('webhook-replayed');
    await world.paypay.act(merchantPaymentId, { action: 'pay' });
    const original = await world.event('PaymentNotificationReceived', orderId);
    await paidOnce(world, orderId, 1);
    const shown = await runReplay(world, orderId);
    const replay = await world.event(
      'PaymentNotificationReceived',
      orderId,
      undefined,
      ({ replayOf }) => replayOf === original.eventId,
    );
    world.expect(replay.body === original.body, 'the body is the same, byte for byte');
    world.expect(replay.verdict === 'HINT', 'it is a hint');
    await world.event(
      'PaymentStatusObserved',
      orderId,
      undefined,
      ({ occurredAt, purpose }) => purpose === 'NOTIFICATION' && occurredAt > replay.receivedAt,
    );
    await paidOnce(world, orderId, 1);
    return `the replay said “${shown}”; PayPay was asked and said the same`;
  },
};

const run = promisify(execFile);

/** The last line that `npm run webhook:replay` prints. */
async function runReplay({ stack }: World, orderId: string): Promise<string> {
  const command = path.join(__dirname, '..', '..', '..', 'edge', 'replay', 'command.ts');
  const { stdout } = await run(
    process.execPath,
    ['--import', 'tsx', command, '--since', '1h', '--order', orderId],
    {
      env: {
        ...process.env,
        KAFKA_BROKERS: stack.brokers,
        SCHEMA_REGISTRY_URL: stack.registryUrl,
        EDGE_URL: stack.edgeUrl,
        TOPIC_PARTITIONS: String(stack.partitions),
      },
    },
  );
  return stdout.trim().split('\n').at(-1) ?? '';
}

function syntheticBody(merchantPaymentId: string): object {
  return {
    notification_type: 'Transaction',
    merchant_id: 'simulator-merchant',
    store_id: '',
    pos_id: '',
    order_id: '90000000000000000001',
    merchant_order_id: merchantPaymentId,
    authorized_at: new Date().toISOString(),
    expires_at: null,
    confirmation_expires_at: null,
    paid_at: new Date().toISOString(),
    order_amount: 1_200,
    state: 'COMPLETED',
  };
}
