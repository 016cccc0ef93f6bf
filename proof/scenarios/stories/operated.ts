/**
 * Alerts that an operator repairs, over the edge's HTTP as the dashboard does. What always holds: the
 * action is possible by its preview, asked for twice it is done once, its outcome is on the alert,
 * and the audit names every step and who took it.
 */
import { keyed } from '../../../edge/contract/api-client';
import type { ActionPreview, AlertDetail, PaymentView } from '../../../edge/contract/api-types';
import type { EventOf } from '../../../schemas/event';
import type { Scenario } from '../scenario';
import { operator } from '../../../local/pipeline/demo-people';
import type { World } from '../world';
import { orderWithSecondCode } from './second-code';

type Rule = EventOf<'AlertRaised'>['rule'];
type Action = ActionPreview['action'];

interface Repair {
  readonly rule: Rule;
  readonly action: Action;
  /** Why the operator does it. */
  readonly reason: string;
  /** Whole yen of a refund of a part; absent: all of it. */
  readonly amount?: number;
}

/** Raised at once, or after the grace of the rule. */
const RAISED_WITHIN_MS = 120_000;

async function raisedAlert(world: World, orderId: string, rule: Rule) {
  return world.event('AlertRaised', orderId, RAISED_WITHIN_MS, (alert) => alert.rule === rule);
}

/** What the operator's page shows of the action, once it can be done. */
async function possibleAction(world: World, alertId: string, action: Action) {
  return world.eventually(`${action} can be done`, async () => {
    const params = { path: { alertId } };
    const { data } = await world.ops.api.GET('/api/alerts/{alertId}/actions', { params });
    const preview = data?.actions.find((offered) => offered.action === action);
    if (data === undefined || preview?.possible !== true) return undefined;
    return { version: data.version, changes: preview.changes };
  });
}

/** Asks for the action, twice under one key, and resolves to the preview that was agreed to. */
async function ask(
  world: World,
  alertId: string,
  { action, reason, amount }: Repair,
): Promise<string> {
  const { version, changes } = await possibleAction(world, alertId, action);
  const body = {
    expectedVersion: version,
    action,
    reason,
    ...(amount === undefined ? {} : { amount }),
  };
  // A key stands for one request: the rest of a refund is another one.
  const key = `${action}-${alertId}-${String(amount ?? 'all')}`;
  const params = { path: { alertId }, header: keyed(key) };
  const send = () => world.ops.api.POST('/api/alerts/{alertId}/actions', { params, body });
  const first = await send();
  world.expect(first.response.status === 202, `it is taken (${JSON.stringify(first.error)})`);
  await world.eventually('the alert shows that it began', async () => {
    const detail = await world.ops.alert(alertId);
    return detail?.history.some(({ type }) => type === 'AlertActionStarted') === true
      ? true
      : undefined;
  });
  const { response, error } = await send();
  world.expect(response.status === 202, `the repeat is taken too (${JSON.stringify(error)})`);
  return changes.join(' ');
}

/** Waits until the alert is resolved and the action done, and checks what the audit says. */
async function audited(
  world: World,
  { orderId, alertId }: EventOf<'AlertRaised'>,
  { action, reason }: Repair,
): Promise<AlertDetail> {
  const detail = await world.eventually(`${action} is done and the alert resolved`, async () => {
    const found = await world.ops.alert(alertId);
    const done = found?.alert.actionStatus === 'SUCCEEDED' && found.alert.status === 'RESOLVED';
    return done ? found : undefined;
  });
  const { history } = detail;
  const types = history.map(({ type }) => type);
  const kinds = ['AlertRaised', 'AlertActionStarted', 'AlertActionSucceeded', 'AlertResolved'];
  for (const type of kinds) {
    world.expect(
      types.filter((found) => found === type).length === 1,
      `the audit has one ${type} (${types.join(', ')})`,
    );
  }
  const started = history.find(({ type }) => type === 'AlertActionStarted');
  world.expect(started?.actor === operator.email, `who began it (${String(started?.actor)})`);
  world.expect(started?.payload['reason'] === reason, 'why');
  const versions = history.flatMap(({ version }) => (version === null ? [] : [version]));
  world.expect(
    versions.join() === versions.map((_, index) => index + 1).join(),
    `no version is missing (${versions.join()})`,
  );
  world.expect(
    world.log.of('AlertActionStarted', orderId).filter((event) => event.alertId === alertId)
      .length === 1,
    'the topic says the same',
  );
  return detail;
}

async function repair(world: World, orderId: string, what: Repair): Promise<string> {
  const alert = await raisedAlert(world, orderId, what.rule);
  const changes = await ask(world, alert.alertId, what);
  const detail = await audited(world, alert, what);
  const { resolvedBy, version } = detail.alert;
  await staleIsRefused(world, alert.alertId);
  return `${what.rule}; ${what.action}: ${changes} Resolved by ${String(resolvedBy)} at version ${String(version)}`;
}

/** Whoever still looks at the alert as it was raised changes nothing. */
async function staleIsRefused(world: World, alertId: string): Promise<void> {
  const body = { expectedVersion: 1, reason: 'an old page' };
  const params = { path: { alertId }, header: keyed(`stale-${alertId}`) };
  const stale = await world.ops.api.POST('/api/alerts/{alertId}/resolve', { params, body });
  const { status } = stale.response;
  world.expect(status === 409, `a stale version is 409 (${String(status)})`);
}

export const refundSecondPayment: Scenario = {
  name: 'refund-second-payment',
  expected:
    'an order is paid twice; the operator refunds from the alert: the second payment goes back, the alert resolves, the audit is complete',
  alerts: ['RULE_D'],
  async play(world) {
    const { edge, orderId, code } = await orderWithSecondCode(world, 'refund-second');
    await world.paypay.act(code.merchantPaymentId, { action: 'pay' });
    const paid = await world.event('OrderPaid', orderId);
    await world.paypay.act(`${orderId}-1`, { action: 'pay' });
    const reason = 'the shopper paid both codes';
    const saw = await repair(world, orderId, { rule: 'RULE_D', action: 'REFUND', reason });
    const refunded = await world.event('PaymentRefunded', orderId);
    world.expect(refunded.merchantPaymentId === `${orderId}-1`, 'the second payment went back');
    world.expect(refunded.paymentId !== paid.paymentId, 'the payment of the order stands');
    world.expect(world.log.of('PaymentRefunded', orderId).length === 1, 'it went back once');
    const [second, first] = await Promise.all(
      [`${orderId}-1`, code.merchantPaymentId].map((id) => world.paypay.payment(id)),
    );
    world.expect(second?.status === 'REFUNDED', 'PayPay says so too');
    world.expect(first?.status === 'COMPLETED', 'and the first stands at PayPay');
    await world.viewed(edge, orderId, 'PAID');
    return saw;
  },
};

export const refundLatePayment: Scenario = {
  name: 'refund-late-payment',
  expected:
    'a payment comes after its order expired; the operator refunds it, and the alert resolves',
  alerts: ['RULE_C'],
  async play(world) {
    const { edge, orderId, merchantPaymentId } = await world.orderWithCode('refund-late');
    await world.paypay.act(merchantPaymentId, { action: 'expire' });
    await world.event('OrderFailed', orderId);
    await world.paypay.act(merchantPaymentId, { action: 'pay-late' });
    const success = await world.event('PaymentSucceeded', orderId);
    const reason = 'paid after the code had expired';
    const saw = await repair(world, orderId, { rule: 'RULE_C', action: 'REFUND', reason });
    const refunded = await world.event('PaymentRefunded', orderId);
    world.expect(refunded.amount === success.amount, 'all of it went back');
    await world.viewed(edge, orderId, 'FAILED');
    return saw;
  },
};

export const redriveOrder: Scenario = {
  name: 'redrive-order',
  expected:
    'the orders app is paused while the customer pays; the operator re-drives the order, which is PAID once the app resumes',
  alerts: ['RULE_A'],
  touches: 'everything',
  async play(world) {
    const { edge, orderId, merchantPaymentId } = await world.orderWithCode('redrive');
    await world.pause('orders');
    try {
      await world.paypay.act(merchantPaymentId, { action: 'pay' });
      const what: Repair = {
        rule: 'RULE_A',
        action: 'REDRIVE_ORDER',
        reason: 'the payment is there',
      };
      const alert = await raisedAlert(world, orderId, what.rule);
      const changes = await ask(world, alert.alertId, what);
      await world.resume('orders');
      await world.event('OrderPaid', orderId);
      await audited(world, alert, what);
      await world.viewed(edge, orderId, 'PAID');
      world.expect(world.log.of('OrderPaid', orderId).length === 1, 'it is PAID once');
      return `${what.rule}; ${what.action}: ${changes}`;
    } finally {
      await world.resume('orders');
    }
  },
};

export const rollBackOrder: Scenario = {
  name: 'roll-back-order',
  expected:
    'PayPay reverses a payment after the order was PAID; the operator rolls the order back: stock and spending limit return',
  alerts: ['RULE_B'],
  async play(world) {
    const { edge, orderId, merchantPaymentId } = await world.orderWithCode('roll-back');
    await world.paypay.act(merchantPaymentId, { action: 'pay' });
    await world.event('OrderPaid', orderId);
    await world.event('FundsCaptured', orderId);
    await world.paypay.act(merchantPaymentId, { action: 'revert', to: 'FAILED' });
    const reason = 'PayPay reversed the payment';
    const saw = await repair(world, orderId, { rule: 'RULE_B', action: 'ROLL_BACK', reason });
    await world.event('StockReturned', orderId);
    await world.event('FundsReturned', orderId);
    await world.eventually('the limit is free again', async () => {
      const { held, used } = await edge.account();
      return held === 0 && used === 0 ? true : undefined;
    });
    return saw;
  },
};

export const acceptAmount: Scenario = {
  name: 'accept-amount',
  expected:
    'PayPay takes ¥1,300 for an order of ¥1,200; the operator accepts the amount, and the order is PAID',
  alerts: ['RULE_E'],
  async play(world) {
    const { edge, orderId, merchantPaymentId } = await world.orderWithCode('accept-amount');
    await world.paypay.act(merchantPaymentId, { action: 'pay', amount: 1_300 });
    const reason = 'the shopper tipped';
    const saw = await repair(world, orderId, { rule: 'RULE_E', action: 'ACCEPT_AMOUNT', reason });
    await world.event('OrderPaid', orderId);
    await world.viewed(edge, orderId, 'PAID');
    return saw;
  },
};

/** What PayPay took too much. */
const EXCESS_AMOUNT = 100;

export const refundExcess: Scenario = {
  name: 'refund-excess',
  expected:
    'PayPay takes more than the order costs; the operator refunds the excess and accepts the rest, and the order is PAID',
  alerts: ['RULE_E'],
  async play(world) {
    const { edge, orderId, merchantPaymentId, code } = await world.orderWithCode('refund-excess');
    const amount = code.amount + EXCESS_AMOUNT;
    await world.paypay.act(merchantPaymentId, { action: 'pay', amount });
    const { alertId } = await raisedAlert(world, orderId, 'RULE_E');
    const reason = 'paid too much';
    const part = { rule: 'RULE_E', action: 'REFUND', reason, amount: EXCESS_AMOUNT } as const;
    await ask(world, alertId, part);
    await world.event('AlertActionSucceeded', orderId);
    const { refunds } = await world.paypay.payment(merchantPaymentId);
    world.expect(
      refunds.map(({ amount: returned }) => returned).join() === String(EXCESS_AMOUNT),
      `¥${String(EXCESS_AMOUNT)} went back at PayPay (${JSON.stringify(refunds)})`,
    );
    world.expect(world.log.of('OrderPaid', orderId).length === 0, 'the order still waits');
    await ask(world, alertId, { rule: 'RULE_E', action: 'ACCEPT_AMOUNT', reason });
    await world.event('AlertResolved', orderId);
    await world.viewed(edge, orderId, 'PAID');
    await paymentShows(world, orderId, 'PARTIALLY_REFUNDED', EXCESS_AMOUNT, 0);
    return `¥${String(EXCESS_AMOUNT)} went back, ¥${String(code.amount)} stayed, the order is PAID`;
  },
};

/** What PayPay takes over a refund; long enough to be seen in flight by an operator. */
const REFUND_DELAY_MS = 5_000;
const PART_AMOUNT = 100;

export const refundInParts: Scenario = {
  name: 'refund-in-parts',
  expected:
    'money for a failed order is refunded in two parts, each of which PayPay completes later; what is in flight is shown as such, what is left stays at risk, and both together resolve the alert',
  alerts: ['RULE_C'],
  touches: 'everything',
  async play(world) {
    const { orderId, merchantPaymentId, code } = await world.orderWithCode('refund-in-parts');
    await world.paypay.act(merchantPaymentId, { action: 'expire' });
    await world.event('OrderFailed', orderId);
    await world.paypay.act(merchantPaymentId, { action: 'pay-late' });
    const { alertId } = await raisedAlert(world, orderId, 'RULE_C');
    const what = { rule: 'RULE_C', action: 'REFUND', reason: 'paid too late' } as const;
    await world.paypay.change({ refundDelayMs: REFUND_DELAY_MS });
    try {
      await ask(world, alertId, { ...what, amount: PART_AMOUNT });
      await world.event('AlertActionPending', orderId);
      await paymentShows(world, orderId, 'REFUND_PENDING', 0, PART_AMOUNT);
      // The rest may be asked for meanwhile, and only the rest.
      const { changes } = await possibleAction(world, alertId, 'REFUND');
      const left = code.amount - PART_AMOUNT;
      world.expect(
        changes.some((line) => line.startsWith(`¥${left.toLocaleString('en-US')} of payment`)),
        `the rest is offered (${changes.join(' ')})`,
      );
      const changed = await world.event('AlertMoneyAtRiskChanged', orderId);
      world.expect(changed.moneyAtRisk === left, `¥${String(left)} stay at risk`);
      await paymentShows(world, orderId, 'PARTIALLY_REFUNDED', PART_AMOUNT, 0);
      await ask(world, alertId, what);
      await world.event('AlertResolved', orderId);
      await paymentShows(world, orderId, 'REFUNDED', code.amount, 0);
      const told = world.log.of('PaymentRefunded', orderId);
      world.expect(
        told
          .map(({ amount, requestedHere }) => `${String(amount)} ${String(requestedHere)}`)
          .join() === `${String(PART_AMOUNT)} true,${String(left)} true`,
        `two refunds, both asked for here (${JSON.stringify(told)})`,
      );
      return `¥${String(PART_AMOUNT)} and then ¥${String(left)} went back, each shown as in flight before`;
    } finally {
      await world.paypay.change({ refundDelayMs: 0 });
    }
  },
};

async function paymentShows(
  world: World,
  orderId: string,
  status: PaymentView['status'],
  refundedAmount: number,
  refundPendingAmount: number,
): Promise<void> {
  await world.eventually(`the payment shows ${status}`, async () => {
    const payment = await world.ops.payment(orderId);
    const isRight =
      payment?.status === status &&
      payment.refundedAmount === refundedAmount &&
      payment.refundPendingAmount === refundPendingAmount;
    return isRight ? true : undefined;
  });
}
