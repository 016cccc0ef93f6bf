import type { AnyEvent } from '../../../../schemas/event';
import { AlertOutcomes } from '../../../../streams/alerts/backtest/alert-outcome';
import { ORDER_ID } from '../sample-log';

const header = (eventId: string, occurredAt: number) => ({
  eventId,
  orderId: ORDER_ID,
  occurredAt,
  causationId: 'fact',
  correlationId: ORDER_ID,
});

function raised(alertId: string, detectedAt: number): AnyEvent {
  return {
    type: 'AlertRaised',
    ...header(`raised ${alertId}`, detectedAt),
    alertId,
    rule: 'RULE_C',
    severity: 'P1',
    detectedAt,
    deadline: null,
    moneyAtRisk: 1_200,
    currency: 'JPY',
    expected: '',
    observed: '',
    evidence: [],
  };
}

function resolved(alertId: string, at: number): AnyEvent {
  return {
    type: 'AlertResolved',
    ...header(`resolved ${alertId}`, at),
    alertId,
    rule: 'RULE_C',
    version: 2,
    resolvedBy: 'FACTS',
    actor: null,
    detail: '',
    evidence: [],
  };
}

function outcomesOf(events: readonly AnyEvent[]) {
  const outcomes = new AlertOutcomes({ since: 100, until: 500 });
  for (const event of events) outcomes.take(event);
  return [...outcomes.byId.values()].map(({ alertId, end }) => [alertId, end.kind]);
}

test('an alert counts when it was detected within the span, and ends within it or is open', () => {
  const events = [
    raised('before', 90),
    resolved('before', 120),
    raised('first', 100),
    resolved('first', 499),
    raised('second', 120),
    resolved('second', 600),
    raised('after', 500),
  ];
  expect(outcomesOf(events)).toEqual([
    ['first', 'resolved'],
    ['second', 'open'],
  ]);
});

test('an alert that was reopened by hand is open', () => {
  const reopened: AnyEvent = {
    type: 'AlertReopened',
    ...header('reopened', 300),
    alertId: 'one',
    version: 3,
    actor: 'ops@example.com',
    reason: 'it was not',
  };
  expect(outcomesOf([raised('one', 110), resolved('one', 200), reopened])).toEqual([
    ['one', 'open'],
  ]);
});

test('the same alert written twice is one, and keeps what became of it', () => {
  expect(outcomesOf([raised('one', 110), resolved('one', 200), raised('one', 110)])).toEqual([
    ['one', 'resolved'],
  ]);
});
