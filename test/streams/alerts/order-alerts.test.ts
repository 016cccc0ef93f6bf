import type { AlertEvent } from '../../../streams/alerts/alert';
import {
  close,
  closesAt,
  judge,
  takeFact,
  type OpenOrderAlerts,
  type OrderAlerts,
} from '../../../streams/alerts/order-alerts';
import { factOf } from '../../../streams/alerts/order-facts';
import { PAYMENT_FACTS_MAX, type AlertsSettings } from '../../../streams/alerts/settings';
import {
  alertsIn,
  expectedAlerts,
  type ExpectedAlert,
} from '../../../proof/simulation/checkers/alert-oracle';
import { handleInEveryOrder } from './handling-orders';
import {
  ORDER_ID,
  logOf,
  orderFailed,
  orderPaid,
  orderWaiting,
  paymentExpired,
  paymentFailed,
  refunded,
  succeeded,
  type Logged,
  type SampleEvent,
} from './sample-log';

const DAY_MS = 24 * 60 * 60 * 1_000;

describe('every log of a few events, handled in every order, raises what the oracle expects', () => {
  const wrongAmount = { amount: 1_000 };
  const stories: Record<string, readonly SampleEvent[]> = {
    'rule A': [orderWaiting(), succeeded('s1'), orderPaid(100)],
    'rule A, twice paid': [
      orderWaiting(),
      succeeded('s1'),
      succeeded('s2', { payment: 2 }),
      orderPaid(100),
    ],
    'rule A, superseded by C': [succeeded('s1'), orderFailed(), refunded('r1')],
    'rule A, superseded by E': [
      orderWaiting(),
      succeeded('s1', wrongAmount),
      refunded('r1', wrongAmount),
    ],
    'rule B': [
      succeeded('s1'),
      orderPaid(100),
      paymentFailed('f1', 200),
      succeeded('s2', { payment: 2, paidAt: 300 }),
    ],
    'rule B, older failures': [
      paymentFailed('f1', 50),
      paymentExpired('x1', 100),
      succeeded('s1', { paidAt: 120 }),
      orderPaid(100),
    ],
    'rule B, refunded from outside': [
      succeeded('s1'),
      orderPaid(100),
      refunded('r1', { requestedHere: false, amount: 500 }),
      refunded('r2', { observedAt: 600, amount: 700 }),
    ],
    'rule B, asked again': [
      orderPaid(100),
      paymentFailed('f1', 200),
      paymentFailed('f2', 210),
      succeeded('s1', { settledBy: 'OPERATOR', occurredAt: 220 }),
    ],
    'rule B, said again': [
      succeeded('s1'),
      orderPaid(100),
      paymentFailed('f1', 200),
      succeeded('s1 again', { settledBy: 'WATCH' }),
      paymentFailed('f2', 300),
    ],
    'rule B, another payment stands': [
      orderPaid(100),
      succeeded('s1'),
      succeeded('s2', { payment: 2 }),
      paymentFailed('f2', 300, 2),
    ],
    'rules C and D': [
      orderFailed(),
      succeeded('s1'),
      succeeded('s2', { payment: 2 }),
      refunded('r1'),
      refunded('r2', { payment: 2 }),
    ],
    'rule C, in two parts': [
      orderFailed(),
      succeeded('s1'),
      refunded('r1', { amount: 700 }),
      refunded('r2', { amount: 500 }),
    ],
    'rule D, three times': [
      succeeded('s1'),
      succeeded('s2', { payment: 2 }),
      succeeded('s3', { payment: 3 }),
      refunded('r2', { payment: 2 }),
      refunded('r1'),
    ],
    'rules A and E': [
      orderWaiting(),
      succeeded('s1', wrongAmount),
      succeeded('s2', { payment: 2 }),
      orderPaid(100),
      refunded('r1', wrongAmount),
    ],
    'another currency': [orderWaiting(), succeeded('s1', { currency: 'USD' }), orderFailed()],
    'all at once': [
      orderWaiting(),
      succeeded('s1'),
      orderPaid(100),
      paymentFailed('f1', 200),
      succeeded('s2', { payment: 2, paidAt: 300, ...wrongAmount }),
      refunded('r2', { payment: 2, ...wrongAmount }),
    ],
    redelivered: [
      orderWaiting(),
      succeeded('s1'),
      succeeded('s1'),
      succeeded('s1 again'),
      orderFailed(),
      orderFailed(),
    ],
  };
  // The deadlines of 25 fall between log times, those of 20 on them; in the second rhythm topics
  // share milliseconds.
  const rhythms = [
    [1_000, 1_010, 1_020, 1_030, 1_040, 1_050],
    [1_000, 1_000, 1_010, 1_020, 1_020, 1_030],
  ];

  test.each(Object.entries(stories))('%s', (_, events) => {
    let alerts = 0;
    for (const graceMs of [20, 25]) {
      const settings = { ruleAGraceMs: graceMs, ruleBGraceMs: graceMs, retentionMs: DAY_MS };
      for (const log of rhythms.flatMap((times) => possibleLogs(events, times))) {
        const expected = sorted(expectedAlerts(log, settings));
        const outcomes = new Set(
          handleInEveryOrder(log, settings).map((handled) => written(handled.events)),
        );
        expect({ log: told(log), outcomes: outcomes.size }).toEqual({
          log: told(log),
          outcomes: 1,
        });
        const [only] = outcomes;
        const raised = sorted(alertsIn(JSON.parse(only ?? '[]') as AlertEvent[]));
        expect({ log: told(log), raised }).toEqual({ log: told(log), raised: expected });
        alerts += raised.length;
      }
    }
    // A story in which nothing ever fires would show nothing.
    expect(alerts).toBeGreaterThan(0);
  });

  /** Every log of these events that can be written: no order waits after it has ended. */
  function possibleLogs(
    events: readonly SampleEvent[],
    times: readonly number[],
  ): readonly (readonly Logged[])[] {
    return permutations(events)
      .filter((order) => {
        const waits = order.findIndex(({ type }) => type === 'OrderWaitingPayment');
        const ends = order.findIndex(({ type }) => type === 'OrderPaid' || type === 'OrderFailed');
        return waits < 0 || ends < 0 || waits < ends;
      })
      .map((order) => logOf(order, times));
  }
});

test('an answer that was logged at the deadline is late, whichever topic is read first', () => {
  const settings = { ruleAGraceMs: 30, ruleBGraceMs: 30, retentionMs: DAY_MS };
  const answeredAt = (time: number) =>
    handleInEveryOrder(logOf([succeeded('s1'), orderPaid(90)], [100, time]), settings).map(
      ({ events }) => alertsIn(events).filter(({ rule }) => rule === 'RULE_A'),
    );
  for (const alerts of answeredAt(129)) expect(alerts).toEqual([]);
  for (const alerts of answeredAt(130)) {
    expect(alerts).toMatchObject([{ detectedAt: 130, resolved: { at: 130, by: 'paid' } }]);
  }
});

describe('the retention', () => {
  const settings: AlertsSettings = { ruleAGraceMs: 30, ruleBGraceMs: 30, retentionMs: DAY_MS };

  test('begins when an order has ended and no rule is waiting', () => {
    const { order, closing } = handled([orderWaiting(), succeeded('s1')]);
    expect(closing).toBeUndefined();
    expect(handled([orderPaid(100)], order).closing).toBe(1_000 + DAY_MS);
  });

  test('does not begin while an alert is open', () => {
    const { order, closing } = handled([orderFailed(), succeeded('s1')]);
    expect(closing).toBeUndefined();
    expect(handled([refunded('r1')], order).closing).toBe(1_000 + DAY_MS);
  });

  test('leaves of an expired order what late money is told from', () => {
    const { order } = handled([orderWaiting(), paymentExpired('x1', 900), orderFailed()]);
    const closed = close(order);
    expect(closed).toMatchObject({ type: 'ClosedOrderAlertsState', payments: [], alerts: [] });
    const late = handled([succeeded('late', { amount: 1_000 })], closed);
    expect(late.raised).toMatchObject([{ rule: 'RULE_C' }, { rule: 'RULE_E' }]);
  });

  test.each<[string, SampleEvent, readonly string[]]>([
    ['a reversal', paymentFailed('f1', 5_000), ['RULE_B']],
    ['a second payment', succeeded('s2', { payment: 2 }), ['RULE_D']],
    ['a redelivered success', succeeded('s1 again'), []],
    [
      'a second payment of another amount',
      succeeded('s2', { payment: 2, amount: 1 }),
      ['RULE_D', 'RULE_E'],
    ],
  ])('of a PAID order is over: %s raises what it would have raised before', (_, news, rules) => {
    const { order } = handled([orderWaiting(), succeeded('s1'), orderPaid(100)]);
    const late = handled([news], close(order), 9_000);
    expect(late.raised.map(({ rule }) => rule)).toEqual(rules);
    expect(late.raised.map(({ trigger, rule }) => [rule, trigger])).toEqual(
      handled([news], order, 9_000).raised.map(({ trigger, rule }) => [rule, trigger]),
    );
  });

  test('is over: what an order has been alerted to is not raised again', () => {
    const { order } = handled([orderFailed(), succeeded('s1'), refunded('r1')]);
    const again = handled([succeeded('s1 again')], close(order));
    expect(again.events).toEqual([]);
    expect(handled([succeeded('s2', { payment: 2 })], close(again.order)).raised).toMatchObject([
      { rule: 'RULE_C', trigger: 's2' },
      { rule: 'RULE_D', trigger: 's2' },
    ]);
  });

  function handled(events: readonly SampleEvent[], before?: OrderAlerts, at = 1_000) {
    let order = before;
    const written: AlertEvent[] = [];
    let closing: number | undefined;
    for (const { event, position } of logOf(
      events,
      events.map(() => at),
    )) {
      const taken = takeFact(order, ORDER_ID, factOf(event, position));
      if (taken.kind !== 'taken') continue;
      const judgement = judge(taken.order, settings);
      order = judgement.order;
      written.push(...judgement.events);
      closing = closesAt(judgement, settings);
    }
    return { order: order as OpenOrderAlerts, events: written, raised: alertsIn(written), closing };
  }
});

test('the second ending of an order is refused and said so', () => {
  const [paid, failed] = logOf([orderPaid(100), orderFailed()], [1, 2]);
  const ended = taken(undefined, paid);
  expect(ended.kind).toBe('taken');
  if (ended.kind !== 'taken') return;
  expect(taken(ended.order, failed)).toMatchObject({
    kind: 'refused',
    errorCode: 'ORDER_ENDED_TWICE',
  });
});

test('an order takes news of its payments up to the limit', () => {
  const events = Array.from({ length: PAYMENT_FACTS_MAX + 1 }, (_, index) =>
    paymentFailed(`f${String(index)}`, index),
  );
  let order: OpenOrderAlerts | undefined;
  const kinds = logOf(
    events,
    events.map((_, index) => index),
  ).map((logged) => {
    const result = taken(order, logged);
    if (result.kind === 'taken') order = result.order;
    return result.kind;
  });
  expect(kinds.slice(0, -1).every((kind) => kind === 'taken')).toBe(true);
  expect(kinds.at(-1)).toBe('refused');
});

function taken(order: OpenOrderAlerts | undefined, logged: Logged | undefined) {
  if (logged === undefined) throw new Error('nothing was logged');
  return takeFact(order, ORDER_ID, factOf(logged.event, logged.position));
}

/** Everything that was written, byte for byte, apart from the order among the rules. */
function written(events: readonly AlertEvent[]): string {
  return JSON.stringify(
    [...events].sort((a, b) => compare(a.alertId, b.alertId) || versionOf(a) - versionOf(b)),
  );
}

function versionOf(event: AlertEvent): number {
  return event.type === 'AlertRaised' ? 1 : event.version;
}

function sorted(alerts: readonly ExpectedAlert[]): readonly ExpectedAlert[] {
  return [...alerts].sort((a, b) => compare(a.rule + a.trigger, b.rule + b.trigger));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function told(log: readonly Logged[]): string {
  return log
    .map(({ event, position }) => `${String(position.timestamp)} ${event.eventId}`)
    .join(', ');
}

/** Equal events are told apart by their place, so a redelivery may stand anywhere. */
function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}
