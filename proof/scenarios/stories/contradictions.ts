/** Orders and payments that contradict each other. No alert's inputs are written by hand. */
import type { EventOf } from '../../../schemas/event';
import type { Scenario } from '../scenario';
import { ExpectationError, STEP_WITHIN_MS, type World } from '../world';
import { orderWithSecondCode } from './second-code';

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
  alerts: ['RULE_A'],
  touches: 'everything',
  expected:
    'the orders app is paused while the customer pays; after the grace RULE_A is raised, and it resolves itself once the app resumes',
  async play(world) {
    for (let tries = 1; tries <= RULE_A_TRIES_MAX; tries += 1) {
      const saw = await payWhileOrdersStandsStill(world, `rule-a-${String(tries)}`);
      if (saw !== undefined) return saw;
    }
    throw new ExpectationError(`the orders app was never paused for the grace`);
  },
};

/** Undefined when the app did not stay paused until the alert. */
async function payWhileOrdersStandsStill(world: World, name: string): Promise<string | undefined> {
  const { orderId, merchantPaymentId } = await world.orderWithCode(name);
  await world.pause('orders');
  try {
    await world.paypay.act(merchantPaymentId, { action: 'pay' });
    const success = await world.event('PaymentSucceeded', orderId);
    const outcome = await world.eventually(
      'RULE_A is raised, or the app resumes too early',
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
  alerts: ['RULE_B'],
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
  alerts: ['RULE_C'],
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

export const secondPayment: Scenario = {
  name: 'second-payment',
  alerts: ['RULE_D'],
  expected:
    'two codes of one order are both paid, because the answer about the first was lost; RULE_D is raised once',
  async play(world) {
    const { orderId, code } = await orderWithSecondCode(world, 'second-payment');
    await world.paypay.act(code.merchantPaymentId, { action: 'pay' });
    await world.event('OrderPaid', orderId);
    await world.paypay.act(`${orderId}-1`, { action: 'pay', webhook: { copies: 10 } });
    const second = await world.event('PaymentSucceeded', orderId, undefined, isFirstAttempt);
    const alert = await alertOf(world, orderId, 'RULE_D', 20_000);
    world.expect(alert.moneyAtRisk === second.amount, 'the second payment is at risk');
    await world.eventually('all ten webhooks are on the topic', () =>
      world.log.of('PaymentNotificationReceived', orderId).length >= 11 ? true : undefined,
    );
    world.expect(world.log.of('AlertRaised', orderId).length === 1, 'it is raised once');
    return `two payments of ¥${String(second.amount)}; RULE_D: ${alert.observed}`;
  },
};

function isFirstAttempt({ attempt }: EventOf<'PaymentSucceeded'>): boolean {
  return attempt === 1;
}

/** PayPay took something else than the order costs: neither paid nor failed until somebody decides. */
function mismatch(
  name: string,
  expected: string,
  money: { readonly amount?: number; readonly currency?: string },
): Scenario {
  return {
    name,
    expected,
    alerts: ['RULE_E'],
    async play(world) {
      const { edge, orderId, merchantPaymentId } = await world.orderWithCode(name);
      await world.paypay.act(merchantPaymentId, { action: 'pay', ...money });
      const success = await world.event('PaymentSucceeded', orderId);
      const alert = await alertOf(world, orderId, 'RULE_E', 20_000);
      await world.viewed(edge, orderId, 'WAITING_PAYMENT');
      world.expect(world.log.of('OrderPaid', orderId).length === 0, 'the order is not PAID');
      const { account, held } = await heldOf(edge);
      world.expect(held > 0, `the funds stay held (${account})`);
      return `${String(success.amount)} ${success.currency} came; the order waits; RULE_E: ${alert.observed}`;
    },
  };
}

async function heldOf(edge: World['ops']) {
  const { held, used } = await edge.account();
  return { held, account: `${String(held)} held, ${String(used)} used` };
}

export const wrongAmount = mismatch(
  'wrong-amount',
  'PayPay takes ¥1,300 for an order of ¥1,200; the order is not PAID, and RULE_E is raised',
  { amount: 1_300 },
);

export const wrongCurrency = mismatch(
  'wrong-currency',
  'PayPay takes 1,200 dollars for an order of ¥1,200; the order is not PAID, and RULE_E is raised',
  { currency: 'USD' },
);

export const refundOutside: Scenario = {
  name: 'refund-outside',
  alerts: ['RULE_B'],
  expected:
    'the payment of a PAID order is refunded at PayPay, without the shop and without a webhook; the check of the success finds it, and RULE_B is raised',
  async play(world) {
    const { orderId, merchantPaymentId } = await world.orderWithCode('refund-outside');
    await world.paypay.act(merchantPaymentId, { action: 'pay' });
    await world.event('OrderPaid', orderId);
    await world.paypay.act(merchantPaymentId, { action: 'refund' });
    const withinMs = world.stack.paymentsWatchMs + 30_000;
    const refunded = await world.event('PaymentRefunded', orderId, withinMs);
    world.expect(!refunded.requestedHere, 'nobody here asked for it');
    const alert = await alertOf(world, orderId, 'RULE_B', 20_000);
    const seen = world.log.of('PaymentStatusObserved', orderId).at(-1);
    world.expect(seen?.purpose === 'WATCH', `the check found it (${String(seen?.purpose)})`);
    return `¥${String(refunded.amount)} went back unasked; RULE_B: ${alert.observed}`;
  },
};
