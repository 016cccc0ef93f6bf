/** Orders and payments that contradict each other. No alert's inputs are written by hand. */
import type { EventOf } from '../../schemas/event';
import type { Scenario } from '../scenario';
import { ExpectationError, STEP_WITHIN_MS, type World } from '../world';

/** The alert as it stands on Kafka, and as an operator finds it. */
async function alertOf(
  world: World,
  orderId: string,
  rule: EventOf<'AlertRaised'>['rule'],
  withinMs: number,
): Promise<EventOf<'AlertRaised'>> {
  const alert = await world.event(
    'AlertRaised',
    orderId,
    withinMs,
    (raised) => raised.rule === rule,
  );
  world.expect(alert.evidence.length > 0, 'the alert carries evidence');
  await world.eventually('the operator finds the alert', () => world.ops.alert(alert.alertId));
  return alert;
}

/** A restart of the process forgets a pause; the story is then begun anew with another order. */
const RULE_A_TRIES_MAX = 3;

export const ruleA: Scenario = {
  name: 'rule-a',
  expected:
    'the orders app stands still while the customer pays; after the grace RULE_A is raised, and it resolves itself once the app goes on',
  async play(world) {
    for (let tries = 1; tries <= RULE_A_TRIES_MAX; tries += 1) {
      const saw = await payWhileOrdersStandsStill(world, `rule-a-${String(tries)}`);
      if (saw !== undefined) return saw;
    }
    throw new ExpectationError(`the orders app never stood still for the grace`);
  },
};

/** Undefined when the app did not stand still until the alert. */
async function payWhileOrdersStandsStill(world: World, name: string): Promise<string | undefined> {
  const { orderId, merchantPaymentId } = await world.orderWithCode(name);
  await world.pause('orders');
  try {
    await world.paypay.act(merchantPaymentId, { action: 'pay' });
    const success = await world.event('PaymentSucceeded', orderId);
    const outcome = await world.eventually(
      'RULE_A is raised, or the app goes on too early',
      async () => {
        const [alert] = world.log.of('AlertRaised', orderId);
        if (alert !== undefined) return { kind: 'raised', alert } as const;
        return (await world.isPaused('orders')) ? undefined : ({ kind: 'restarted' } as const);
      },
      world.stack.ruleAGraceMs + STEP_WITHIN_MS,
    );
    if (outcome.kind === 'restarted' && world.log.of('AlertRaised', orderId).length === 0) {
      return undefined;
    }
    const alert = await alertOf(world, orderId, 'RULE_A', STEP_WITHIN_MS);
    world.expect(alert.moneyAtRisk === success.amount, 'the money at risk is what was paid');
    await world.resume('orders');
    await world.event('OrderPaid', orderId);
    const resolved = await world.event('AlertResolved', orderId);
    world.expect(resolved.alertId === alert.alertId, 'that alert is resolved');
    return `RULE_A: ${alert.observed}; resolved by ${resolved.resolvedBy} when OrderPaid came`;
  } finally {
    await world.resume('orders');
  }
}

export const ruleB: Scenario = {
  name: 'rule-b',
  expected: 'PayPay changes its mind after a success; the order is PAID and RULE_B is raised',
  async play(world) {
    const { orderId, merchantPaymentId } = await world.orderWithCode('rule-b');
    await world.paypay.act(merchantPaymentId, { action: 'pay' });
    await world.event('OrderPaid', orderId);
    await world.paypay.act(merchantPaymentId, { action: 'revert', to: 'FAILED' });
    const failed = await world.event('PaymentFailed', orderId);
    const alert = await alertOf(world, orderId, 'RULE_B', 20_000);
    return `PaymentFailed (${failed.reason}) after OrderPaid; RULE_B: ${alert.observed}`;
  },
};

export const ruleC: Scenario = {
  name: 'rule-c',
  expected: 'the payment succeeds after the order expired; RULE_C is raised at once',
  async play(world) {
    const { edge, orderId, merchantPaymentId } = await world.orderWithCode('rule-c');
    await world.paypay.act(merchantPaymentId, { action: 'expire' });
    await world.event('OrderFailed', orderId);
    await world.paypay.act(merchantPaymentId, { action: 'pay-late' });
    await world.event('PaymentSucceeded', orderId);
    const alert = await alertOf(world, orderId, 'RULE_C', 20_000);
    const order = await world.viewed(edge, orderId, 'FAILED');
    return `success after ${String(order.failureReason)}; RULE_C: ${alert.observed}`;
  },
};
