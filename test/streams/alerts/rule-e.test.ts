import { ruleA } from '../../../streams/alerts/rule-a';
import { ruleE } from '../../../streams/alerts/rule-e';
import {
  SETTINGS,
  knownFacts,
  logOf,
  orderWaiting,
  refunded,
  succeeded,
  type Logged,
} from './sample-log';

const signals = (log: readonly Logged[]) => ruleE.history(knownFacts(log), SETTINGS).signals;

test('a wrong amount raises rule E and not rule A', () => {
  const log = logOf([orderWaiting(), succeeded('s1', { amount: 1_000 })], [50, 100]);
  expect(signals(log)).toMatchObject([
    {
      kind: 'triggered',
      at: 100,
      deadline: null,
      moneyAtRisk: 200,
      currency: 'JPY',
      expected: 'Customer pays ¥1,200',
      observed: 'Customer paid ¥1,000',
      evidence: [{ eventId: 'waiting' }, { eventId: 's1' }],
    },
  ]);
  expect(ruleA.history(knownFacts(log, 500), SETTINGS).signals).toEqual([]);
});

test('the order read after its payment gives the same alert', () => {
  const [order, success] = logOf([orderWaiting(), succeeded('s1', { amount: 1_000 })], [50, 100]);
  if (order === undefined || success === undefined) throw new Error('two were logged');
  expect(signals([success, order])).toEqual(signals([order, success]));
});

test('with another currency all of the money is at risk', () => {
  const log = logOf([orderWaiting(), succeeded('s1', { currency: 'USD' })], [50, 100]);
  expect(signals(log)).toMatchObject([
    { moneyAtRisk: 1_200, currency: 'USD', observed: 'Customer paid 1,200 USD' },
  ]);
});

test('the full refund resolves rule E', () => {
  const log = logOf(
    [orderWaiting(), succeeded('s1', { amount: 1_000 }), refunded('r1', { amount: 1_000 })],
    [50, 100, 400],
  );
  expect(signals(log)).toMatchObject([{ kind: 'triggered' }, { kind: 'cleared', at: 400 }]);
});

test('the right amount raises nothing', () => {
  expect(signals(logOf([orderWaiting(), succeeded('s1')], [50, 100]))).toEqual([]);
});
