import { ruleC } from '../../../streams/alerts/rule-c';
import {
  SETTINGS,
  knownFacts,
  logOf,
  orderFailed,
  refunded,
  succeeded,
  type Logged,
} from './sample-log';

const signals = (log: readonly Logged[]) => ruleC.history(knownFacts(log), SETTINGS).signals;

test('money for a FAILED order raises rule C once, whichever is read first', () => {
  const [failed, success] = logOf([orderFailed(), succeeded('s1')], [300, 310]) as [Logged, Logged];
  const raised = [
    {
      kind: 'triggered',
      at: 310,
      deadline: null,
      moneyAtRisk: 1_200,
      observed: 'Customer paid ¥1,200, order is FAILED (PAYMENT_EXPIRED)',
      evidence: [{ eventId: 'failed' }, { eventId: 's1' }],
    },
  ];
  expect(signals([failed, success])).toMatchObject(raised);
  expect(signals([success, failed])).toMatchObject(raised);
});

test('only the full refund resolves rule C', () => {
  const log = logOf(
    [
      orderFailed(),
      succeeded('s1'),
      refunded('r1', { amount: 700 }),
      refunded('r2', { amount: 500 }),
    ],
    [300, 310, 500, 600],
  );
  expect(signals(log.slice(0, 3))).toMatchObject([
    { kind: 'triggered' },
    {
      kind: 'revalued',
      at: 500,
      moneyAtRisk: 500,
      observed: 'Customer paid ¥1,200, ¥700 of it was refunded',
    },
  ]);
  expect(signals(log)).toMatchObject([
    { kind: 'triggered' },
    { kind: 'revalued' },
    { kind: 'cleared', at: 600, fact: { eventId: 'r2' }, detail: '¥1,200 refunded in full' },
  ]);
});

test('a second payment repeats rule C, and both must be given back', () => {
  const log = logOf(
    [
      orderFailed(),
      succeeded('s1'),
      succeeded('s2', { payment: 2 }),
      refunded('r1'),
      refunded('r2', { payment: 2 }),
    ],
    [300, 310, 320, 500, 600],
  );
  expect(signals(log)).toMatchObject([
    { trigger: { eventId: 's1' } },
    { trigger: { eventId: 's2' } },
    { kind: 'revalued', at: 500, moneyAtRisk: 1_200 },
    { kind: 'cleared', at: 600, detail: '¥1,200 and ¥1,200 refunded in full' },
  ]);
});

test('an order that did not fail is none of rule C', () => {
  expect(signals(logOf([succeeded('s1')], [310]))).toEqual([]);
});
