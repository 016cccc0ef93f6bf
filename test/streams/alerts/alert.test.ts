import { takeSignal, type AlertMemory } from '../../../streams/alerts/alert';
import { factOf, type Fact } from '../../../streams/alerts/order-facts';
import { ruleC } from '../../../streams/alerts/rule-c';
import type { Cleared, Signal, Triggered } from '../../../streams/alerts/signal';
import { ordersEvents } from '../../../topics/orders';
import { paymentsEvents } from '../../../topics/payments';
import { ORDER_ID, logOf, orderFailed, refunded, succeeded } from './sample-log';

const facts = logOf(
  [orderFailed(), succeeded('s1'), succeeded('s2', { payment: 2 }), refunded('r1')],
  [300, 310, 320, 500],
).map(({ event, position }) => factOf(event, position)) as [Fact, Fact, Fact, Fact];
const [failed, s1, s2, r1] = facts;

const triggeredBy = (trigger: Fact): Triggered => ({
  kind: 'triggered',
  trigger,
  at: trigger.loggedAt,
  deadline: null,
  moneyAtRisk: 1_200,
  currency: 'JPY',
  expected: 'nothing',
  observed: 'something',
  evidence: [failed, trigger],
});
const clearedBy = (fact: Fact): Cleared => ({
  kind: 'cleared',
  at: fact.loggedAt,
  resolvedBy: 'FACTS',
  detail: 'given back',
  fact,
});

function live(...signals: readonly Signal[]) {
  let alert: AlertMemory | undefined;
  const events = signals.flatMap((signal) => {
    const step = takeSignal(alert, signal, ruleC, ORDER_ID);
    alert = step.alert;
    return step.events;
  });
  return { alert, events };
}

test('the first trigger raises an alert, with the places of its evidence in the log', () => {
  const { events } = live(triggeredBy(s1));
  expect(events).toMatchObject([
    {
      type: 'AlertRaised',
      rule: 'RULE_C',
      severity: 'P1',
      orderId: ORDER_ID,
      correlationId: ORDER_ID,
      causationId: 's1',
      detectedAt: 310,
      occurredAt: 310,
      evidence: [
        {
          topic: ordersEvents.name,
          partition: 0,
          offset: 0,
          eventId: 'failed',
          type: 'OrderFailed',
          occurredAt: 1,
          loggedAt: 300,
        },
        { topic: paymentsEvents.name, offset: 0, eventId: 's1', loggedAt: 310 },
      ],
    },
  ]);
});

test('a trigger of the open alert repeats it, and the cure resolves it', () => {
  const { alert, events } = live(triggeredBy(s1), triggeredBy(s2), clearedBy(r1));
  const alertId = alert?.alertId;
  expect(events).toMatchObject([
    { type: 'AlertRaised', alertId },
    { type: 'AlertRepeated', alertId, version: 2, count: 2, evidence: [{ eventId: 's2' }] },
    { type: 'AlertResolved', alertId, version: 3, resolvedBy: 'FACTS', actor: null },
  ]);
  expect(alert).toMatchObject({ status: 'RESOLVED', version: 3, count: 2, signalsApplied: 3 });
});

test('a trigger after the resolution raises a new alert', () => {
  const { alert, events } = live(triggeredBy(s1), clearedBy(r1), triggeredBy(s2));
  expect(events.map(({ type }) => type)).toEqual(['AlertRaised', 'AlertResolved', 'AlertRaised']);
  expect(new Set(events.map(({ alertId }) => alertId)).size).toBe(2);
  expect(alert).toMatchObject({ status: 'OPEN', version: 1, count: 1, signalsApplied: 3 });
});

test('a cure of a resolved alert says nothing more', () => {
  const { alert, events } = live(triggeredBy(s1), clearedBy(r1), clearedBy(s2));
  expect(events).toHaveLength(2);
  expect(alert).toMatchObject({ version: 2, signalsApplied: 3 });
});

test('a replay makes the same ids, and no two events share one', () => {
  const first = live(triggeredBy(s1), triggeredBy(s2), clearedBy(r1)).events;
  expect(live(triggeredBy(s1), triggeredBy(s2), clearedBy(r1)).events).toEqual(first);
  expect(new Set(first.map(({ eventId }) => eventId)).size).toBe(3);
});

test('a rule that clears what it never triggered is a bug', () => {
  expect(() => live(clearedBy(r1))).toThrow('RULE_C cleared before it triggered');
});
