import { recordTypes } from '../../../schemas/avro-types';
import { ordersEvents } from '../../../topics/orders';
import { alertsLifecycle, alertsRaised } from '../../../topics/alerts';
import { paymentsEvents } from '../../../topics/payments';
import { alertsDefaults } from '../../../streams/alerts/settings';
import { alertsApp } from '../../../streams/alerts/topology';
import { TopologyTestDriver } from '../../../streams/runtime/test-driver';
import {
  ORDER_ID,
  authorizationStuck,
  orderFailed,
  orderPaid,
  orderWaiting,
  paymentExpired,
  paymentFailed,
  refunded,
  succeeded,
} from './sample-log';

const START_AT = 1_000_000;
const { ruleAGraceMs, ruleBGraceMs, retentionMs } = alertsDefaults;

const start = () =>
  TopologyTestDriver.start([alertsApp(alertsDefaults)], {
    records: recordTypes,
    startAt: START_AT,
  });

let driver: TopologyTestDriver;

beforeEach(async () => {
  driver = await start();
});

afterEach(() => {
  expect(driver.deadLetters()).toEqual([]);
});

test('an order that is paid in time raises nothing, and leaves a closed record', async () => {
  await driver.pipe(ordersEvents, orderWaiting());
  await driver.pipe(paymentsEvents, succeeded('s1', { paidAt: START_AT }));
  await driver.advance(ruleAGraceMs - 1);
  await driver.pipe(ordersEvents, orderPaid(START_AT));
  await driver.advance(retentionMs - 1);
  expect(await driver.state('alerts', ORDER_ID)).toMatchObject({ type: 'OrderAlertsState' });
  await driver.advance(1);
  expect(await driver.state('alerts', ORDER_ID)).toMatchObject({ type: 'ClosedOrderAlertsState' });
  expect(driver.take(alertsRaised)).toEqual([]);
  expect(driver.take(alertsLifecycle)).toEqual([]);
});

test('an order that is paid too late raises rule A and resolves it', async () => {
  await driver.pipe(ordersEvents, orderWaiting());
  await driver.advance(5_000);
  await driver.pipe(paymentsEvents, succeeded('s1', { paidAt: START_AT }));
  await driver.advance(ruleAGraceMs - 1);
  expect(driver.take(alertsRaised)).toEqual([]);
  await driver.advance(1);
  const detectedAt = START_AT + 5_000 + ruleAGraceMs;
  const [raised] = driver.take(alertsRaised);
  expect(raised).toMatchObject({ rule: 'RULE_A', detectedAt, deadline: detectedAt });
  await driver.advance(25_000);
  await driver.pipe(ordersEvents, orderPaid(START_AT));
  expect(driver.take(alertsLifecycle)).toMatchObject([
    {
      type: 'AlertResolved',
      alertId: raised?.alertId,
      rule: 'RULE_A',
      version: 2,
      resolvedBy: 'FACTS',
      evidence: [{ topic: ordersEvents.name, offset: 1, eventId: 'paid' }],
    },
  ]);
});

test('money that stays authorized for an order that is over raises rule F, until the payment has an end', async () => {
  await driver.pipe(ordersEvents, orderWaiting());
  await driver.pipe(paymentsEvents, authorizationStuck('k1'));
  await driver.pipe(paymentsEvents, authorizationStuck('k1'));
  const [raised, ...others] = driver.take(alertsRaised);
  expect(others).toEqual([]);
  expect(raised).toMatchObject({
    rule: 'RULE_F',
    moneyAtRisk: 1_200,
    evidence: [{ topic: paymentsEvents.name, eventId: 'k1' }],
  });
  expect(driver.take(alertsLifecycle)).toEqual([]);
  await driver.pipe(paymentsEvents, paymentFailed('f1', START_AT));
  expect(driver.take(alertsLifecycle)).toMatchObject([
    { type: 'AlertResolved', alertId: raised?.alertId, rule: 'RULE_F', resolvedBy: 'FACTS' },
  ]);
  await driver.pipe(paymentsEvents, authorizationStuck('k2'));
  expect(driver.take(alertsRaised)).toEqual([]);
});

test('catching up after downtime, answers that came in time raise nothing', async () => {
  driver.append(ordersEvents, orderWaiting());
  driver.append(paymentsEvents, succeeded('s1', { paidAt: START_AT }));
  driver.clock.moveTo(START_AT + ruleAGraceMs - 1);
  driver.append(ordersEvents, orderPaid(START_AT));
  driver.clock.moveTo(START_AT + retentionMs / 2);
  await driver.advance(0);
  expect(driver.take(alertsRaised)).toEqual([]);
});

test('catching up after downtime, answers that came too late raise and resolve', async () => {
  driver.append(paymentsEvents, succeeded('s1', { paidAt: START_AT }));
  driver.clock.moveTo(START_AT + ruleAGraceMs + 20_000);
  driver.append(ordersEvents, orderPaid(START_AT));
  driver.clock.moveTo(START_AT + retentionMs / 2);
  await driver.advance(0);
  expect(driver.take(alertsRaised)).toMatchObject([
    { rule: 'RULE_A', detectedAt: START_AT + ruleAGraceMs },
  ]);
  expect(driver.take(alertsLifecycle)).toMatchObject([
    { type: 'AlertResolved', occurredAt: START_AT + ruleAGraceMs + 20_000 },
  ]);
});

test('a reversal after OrderPaid raises rule B at once', async () => {
  await driver.pipe(paymentsEvents, succeeded('s1', { paidAt: START_AT }));
  await driver.pipe(ordersEvents, orderPaid(START_AT));
  await driver.advance(60_000);
  await driver.pipe(paymentsEvents, paymentFailed('f1', START_AT + 59_000));
  expect(driver.take(alertsRaised)).toMatchObject([
    { rule: 'RULE_B', detectedAt: START_AT + 60_000, causationId: 'f1' },
  ]);
});

test('OrderPaid without a payment raises rule B after the grace, and the payment resolves it', async () => {
  await driver.pipe(ordersEvents, orderPaid(START_AT));
  await driver.advance(ruleBGraceMs);
  expect(driver.take(alertsRaised)).toMatchObject([
    { rule: 'RULE_B', detectedAt: START_AT + ruleBGraceMs, deadline: START_AT + ruleBGraceMs },
  ]);
  await driver.pipe(paymentsEvents, succeeded('s1', { paidAt: START_AT }));
  expect(driver.take(alertsLifecycle)).toMatchObject([{ type: 'AlertResolved', rule: 'RULE_B' }]);
});

test('a late success after expiry raises rule C at once, and its refund resolves it', async () => {
  await driver.pipe(ordersEvents, orderWaiting());
  await driver.pipe(paymentsEvents, paymentExpired('x1', START_AT));
  await driver.pipe(ordersEvents, orderFailed());
  await driver.pipe(paymentsEvents, succeeded('s1', { settledBy: 'NOTIFICATION' }));
  const [raised, ...others] = driver.take(alertsRaised);
  expect(others).toEqual([]);
  expect(raised).toMatchObject({ rule: 'RULE_C', severity: 'P1', moneyAtRisk: 1_200 });
  await driver.pipe(paymentsEvents, refunded('r1'));
  expect(driver.take(alertsLifecycle)).toMatchObject([
    { type: 'AlertResolved', rule: 'RULE_C', alertId: raised?.alertId },
  ]);
});

test('an open rule A is superseded by rule C', async () => {
  await driver.pipe(paymentsEvents, succeeded('s1'));
  await driver.advance(ruleAGraceMs);
  await driver.pipe(ordersEvents, orderFailed());
  expect(driver.take(alertsRaised)).toMatchObject([{ rule: 'RULE_A' }, { rule: 'RULE_C' }]);
  expect(driver.take(alertsLifecycle)).toMatchObject([
    { type: 'AlertResolved', rule: 'RULE_A', resolvedBy: 'SUPERSEDED' },
  ]);
});

test('money that comes after the retention still raises rule C', async () => {
  await driver.pipe(ordersEvents, orderWaiting());
  await driver.pipe(ordersEvents, orderFailed());
  await driver.advance(retentionMs);
  expect(await driver.state('alerts', ORDER_ID)).toMatchObject({ type: 'ClosedOrderAlertsState' });
  await driver.advance(2 * 24 * 60 * 60 * 1_000);
  await driver.pipe(paymentsEvents, succeeded('s1'));
  expect(driver.take(alertsRaised)).toMatchObject([{ rule: 'RULE_C' }]);
});

test('redelivered events raise nothing twice', async () => {
  for (let delivery = 0; delivery < 2; delivery += 1) {
    await driver.pipe(ordersEvents, orderWaiting(), orderFailed());
    await driver.pipe(paymentsEvents, succeeded('s1'), succeeded('s2', { payment: 2 }));
  }
  expect(driver.take(alertsRaised).map(({ rule }) => rule)).toEqual(['RULE_C', 'RULE_D']);
  expect(driver.take(alertsLifecycle)).toMatchObject([{ type: 'AlertRepeated', count: 2 }]);
});

test.each(['kept', 'lost'] as const)(
  'a restart with the store %s goes on with deadlines and open alerts',
  async (store) => {
    await driver.pipe(paymentsEvents, succeeded('s1'));
    await driver.restart('alerts', { store });
    await driver.advance(ruleAGraceMs);
    expect(driver.take(alertsRaised)).toMatchObject([{ rule: 'RULE_A' }]);
    await driver.restart('alerts', { store });
    await driver.pipe(ordersEvents, orderPaid(START_AT));
    expect(driver.take(alertsRaised)).toEqual([]);
    expect(driver.take(alertsLifecycle)).toMatchObject([{ type: 'AlertResolved', version: 2 }]);
  },
);

test('events that no rule looks at leave no state', async () => {
  const { eventId, causationId, correlationId, occurredAt } = orderWaiting('created');
  await driver.pipe(ordersEvents, {
    type: 'OrderCreated',
    eventId,
    orderId: ORDER_ID,
    causationId,
    correlationId,
    occurredAt,
    userId: 'user-1',
    items: [{ sku: 'TEA', quantity: 2 }],
  });
  expect(await driver.state('alerts', ORDER_ID)).toBeUndefined();
});
