import { ruleB } from '../../../streams/alerts/rule-b';
import {
  SETTINGS,
  knownFacts,
  logOf,
  orderPaid,
  paymentExpired,
  paymentFailed,
  refunded,
  succeeded,
  type Logged,
} from './sample-log';

const history = (log: readonly Logged[], readUntil?: number) =>
  ruleB.history(knownFacts(log, readUntil), SETTINGS);

test('a PAID order with its payment asks for nothing, not even a timer', () => {
  const log = logOf([succeeded('s1', { paidAt: 95 }), orderPaid(95)], [100, 110]);
  expect(history(log)).toEqual({ kind: 'complete', signals: [] });
});

test('a payment that PayPay takes back raises rule B, and a later success resolves it', () => {
  const log = logOf(
    [
      succeeded('s1', { paidAt: 95 }),
      orderPaid(95),
      paymentFailed('f1', 490),
      succeeded('s2', { paidAt: 890 }),
    ],
    [100, 110, 500, 900],
  );
  expect(history(log.slice(0, 3)).signals).toMatchObject([
    {
      kind: 'triggered',
      at: 500,
      deadline: null,
      trigger: { eventId: 'f1' },
      moneyAtRisk: 1_200,
      expected: 'PayPay holds ¥1,200 for the PAID order',
      observed: 'Order is PAID, PayPay says the payment is REVERSED',
      evidence: [{ eventId: 's1' }, { eventId: 'paid' }, { eventId: 'f1' }],
    },
  ]);
  expect(history(log).signals).toMatchObject([
    { kind: 'triggered' },
    { kind: 'cleared', at: 900, fact: { eventId: 's2' } },
  ]);
});

test('a PAID order whose payment nobody knows raises rule B at the deadline', () => {
  const log = logOf([orderPaid(95)], [110]);
  expect(history(log)).toEqual({ kind: 'undecided', signals: [], needs: 140 });
  expect(history(log, 140)).toMatchObject({
    kind: 'complete',
    signals: [{ at: 140, deadline: 140, trigger: { eventId: 'paid' } }],
  });
});

test.each([
  [139, []],
  [
    140,
    [
      { kind: 'triggered', at: 140 },
      { kind: 'cleared', at: 140 },
    ],
  ],
])('a success logged at %d is measured against the deadline of 140', (time, signals) => {
  const [paid, success] = logOf([orderPaid(95), succeeded('s1')], [110, time]) as [Logged, Logged];
  expect(history([success, paid], 200).signals).toMatchObject(signals);
});

test('a failure read before the newer success raises nothing', () => {
  const events = [paymentFailed('f1', 96), succeeded('s1', { paidAt: 97 }), orderPaid(95)];
  const [failure, success, paid] = logOf(events, [100, 105, 110]) as [Logged, Logged, Logged];
  expect(history([paid, failure])).toEqual({ kind: 'undecided', signals: [], needs: 111 });
  expect(history([paid, failure, success], 111)).toEqual({ kind: 'complete', signals: [] });
  expect(history([paid, failure], 111).signals).toMatchObject([{ at: 110 }]);
});

test.each([
  ['a failure', paymentFailed('older', 94)],
  ['an expiry', paymentExpired('older', 94)],
])('%s older than the success is a reordering', (_, older) => {
  const log = logOf([succeeded('s1', { paidAt: 95 }), orderPaid(95), older], [100, 110, 120]);
  expect(history(log, 500).signals).toEqual([]);
});

test('the failure of one payment is nothing while another one stands', () => {
  const log = logOf(
    [succeeded('s1'), orderPaid(95), succeeded('s2', { payment: 2 }), paymentFailed('f1', 300)],
    [100, 110, 200, 310],
  );
  expect(history(log).signals).toEqual([]);
});

test('a refund raises rule B only when nobody here asked for it', () => {
  const before = [succeeded('s1', { paidAt: 95 }), orderPaid(95)];
  const after = (requestedHere: boolean) =>
    history(logOf([...before, refunded('r1', { requestedHere, amount: 500 })], [100, 110, 600]))
      .signals;
  expect(after(true)).toEqual([]);
  expect(after(false)).toMatchObject([
    {
      at: 600,
      moneyAtRisk: 500,
      observed: 'Order is PAID, PayPay refunded ¥500, which nobody here asked for',
    },
  ]);
});

test('further bad news repeats the alert', () => {
  const log = logOf(
    [
      succeeded('s1', { paidAt: 95 }),
      orderPaid(95),
      paymentFailed('f1', 490),
      paymentFailed('f2', 590),
    ],
    [100, 110, 500, 600],
  );
  expect(history(log).signals).toMatchObject([
    { kind: 'triggered', trigger: { eventId: 'f1' } },
    { kind: 'triggered', trigger: { eventId: 'f2' } },
  ]);
});

test('what PayPay answers to an operator is newer than the failure, whenever it was paid', () => {
  const asked = succeeded('s2', { paidAt: 95, settledBy: 'OPERATOR', occurredAt: 900 });
  const log = logOf(
    [succeeded('s1', { paidAt: 95 }), orderPaid(95), paymentFailed('f1', 490), asked],
    [100, 110, 500, 910],
  );
  expect(history(log).signals).toMatchObject([{ kind: 'triggered' }, { kind: 'cleared', at: 910 }]);
});

test('a success that PayPay confirms after taking it back resolves rule B', () => {
  const again = succeeded('s1 again', { paidAt: 95, settledBy: 'WATCH' });
  const log = logOf(
    [
      succeeded('s1', { paidAt: 95 }),
      orderPaid(95),
      paymentFailed('f1', 490),
      again,
      paymentFailed('f2', 890),
    ],
    [100, 110, 500, 600, 900],
  );
  expect(history(log).signals).toMatchObject([
    { kind: 'triggered', trigger: { eventId: 'f1' } },
    { kind: 'cleared', at: 600, fact: { eventId: 's1 again' } },
    { kind: 'triggered', trigger: { eventId: 'f2' } },
  ]);
});

test('a success that was held up until after a newer failure does not resolve rule B', () => {
  const heldUp = succeeded('s1', { paidAt: 95, settledBy: 'NOTIFICATION' });
  const log = logOf([orderPaid(95), paymentFailed('f1', 490), heldUp], [110, 500, 510]);
  expect(history(log, 600).signals).toMatchObject([{ kind: 'triggered', at: 140 }, { at: 500 }]);
});

test('what goes back unasked in parts is at risk together', () => {
  const part = (id: string, amount: number, observedAt: number) =>
    refunded(id, { amount, requestedHere: false, observedAt });
  const log = logOf(
    [succeeded('s1', { paidAt: 95 }), orderPaid(95), part('r1', 100, 490), part('r2', 300, 590)],
    [100, 110, 500, 600],
  );
  expect(history(log).signals).toMatchObject([
    { kind: 'triggered', moneyAtRisk: 100 },
    { kind: 'triggered', trigger: { eventId: 'r2' } },
    {
      kind: 'revalued',
      moneyAtRisk: 400,
      observed: 'Order is PAID, PayPay refunded ¥400, which nobody here asked for',
    },
  ]);
});
