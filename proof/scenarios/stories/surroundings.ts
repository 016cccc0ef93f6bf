/** What is wrong around the orders, and explains many of them at once. */
import type { EventOf } from '../../../schemas/event';
import type { Scenario } from '../scenario';
import type { World } from '../world';

type ConditionName = EventOf<'Condition'>['condition'];

/** With no webhook told of any: four fifths of the twenty that webhooks are judged by, and more. */
const ORDERS = 24;
/** A count is reported every ten seconds, and PayPay is well half a minute after its last failure. */
const CONDITION_WITHIN_MS = 120_000;

/** Follows one condition from now on. */
function follow(world: World, name: ConditionName) {
  const told: EventOf<'Condition'>[] = [];
  world.log.watch(({ event }) => {
    if (event.type === 'Condition' && event.condition === name) told.push(event);
  });
  return (active: boolean) =>
    world.eventually(
      `${name} is ${active ? 'raised' : 'over'}`,
      () => {
        const last = told.at(-1);
        return last?.active === active ? last : undefined;
      },
      CONDITION_WITHIN_MS,
    );
}

async function paidOrders(world: World, name: string): Promise<void> {
  await Promise.all(
    Array.from({ length: ORDERS }, async (_, index) => {
      const shopper = `${name}-${String(index)}`;
      const { edge } = await world.newShopper(shopper);
      const items = [{ sku: 'matcha-30g', quantity: 1 }];
      const orderId = await edge.placeOrder(items, `${shopper}-${world.run}`);
      const code = await world.event('PaymentCodeIssued', orderId, CONDITION_WITHIN_MS);
      await world.paypay.act(code.merchantPaymentId, { action: 'pay' });
      await world.event('OrderPaid', orderId, CONDITION_WITHIN_MS);
    }),
  );
}

export const webhooksSilent: Scenario = {
  name: 'webhooks-silent',
  touches: 'everything',
  expected:
    'no webhook comes any more, and polls settle what they should have; WEBHOOKS_SILENT is raised, and is over once they come again',
  async play(world) {
    const condition = follow(world, 'WEBHOOKS_SILENT');
    await world.paypay.planAllWebhooks({ lose: true });
    try {
      await paidOrders(world, 'webhooks-silent');
      const silent = await condition(true);
      await world.paypay.planAllWebhooks({});
      await paidOrders(world, 'webhooks-heard');
      await condition(false);
      return `${silent.detail}; over once they came again`;
    } finally {
      await world.paypay.planAllWebhooks({});
    }
  },
};

export const payPayDegraded: Scenario = {
  name: 'paypay-degraded',
  touches: 'everything',
  expected:
    'PayPay answers with errors; PAYPAY_DEGRADED is raised, no order fails, and once PayPay is back all are paid and it is over',
  async play(world) {
    const condition = follow(world, 'PAYPAY_DEGRADED');
    // Its polls go on all the while: only calls tell how PayPay is.
    const open = await world.orderWithCode('paypay-degraded-open');
    await world.paypay.breakApi({ mode: 'error', durationMs: 2 * CONDITION_WITHIN_MS });
    try {
      const paid = paidOrders(world, 'paypay-degraded');
      // A failure is reported where it is waited for.
      paid.catch(() => undefined);
      const degraded = await condition(true);
      await world.paypay.repairApi();
      await paid;
      await condition(false);
      await world.paypay.act(open.merchantPaymentId, { action: 'pay' });
      await world.event('OrderPaid', open.orderId);
      return `${degraded.detail}; all ${String(ORDERS)} orders were paid once it was back`;
    } finally {
      await world.paypay.repairApi();
    }
  },
};

/** Longer than the story lasts. */
const UNREADABLE_MS = 120_000;

export const payPayUnreadable: Scenario = {
  name: 'paypay-unreadable',
  expected:
    'PayPay answers garbage about one paid order and too late about another; neither fails nor holds up a third, and both are PAID once it can be understood',
  async play(world) {
    const garbled = await world.orderWithCode('paypay-garbage');
    const slow = await world.orderWithCode('paypay-slow');
    const unreadable = { durationMs: UNREADABLE_MS, operations: ['payment-details' as const] };
    await world.paypay.breakApiOf(garbled.merchantPaymentId, { mode: 'garbage', ...unreadable });
    await world.paypay.breakApiOf(slow.merchantPaymentId, { mode: 'slow', ...unreadable });
    const both = [garbled, slow];
    for (const order of both) await world.paypay.act(order.merchantPaymentId, { action: 'pay' });
    const answers = await Promise.all(
      both.map(({ orderId }) => world.event('PaymentStatusUnavailable', orderId)),
    );
    const third = await world.orderWithCode('paypay-readable');
    await world.paypay.act(third.merchantPaymentId, { action: 'pay' });
    await world.event('OrderPaid', third.orderId);
    for (const { orderId } of both) {
      const ended = [
        ...world.log.of('OrderPaid', orderId),
        ...world.log.of('OrderFailed', orderId),
      ];
      world.expect(ended.length === 0, 'what PayPay did not say decides nothing');
    }
    for (const order of both) await world.paypay.repairApiOf(order.merchantPaymentId);
    await Promise.all(both.map(({ orderId }) => world.event('OrderPaid', orderId)));
    const reasons = answers.map(({ reason }) => reason).join(' and ');
    return `${reasons}: the orders waited, a third was PAID meanwhile, and then they were, too`;
  },
};
