/** Alerts that an operator repairs, over the same API as the dashboard. */
import type { EventOf } from '../../schemas/event';
import type { AlertAction } from '../../topics/alert-actions';
import type { Scenario } from '../scenario';
import type { World } from '../world';
import { orderWithSecondCode } from './second-code';

const EXCESS = 100;

/** Asks for the action on the alert as it is shown, and waits until its outcome is shown there. */
async function repair(
  world: World,
  orderId: string,
  action: AlertAction,
  amount?: number,
): Promise<EventOf<'AlertActionSucceeded'>> {
  const [raised] = world.log.of('AlertRaised', orderId);
  const alertId = raised?.alertId ?? '';
  const shown = await world.eventually('the operator finds the alert', () =>
    world.ops.alert(alertId),
  );
  const reason = `scenario ${world.run}`;
  const body = { expectedVersion: shown.alert.version, action, reason };
  const answer = await world.ops.request(
    'POST',
    `/api/alerts/${alertId}/actions`,
    amount === undefined ? body : { ...body, amount },
    `${action}-${alertId}`,
  );
  world.expect(answer.status === 202, `it is taken (${JSON.stringify(answer.body)})`);
  const done = await world.event(
    'AlertActionSucceeded',
    orderId,
    undefined,
    (event) => event.action === action,
  );
  await world.eventually('the outcome stands on the alert', async () => {
    const history = (await world.ops.alert(alertId))?.history ?? [];
    return history.some(({ eventId }) => eventId === done.eventId) ? true : undefined;
  });
  return done;
}

/** What the alert tells of itself, in order; every version once. */
async function auditOf(world: World, orderId: string): Promise<readonly string[]> {
  const [raised] = world.log.of('AlertRaised', orderId);
  const { history } = await world.eventually('the alert is shown as resolved', async () => {
    const detail = await world.ops.alert(raised?.alertId ?? '');
    return detail?.alert.status === 'RESOLVED' ? detail : undefined;
  });
  const versions = history.map(({ version }) => version ?? 0).sort((a, b) => a - b);
  world.expect(
    versions.every((version, index) => version === index + 1),
    `its versions count up one by one (${versions.join()})`,
  );
  return history.map(({ type }) => type);
}

export const secondPaymentRefunded: Scenario = {
  name: 'second-payment-refunded',
  expected:
    'two payments of one order raise RULE_D; the operator refunds from the alert: PayPay gives the second back, the alert is resolved, and the audit is complete',
  alerts: ['RULE_D'],
  async play(world) {
    const { edge, orderId, code } = await orderWithSecondCode(world, 'second-payment-refunded');
    await world.paypay.act(code.merchantPaymentId, { action: 'pay' });
    await world.event('OrderPaid', orderId);
    await world.paypay.act(`${orderId}-1`, { action: 'pay' });
    await world.event('AlertRaised', orderId);
    await repair(world, orderId, 'REFUND');
    await world.event('AlertResolved', orderId);
    const [second, first] = await Promise.all(
      [`${orderId}-1`, code.merchantPaymentId].map((id) => world.paypay.payment(id)),
    );
    world.expect(second?.status === 'REFUNDED', 'the second payment went back at PayPay');
    world.expect(first?.status === 'COMPLETED', 'the one that the order took did not');
    await world.viewed(edge, orderId, 'PAID');
    return `the second payment is REFUNDED; audit: ${(await auditOf(world, orderId)).join(', ')}`;
  },
};

export const excessRefunded: Scenario = {
  name: 'excess-refunded',
  expected:
    'the customer paid too much, and RULE_E is raised; the operator gives the excess back and accepts the rest, and the order is PAID',
  alerts: ['RULE_E'],
  async play(world) {
    const { edge, orderId, merchantPaymentId, code } = await world.orderWithCode('excess-refunded');
    await world.paypay.act(merchantPaymentId, { action: 'pay', amount: code.amount + EXCESS });
    await world.event('AlertRaised', orderId);
    await repair(world, orderId, 'REFUND', EXCESS);
    const { refund } = await world.paypay.payment(merchantPaymentId);
    world.expect(
      refund.kind === 'refunded' && refund.amount === EXCESS,
      `¥${String(EXCESS)} went back at PayPay (${JSON.stringify(refund)})`,
    );
    world.expect(world.log.of('OrderPaid', orderId).length === 0, 'the order still waits');
    await repair(world, orderId, 'ACCEPT_AMOUNT');
    await world.viewed(edge, orderId, 'PAID');
    return `¥${String(EXCESS)} went back, ¥${String(code.amount)} stayed, the order is PAID; audit: ${(await auditOf(world, orderId)).join(', ')}`;
  },
};
