/** Webhooks that PayPay did not send. */
import { randomUUID } from 'node:crypto';
import type { AnyEvent } from '../../../schemas/event';
import { startAllowlistEdge, type SpareEdge } from '../spare-edge';
import { claimsAbout, malformedAbout, oddAbout, type Claim } from '../forgery';
import type { Scenario } from '../scenario';
import type { World } from '../world';

const PRICE = 1_200;
/** One of PayPay's published addresses. */
const PAYPAY_ADDRESS = '52.68.128.8';
/** Of a network for documentation: nobody's. */
const FORGER_ADDRESS = '203.0.113.9';

export const forgedWebhook: Scenario = {
  name: 'forged-webhook',
  expected: 'someone posts COMPLETED for an order that nobody paid; PayPay is asked, nothing moves',
  async play(world) {
    const { edge, orderId, merchantPaymentId } = await world.orderWithCode('forged-webhook');
    await world.paypay.forge(merchantPaymentId, 'COMPLETED');
    const notification = await world.event('PaymentNotificationReceived', orderId);
    world.expect(notification.verdict === 'HINT', 'the webhook is a hint, not a fact');
    const observed = await world.event(
      'PaymentStatusObserved',
      orderId,
      undefined,
      (seen) => seen.purpose === 'NOTIFICATION',
    );
    world.expect(observed.status === 'CREATED', `PayPay says CREATED (${observed.status})`);
    await world.viewed(edge, orderId, 'WAITING_PAYMENT');
    world.expect(world.log.of('PaymentSucceeded', orderId).length === 0, 'no payment succeeded');
    world.expect(world.log.of('OrderPaid', orderId).length === 0, 'the order is not PAID');
    // Not left open: its poll would go on until it expires.
    await edge.cancel(orderId, 'end of the scenario');
    await world.event('OrderFailed', orderId);
    return 'taken as a HINT; PayPay said CREATED; the order stayed WAITING_PAYMENT';
  },
};

/** An order that nobody paid, and one that is: forgeries about either must change nothing. */
async function targets(world: World, name: string) {
  const open = await world.orderWithCode(`${name}-open`);
  const paid = await world.orderWithCode(`${name}-paid`);
  await world.paypay.act(paid.merchantPaymentId, { action: 'pay' });
  await world.event('OrderPaid', paid.orderId);
  await world.event('FundsCaptured', paid.orderId);
  const claims = [open, paid].flatMap(({ orderId, merchantPaymentId }) =>
    claimsAbout({ merchantPaymentId, amount: PRICE }).map((claim) => ({ orderId, claim })),
  );
  return { open, paid, claims };
}

/** Everything that says how far an order is; requests and hints do not. */
const STATE_CHANGES = new Set<AnyEvent['type']>([
  'PaymentSucceeded',
  'PaymentFailed',
  'PaymentExpired',
  'PaymentRefunded',
  'OrderPaid',
  'OrderFailed',
  'OrderPaymentRecorded',
  'OrderRefunded',
  'AlertRaised',
]);

function statesOf(world: World, orderId: string): string {
  return [...STATE_CHANGES]
    .flatMap((type) => world.log.of(type, orderId).map(() => type))
    .join(', ');
}

export const forgedEveryKind: Scenario = {
  name: 'forged-every-kind',
  expected:
    'trust mode confirm: every kind of forged webhook, about an open order and about a paid one; each is a hint, PayPay is asked, no order changes state',
  async play(world) {
    const { open, paid, claims } = await targets(world, 'forged-every-kind');
    const before = statesOf(world, paid.orderId);
    for (const { claim } of claims) {
      const { merchant_order_id: about } = claim.body as { merchant_order_id: string };
      await world.paypay.forgeBody(about, claim.body);
    }
    for (const { orderId } of [open, paid]) await askedAfterAll(world, orderId, claims.length / 2);
    world.expect(statesOf(world, open.orderId) === '', 'nothing was decided about the open order');
    world.expect(statesOf(world, paid.orderId) === before, 'nor about the paid one');
    // The open order is as good as ever: it is paid once, by the true payment.
    await world.paypay.act(open.merchantPaymentId, { action: 'pay' });
    await world.event('OrderPaid', open.orderId);
    return `${String(claims.length)} forged webhooks were hints; PayPay was asked, and no order changed state`;
  },
};

/** PayPay was asked after the last of `count` hints had come in. */
async function askedAfterAll(world: World, orderId: string, count: number): Promise<void> {
  const hints = await world.eventually('all forged webhooks are on the topic', () => {
    const found = world.log
      .of('PaymentNotificationReceived', orderId)
      .filter(({ paymentId }) => paymentId?.startsWith('049') ?? paymentId === null);
    const all = world.log.of('PaymentNotificationReceived', orderId);
    return all.length >= count ? [...all, ...found] : undefined;
  });
  world.expect(
    hints.every(({ verdict }) => verdict === 'HINT'),
    'each of them is a hint',
  );
  const last = Math.max(...hints.map(({ receivedAt }) => receivedAt));
  await world.event(
    'PaymentStatusObserved',
    orderId,
    undefined,
    ({ observedAt }) => observedAt > last,
  );
}

export const forgedAllowlist: Scenario = {
  name: 'forged-allowlist',
  expected:
    "trust mode ip-allowlist, with and without a proxy: every kind of forged webhook, with PayPay's address in every header that could carry it; all are refused, none reaches the log, and PayPay's own is believed",
  async play(world) {
    const edges = await Promise.all([0, 1].map((depth) => startAllowlistEdge(world.stack, depth)));
    try {
      const [direct, behindProxy] = edges as [SpareEdge, SpareEdge];
      const { open, paid, claims } = await targets(world, 'forged-allowlist');
      const before = statesOf(world, paid.orderId);
      for (const { claim } of claims) {
        for (const headers of SPOOFED_DIRECT) await refused(world, direct, claim, headers);
        for (const headers of SPOOFED_BEHIND_PROXY) {
          await refused(world, behindProxy, claim, headers);
        }
      }
      await believed(world, behindProxy, open);
      for (const { orderId } of [open, paid]) {
        const heard = world.log.of('PaymentNotificationReceived', orderId);
        const forged = heard.filter(({ paymentId }) => paymentId?.startsWith('0499') === true);
        world.expect(forged.length === 0, 'no forged webhook is on the topic');
      }
      world.expect(statesOf(world, paid.orderId) === before, 'the paid order stands as it stood');
      const tries = claims.length * (SPOOFED_DIRECT.length + SPOOFED_BEHIND_PROXY.length);
      return `${String(tries)} forged webhooks were refused with 403; PayPay's own settled its order`;
    } finally {
      await Promise.all(edges.map((edge) => edge.stop()));
    }
  },
};

type Headers = Readonly<Record<string, string>>;

/** Nobody stands between: no header may say where a request comes from. */
const SPOOFED_DIRECT: readonly Headers[] = [
  {},
  { 'x-forwarded-for': PAYPAY_ADDRESS },
  { 'x-forwarded-for': `${PAYPAY_ADDRESS}, ${PAYPAY_ADDRESS}` },
  { 'x-real-ip': PAYPAY_ADDRESS, forwarded: `for=${PAYPAY_ADDRESS}` },
];

/** One proxy appends whom it heard; what the sender wrote before stands to the left of it. */
const SPOOFED_BEHIND_PROXY: readonly Headers[] = [
  { 'x-forwarded-for': FORGER_ADDRESS },
  { 'x-forwarded-for': `${PAYPAY_ADDRESS}, ${FORGER_ADDRESS}` },
  { 'x-forwarded-for': `${PAYPAY_ADDRESS}, ${PAYPAY_ADDRESS}, ${FORGER_ADDRESS}` },
  { 'x-forwarded-for': FORGER_ADDRESS, 'x-real-ip': PAYPAY_ADDRESS },
];

async function refused(world: World, edge: SpareEdge, { kind, body }: Claim, headers: Headers) {
  const status = await edge.post(JSON.stringify(body), headers);
  world.expect(
    status === 403,
    `“${kind}” with ${JSON.stringify(headers)} is refused (${String(status)})`,
  );
}

/** That the others were refused proves something only because this one is not. */
async function believed(
  world: World,
  edge: SpareEdge,
  { orderId, merchantPaymentId }: { readonly orderId: string; readonly merchantPaymentId: string },
): Promise<void> {
  const lost = { lose: true };
  const { webhookId } = await sentAndLost(world, merchantPaymentId, lost);
  const [webhook] = await world.paypay.webhooks({ merchantPaymentId });
  world.expect(webhook?.webhookId === webhookId, 'the simulator tells what it would have sent');
  const headers = { 'x-forwarded-for': PAYPAY_ADDRESS };
  await world.eventually('the edge takes what PayPay sends', async () =>
    (await edge.post(JSON.stringify(webhook?.body), headers)) === 200 ? true : undefined,
  );
  const notification = await world.event('PaymentNotificationReceived', orderId);
  world.expect(notification.verdict === 'TRUSTED', 'it is trusted');
  await world.event('OrderPaid', orderId);
}

async function sentAndLost(world: World, merchantPaymentId: string, plan: { lose: boolean }) {
  await world.paypay.act(merchantPaymentId, { action: 'pay', webhook: plan });
  const [webhook] = await world.paypay.webhooks({ merchantPaymentId });
  return { webhookId: webhook?.webhookId };
}

export const unknownOrder: Scenario = {
  name: 'unknown-order',
  expected:
    'a webhook about an order that nobody knows is archived and parked; PayPay is not asked, and other orders continue',
  async play(world) {
    const orderId = randomUUID();
    const merchantPaymentId = `${orderId}-1`;
    const [claim] = claimsAbout({ merchantPaymentId, amount: PRICE });
    await world.paypay.forgeBody(merchantPaymentId, claim?.body, { copies: 5 });
    await world.eventually('all five are archived', () =>
      world.log.of('PaymentNotificationReceived', orderId).length === 5 ? true : undefined,
    );
    // As long as a whole order takes from its purchase to its payment.
    const other = await world.orderWithCode('unknown-order');
    await world.paypay.act(other.merchantPaymentId, { action: 'pay' });
    await world.event('OrderPaid', other.orderId);
    const asked = world.log.of('PaymentStatusRequested', orderId).length;
    world.expect(asked === 0, `PayPay is not asked (${String(asked)})`);
    world.expect(statesOf(world, orderId) === '', 'nothing is decided about it');
    return 'five notifications archived, PayPay asked about none of them; another order was PAID meanwhile';
  },
};

/** Of the malformed ones: half a JSON, nothing, null and a list. */
const UNREADABLE = 4;

export const malformedWebhook: Scenario = {
  name: 'malformed-webhook',
  expected:
    'webhooks that are no JSON, of another kind or about another shop are taken and set aside; odd ones about the order are hints; the order is paid by the true one',
  async play(world) {
    const { orderId, merchantPaymentId } = await world.orderWithCode('malformed-webhook');
    const about = { merchantPaymentId, amount: PRICE };
    const [texts, odd] = [malformedAbout(about), oddAbout(about)];
    const seen = { setAside: 0, deadLetters: 0 };
    world.log.watch(({ event }) => {
      if (event.type === 'WebhookSetAside') seen.setAside += 1;
      if (event.type !== 'DeadLetter') return;
      if (event.errorCode === 'UNREADABLE_WEBHOOK') seen.deadLetters += 1;
    });
    for (const text of texts) await world.paypay.forgeText(merchantPaymentId, text);
    for (const body of odd) await world.paypay.forgeBody(merchantPaymentId, body);
    const webhooks = await world.eventually('PayPay is done with all of them', async () => {
      const sent = await world.paypay.webhooks({ merchantPaymentId });
      return sent.every(({ phase }) => phase === 'delivered') ? sent : undefined;
    });
    const answers = webhooks.flatMap(({ attempts }) => attempts.map(({ result }) => result));
    world.expect(
      answers.every((result) => result.kind === 'answered' && result.status === 200),
      `each is answered 200, at the first try (${JSON.stringify(answers)})`,
    );
    await world.eventually('all are archived, each with its verdict', () => {
      const hints = world.log.of('PaymentNotificationReceived', orderId).length;
      return seen.setAside >= texts.length && hints === odd.length ? true : undefined;
    });
    await world.eventually('what is unreadable is a dead letter', () =>
      seen.deadLetters >= UNREADABLE ? true : undefined,
    );
    world.expect(statesOf(world, orderId) === '', 'nothing was decided about the order');
    await world.paypay.act(merchantPaymentId, { action: 'pay' });
    await world.event('OrderPaid', orderId);
    return `${String(texts.length)} set aside, ${String(odd.length)} taken as hints, all answered 200; the order was PAID`;
  },
};
