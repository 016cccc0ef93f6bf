import { ruleA } from '../../../streams/alerts/rule-a';
import {
  SETTINGS,
  knownFacts,
  logOf,
  orderFailed,
  orderPaid,
  orderWaiting,
  succeeded,
  type Logged,
} from './sample-log';

const history = (log: readonly Logged[], readUntil?: number) =>
  ruleA.history(knownFacts(log, readUntil), SETTINGS);

test('rule A waits for the deadline, and fires at it', () => {
  const log = logOf([orderWaiting(), succeeded('s1')], [50, 100]);
  expect(history(log)).toEqual({ kind: 'undecided', signals: [], needs: 130 });
  expect(history(log, 130)).toMatchObject({
    kind: 'complete',
    signals: [
      {
        kind: 'triggered',
        at: 130,
        deadline: 130,
        moneyAtRisk: 1_200,
        currency: 'JPY',
        expected: 'Order PAID or FAILED within 0.03 s of the payment',
        observed: 'Customer paid ¥1,200, order still WAITING_PAYMENT',
        evidence: [{ eventId: 'waiting' }, { eventId: 's1' }],
      },
    ],
  });
});

test('an answer counts by when it was logged, not by when it was read', () => {
  const [success, late] = logOf([succeeded('s1'), orderPaid(90)], [100, 150]) as [Logged, Logged];
  expect(history([late, success], 150)).toMatchObject({
    kind: 'complete',
    signals: [
      { kind: 'triggered', at: 130 },
      { kind: 'cleared', at: 150, resolvedBy: 'FACTS', fact: { eventId: 'paid' } },
    ],
  });
  const inTime = logOf([succeeded('s1'), orderPaid(90)], [100, 129]);
  expect(history(inTime, 200)).toEqual({ kind: 'complete', signals: [] });
});

test('a second payment that is read late still repeats the alert before the answer resolves it', () => {
  const events = [succeeded('s1'), succeeded('s2', { payment: 2 }), orderPaid(90)];
  const [first, second, answer] = logOf(events, [100, 150, 200]) as [Logged, Logged, Logged];
  expect(history([first, answer], 130)).toMatchObject({
    kind: 'undecided',
    signals: [{ kind: 'triggered', at: 130 }],
    needs: 171,
  });
  expect(history([first, answer, second], 171)).toMatchObject({
    kind: 'complete',
    signals: [
      { kind: 'triggered', at: 130, trigger: { eventId: 's1' } },
      { kind: 'triggered', at: 180, trigger: { eventId: 's2' } },
      { kind: 'cleared', at: 200 },
    ],
  });
});

test('a payment of an order that nobody knows raises rule A', () => {
  expect(history(logOf([succeeded('s1')], [100]), 130).signals).toMatchObject([
    { observed: 'Customer paid ¥1,200, no order is waiting for it', evidence: [{ eventId: 's1' }] },
  ]);
});

test('OrderFailed answers in time, and supersedes rule A when it is late', () => {
  expect(history(logOf([succeeded('s1'), orderFailed()], [100, 110]), 200).signals).toEqual([]);
  expect(history(logOf([succeeded('s1'), orderFailed()], [100, 140]), 200).signals).toMatchObject([
    { kind: 'triggered', at: 130 },
    { kind: 'cleared', at: 140, resolvedBy: 'SUPERSEDED', fact: { eventId: 'failed' } },
  ]);
});

test('a wrong amount holds rule A back, and supersedes it when it comes to light later', () => {
  const wrong = succeeded('s1', { amount: 1_000 });
  expect(history(logOf([orderWaiting(), wrong], [50, 100]), 200).signals).toEqual([]);
  expect(history(logOf([wrong, orderWaiting()], [100, 135]), 200).signals).toMatchObject([
    { kind: 'triggered', at: 130 },
    { kind: 'cleared', at: 135, resolvedBy: 'SUPERSEDED', fact: { eventId: 'waiting' } },
  ]);
});

test('the same success twice has one deadline', () => {
  const log = logOf([succeeded('s1'), succeeded('s1 again')], [100, 120]);
  expect(history(log, 200).signals).toMatchObject([{ at: 130, trigger: { eventId: 's1' } }]);
});
