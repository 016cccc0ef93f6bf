import { ruleD } from '../../../streams/alerts/rule-d';
import { SETTINGS, knownFacts, logOf, refunded, succeeded, type SampleEvent } from './sample-log';

const signals = (...events: readonly SampleEvent[]) =>
  ruleD.history(
    knownFacts(
      logOf(
        events,
        events.map((_, index) => (index + 1) * 100),
      ),
    ),
    SETTINGS,
  ).signals;

test('a redelivered PaymentSucceeded does not raise rule D', () => {
  expect(signals(succeeded('s1'), succeeded('s1 again', { settledBy: 'WATCH' }))).toEqual([]);
});

test.each([1, 2])(
  'a second payment raises rule D until one of the two is refunded (payment %d)',
  (payment) => {
    const events = [succeeded('s1'), succeeded('s2', { payment: 2, amount: 900 })];
    const amount = payment === 1 ? 1_200 : 900;
    expect(signals(...events, refunded('r1', { payment, amount }))).toMatchObject([
      {
        kind: 'triggered',
        at: 200,
        deadline: null,
        moneyAtRisk: 900,
        observed: 'Customer paid ¥1,200 and again ¥900',
        evidence: [{ eventId: 's1' }, { eventId: 's2' }],
      },
      { kind: 'cleared', at: 300, fact: { eventId: 'r1' } },
    ]);
  },
);

test('half of a payment back leaves rule D open', () => {
  expect(
    signals(succeeded('s1'), succeeded('s2', { payment: 2 }), refunded('r1', { amount: 600 })),
  ).toMatchObject([
    { kind: 'triggered', moneyAtRisk: 1_200 },
    { kind: 'revalued', moneyAtRisk: 600 },
  ]);
});

test('a payment given back before the second one leaves an alert that is resolved at once', () => {
  expect(signals(succeeded('s1'), refunded('r1'), succeeded('s2', { payment: 2 }))).toMatchObject([
    { kind: 'triggered', at: 300 },
    { kind: 'cleared', at: 300, fact: { eventId: 'r1' } },
  ]);
});
