import { Codec } from '../../../../platform/avro/codec';
import { recordTypes } from '../../../../schemas/avro-types';
import { UNMARKED } from '../../../../schemas/request-marks';
import { backtest } from '../../../../streams/alerts/backtest/backtest';
import { isDifferent } from '../../../../streams/alerts/backtest/comparison';
import { alertsDefaults, type AlertsSettings } from '../../../../streams/alerts/settings';
import { alertsApp } from '../../../../streams/alerts/topology';
import { TopologyTestDriver } from '../../../../streams/runtime/test-driver';
import { alertsLifecycle, alertsRaised, alertsRequests } from '../../../../topics/alerts';
import { ordersEvents } from '../../../../topics/orders';
import { paymentsEvents } from '../../../../topics/payments';
import {
  ORDER_ID,
  orderFailed,
  orderPaid,
  orderWaiting,
  paymentFailed,
  refunded,
  succeeded,
} from '../sample-log';

const START_AT = 1_000_000;
const inForce: AlertsSettings = { ...alertsDefaults, ruleAGraceMs: 30_000, ruleBGraceMs: 30_000 };

let driver: TopologyTestDriver;

beforeEach(async () => {
  driver = await TopologyTestDriver.start([alertsApp(inForce)], {
    records: recordTypes,
    startAt: START_AT,
  });
});

/** Over all that the driver's app has read and written, from `since` on. */
async function backtested(settings: AlertsSettings, since = 0) {
  const schemas = [...recordTypes.values()];
  const codec = new Codec(recordTypes, {
    schemaById: (id) => Promise.resolve(schemas[id - 1]?.schema),
  });
  const { broker, clock } = driver;
  const records = driver.events(alertsRaised).length + driver.events(alertsLifecycle).length;
  const result = await backtest({ broker, codec, clock }, settings, {
    since,
    until: clock.now(),
  });
  expect(driver.events(alertsRaised).length + driver.events(alertsLifecycle).length).toBe(records);
  return result;
}

/** Paid 40 s after its payment succeeded. */
async function paidLate(): Promise<void> {
  await driver.pipe(ordersEvents, orderWaiting());
  await driver.pipe(paymentsEvents, succeeded('s1', { paidAt: START_AT }));
  await driver.advance(40_000);
  await driver.pipe(ordersEvents, orderPaid(START_AT));
  await driver.advance(1);
}

test('with the settings that were in force there is no difference', async () => {
  await paidLate();
  await driver.pipe(paymentsEvents, paymentFailed('f1', START_AT + 50_000));
  await driver.pipe(paymentsEvents, succeeded('s2', { payment: 2, amount: 1_000 }));
  await driver.pipe(paymentsEvents, refunded('r2', { payment: 2, amount: 1_000 }));
  await driver.advance(60_000);
  const { comparison, records, unhandled } = await backtested(inForce);
  expect(isDifferent(comparison)).toBe(false);
  expect(comparison.same).toBe(driver.events(alertsRaised).length);
  expect(comparison.raised.byRule).toMatchObject({ RULE_A: 1, RULE_B: 1, RULE_D: 1, RULE_E: 1 });
  expect({ records, unhandled }).toEqual({ records: 6, unhandled: 0 });
});

test('with a longer grace, what was answered within it is no longer raised', async () => {
  await paidLate();
  const { comparison } = await backtested({ ...inForce, ruleAGraceMs: 60_000 });
  expect(comparison).toMatchObject({
    same: 0,
    more: [],
    fewer: [
      {
        rule: 'RULE_A',
        orderId: ORDER_ID,
        detectedAt: START_AT + 30_000,
        moneyAtRisk: 1_200,
        evidence: [
          { topic: ordersEvents.name, offset: 0 },
          { topic: paymentsEvents.name, offset: 0 },
        ],
        end: { kind: 'resolved', at: START_AT + 40_000, by: 'FACTS' },
      },
    ],
    otherwise: [],
    raised: { alerts: 1, moneyAtRisk: { JPY: 1_200 } },
    run: { alerts: 0 },
  });
});

test('with a shorter grace, the same alert is detected earlier, and others are new', async () => {
  await paidLate();
  const { comparison } = await backtested({ ...inForce, ruleAGraceMs: 10_000 });
  expect(comparison).toMatchObject({ same: 0, more: [], fewer: [] });
  expect(comparison.otherwise).toMatchObject([
    { raised: { detectedAt: START_AT + 30_000 }, run: { detectedAt: START_AT + 10_000 } },
  ]);
});

test('a payment that no order took in time is new with a shorter grace', async () => {
  await driver.pipe(ordersEvents, orderWaiting());
  await driver.pipe(paymentsEvents, succeeded('s1', { paidAt: START_AT }));
  await driver.advance(20_000);
  await driver.pipe(ordersEvents, orderPaid(START_AT));
  await driver.advance(1);
  const { comparison } = await backtested({ ...inForce, ruleAGraceMs: 20_000 });
  expect(comparison).toMatchObject({ fewer: [], otherwise: [] });
  // Answered at the deadline: late.
  expect(comparison.more).toMatchObject([{ rule: 'RULE_A', detectedAt: START_AT + 20_000 }]);
});

test('a deadline that is not over counts on neither side', async () => {
  await driver.pipe(ordersEvents, orderWaiting());
  await driver.pipe(paymentsEvents, succeeded('s1', { paidAt: START_AT }));
  await driver.advance(29_000);
  expect((await backtested(inForce)).comparison.run.alerts).toBe(0);
});

test('an order that began before the span is judged by all of its facts', async () => {
  await driver.pipe(ordersEvents, orderFailed());
  await driver.advance(60_000);
  const since = driver.clock.now();
  await driver.pipe(paymentsEvents, succeeded('s1', { paidAt: START_AT }));
  await driver.advance(1);
  const { comparison } = await backtested(inForce, since);
  expect(comparison).toMatchObject({ same: 1, raised: { byRule: { RULE_C: 1 } } });
  expect((await backtested(inForce, since + 1)).comparison.raised.alerts).toBe(0);
});

test('an alert that an operator resolved is so in the run', async () => {
  await driver.pipe(ordersEvents, orderFailed());
  await driver.pipe(paymentsEvents, succeeded('s1', { paidAt: START_AT }));
  const [alert] = driver.events(alertsRaised);
  await driver.advance(5_000);
  await driver.pipe(alertsRequests, {
    type: 'AlertResolveRequested',
    eventId: 'resolve',
    orderId: ORDER_ID,
    occurredAt: 1,
    causationId: 'click',
    correlationId: ORDER_ID,
    alertId: alert?.alertId ?? '',
    actor: 'ops@example.com',
    reason: 'given back by hand',
    expectedVersion: 1,
    ...UNMARKED,
  });
  await driver.advance(1);
  const { comparison } = await backtested(inForce);
  expect(isDifferent(comparison)).toBe(false);
  expect(driver.events(alertsLifecycle)).toMatchObject([{ resolvedBy: 'OPERATOR' }]);
});

test('what the app has not handled yet is counted, and its alerts count as more', async () => {
  driver.append(ordersEvents, orderFailed());
  driver.append(paymentsEvents, succeeded('s1', { paidAt: START_AT }));
  driver.clock.moveTo(START_AT + 1_000);
  const { comparison, unhandled } = await backtested(inForce);
  expect(unhandled).toBe(2);
  expect(comparison.more).toMatchObject([{ rule: 'RULE_C' }]);
});

test('bytes that are no event are left out, as they were then', async () => {
  await driver.pipeBytes(paymentsEvents, ORDER_ID, Buffer.from('garbage'));
  await paidLate();
  const { comparison, records } = await backtested(inForce);
  expect(isDifferent(comparison)).toBe(false);
  expect(records).toBe(4);
});
