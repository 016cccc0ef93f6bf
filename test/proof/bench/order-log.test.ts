import {
  raisedIn,
  assertExpected,
  assertSameAlerts,
  type AlertSet,
} from '../../../proof/bench/alert-set';
import { closingEvents, OrderLog, type LoggedEvent } from '../../../proof/bench/order-log';
import { recordTypes } from '../../../schemas/avro-types';
import { alertsApp } from '../../../streams/alerts/topology';
import { alertsDefaults } from '../../../streams/alerts/settings';
import { TopologyTestDriver } from '../../../streams/runtime/test-driver';
import { alertsLifecycle, alertsRaised } from '../../../topics/alerts';
import type { Topic } from '../../../topics/topic';

const OPTIONS = { seed: 12, events: 4_000, waves: 3, shareOfEachRule: 0.02 };
const GRACE_MS = 2_000;

function wavesOf(log: OrderLog): readonly (readonly LoggedEvent[])[] {
  return [...log.waves()].map((wave) => [...wave]);
}

/** As the benchmark writes it: the waves quickly, a pause longer than the grace behind each. */
async function judged(log: OrderLog): Promise<AlertSet> {
  const settings = { ...alertsDefaults, ruleAGraceMs: GRACE_MS, ruleBGraceMs: GRACE_MS };
  const driver = await TopologyTestDriver.start([alertsApp(settings)], {
    startAt: 1_000_000,
    records: recordTypes,
  });
  for (const wave of log.waves()) {
    let written = 0;
    for (const logged of wave) {
      driver.append<Topic>(logged.topic, logged.event);
      written += 1;
      if (written % 100 === 0) await driver.advance(1);
    }
    await driver.advance(GRACE_MS + 500);
  }
  for (const logged of closingEvents(1)) driver.append<Topic>(logged.topic, logged.event);
  await driver.advance(0);
  expect(driver.deadLetters()).toEqual([]);
  const said = [...driver.events(alertsRaised), ...driver.events(alertsLifecycle)];
  return new Map(said.map((event) => [event.eventId, JSON.stringify(event)]));
}

it('makes the same log from the same seed', () => {
  const logs = [new OrderLog(OPTIONS), new OrderLog(OPTIONS)].map(wavesOf);
  expect(logs[0]).toEqual(logs[1]);
  expect(wavesOf(new OrderLog({ ...OPTIONS, seed: 13 }))).not.toEqual(logs[0]);
});

it('makes about as many events as were asked for, in as many waves', () => {
  const waves = wavesOf(new OrderLog(OPTIONS));
  expect(waves).toHaveLength(OPTIONS.waves);
  const events = waves.flat().length;
  expect(events).toBeGreaterThanOrEqual(OPTIONS.events);
  // What the last orders that were begun still need.
  expect(events).toBeLessThan(OPTIONS.events + 12_000);
});

it('the app raises what the log is said to hold, for every rule', async () => {
  const log = new OrderLog(OPTIONS);
  const said = await judged(log);
  for (const orders of Object.values(log.expected)) expect(orders.size).toBeGreaterThan(5);
  assertExpected(said, log);
  const total = Object.values(log.expected).reduce((sum, { size }) => sum + size, 0);
  expect(raisedIn(said)).toHaveLength(total);
});

it('an alert that is missing, or differs in a letter, is found', async () => {
  const log = new OrderLog(OPTIONS);
  const said = await judged(log);
  const [raised] = raisedIn(said);
  if (raised === undefined) throw new Error('no alert was raised');
  const without = new Map([...said].filter(([id]) => id !== raised.eventId));
  expect(() => assertExpected(without, log)).toThrow(/1 alerts are missing/);
  const other = new Map(said).set(raised.eventId, JSON.stringify({ ...raised, moneyAtRisk: 1 }));
  expect(() => assertSameAlerts('one', said, 'other', other)).toThrow(/1 of \d+ events differ/);
  expect(() => assertSameAlerts('one', said, 'other', new Map(said))).not.toThrow();
});

it('the closing events stand in every partition of both topics', () => {
  const events = closingEvents(6);
  expect(events.map(({ event }) => event.type).sort()).toEqual([
    ...Array<string>(6).fill('OrderCreated'),
    ...Array<string>(6).fill('PaymentCodeIssued'),
  ]);
});
