import {
  alertsIn,
  expectedAlerts,
  type ExpectedAlert,
} from '../../../proof/simulation/checkers/alert-oracle';
import type { AlertEvent } from '../../../streams/alerts/alert';
import { everySequence, handledWith, type Sequence } from './permutations';
import {
  orderFailed,
  orderPaid,
  orderWaiting,
  paymentExpired,
  paymentFailed,
  refunded,
  succeeded,
  type SampleEvent,
} from './sample-log';

const LENGTH_MAX = 7;

/**
 * Every permutation of every choice of each cast's seven events, redeliveries among them. An order
 * waits before it ends, because orders writes both; nothing else is taken for granted.
 */
const casts: Record<string, readonly SampleEvent[]> = {
  'of an order that is paid': [
    orderWaiting(),
    succeeded('s1'),
    succeeded('s1'),
    orderPaid(100),
    paymentFailed('f1', 200),
    succeeded('s1 again', { settledBy: 'WATCH' }),
    succeeded('s2', { payment: 2 }),
  ],
  'of an order whose money goes back from outside': [
    orderWaiting(),
    succeeded('s1'),
    orderPaid(100),
    orderPaid(100),
    refunded('r1', { requestedHere: false, amount: 700 }),
    refunded('r2', { requestedHere: false, amount: 500, observedAt: 600 }),
    succeeded('s2', { payment: 2, paidAt: 550 }),
  ],
  'of an order that failed': [
    orderWaiting(),
    orderFailed(),
    succeeded('s1'),
    succeeded('s2', { payment: 2 }),
    succeeded('s3', { payment: 3 }),
    refunded('r1'),
    refunded('r2', { payment: 2 }),
  ],
  'of an order that was paid in another amount': [
    orderWaiting(),
    paymentExpired('x1', 90),
    orderFailed(),
    orderFailed(),
    succeeded('s1', { amount: 1_000 }),
    succeeded('s2', { payment: 2, currency: 'USD' }),
    refunded('r1', { amount: 1_000 }),
  ],
};

// The deadlines of 25 fall between log times, those of 20 on them.
describe.each([20, 25])('every permutation of up to seven events, grace %d', (graceMs) => {
  const settings = { ruleAGraceMs: graceMs, ruleBGraceMs: graceMs, retentionMs: 86_400_000 };

  const counted = Object.entries(casts).map(
    ([name, cast]) => [name, sequencesOf(cast), cast] as const,
  );

  test.each(counted)('%s raises what the oracle expects: %d sequences', (_, sequences, cast) => {
    const wrong: string[] = [];
    const raised = new Set<string>();
    const count = everySequence(
      { cast, lengthMax: LENGTH_MAX, settings, stepMs: 10, isPossible },
      (sequence) => {
        const expected = textOf(expectedAlerts(sequence.log, settings));
        const outcomes = [sequence.events, ...otherReadings(sequence)].map((events) =>
          textOf(alertsIn(events)),
        );
        if (outcomes.some((outcome) => outcome !== expected)) {
          wrong.push(`${told(sequence)}: ${outcomes.join(' or ')}, not ${expected}`);
        }
        for (const { rule } of alertsIn(sequence.events)) raised.add(rule);
      },
    );
    expect(wrong.slice(0, 3)).toEqual([]);
    // A cast that raises nothing would show nothing.
    expect(raised.size).toBeGreaterThan(1);
    expect(count).toBe(sequences);
  });

  /** Of the longest ones, which hold all the others: with either topic read first. */
  function otherReadings({ log }: Sequence): readonly (readonly AlertEvent[])[] {
    if (log.length < LENGTH_MAX) return [];
    return [handledWith('orders', log, settings), handledWith('payments', log, settings)];
  }
});

/** Counted without being listed: as many as can be told from the types alone. */
function sequencesOf(cast: readonly SampleEvent[]): number {
  const isEnding = ({ type }: SampleEvent) => type === 'OrderPaid' || type === 'OrderFailed';
  const endings = cast.filter(isEnding).length;
  const others = cast.length - 1 - endings;
  let count = 0;
  for (let chosen = 0; chosen <= others; chosen += 1) {
    for (let ended = 0; ended <= endings; ended += 1) {
      const choices = choose(others, chosen) * choose(endings, ended);
      // Without the waiting; and with it, first of all that say how the order is.
      count += choices * factorial(chosen + ended);
      count += (choices * factorial(chosen + ended + 1)) / (ended + 1);
    }
  }
  return count;
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

function choose(n: number, k: number): number {
  return factorial(n) / (factorial(k) * factorial(n - k));
}

function isPossible(sequence: readonly SampleEvent[]): boolean {
  const waits = sequence.findIndex(({ type }) => type === 'OrderWaitingPayment');
  const ends = sequence.findIndex(({ type }) => type === 'OrderPaid' || type === 'OrderFailed');
  return waits < 0 || ends < 0 || waits < ends;
}

function textOf(alerts: readonly ExpectedAlert[]): string {
  return alerts
    .map((alert) => JSON.stringify(alert))
    .sort()
    .join('\n');
}

function told({ log }: Sequence): string {
  return log.map(({ event }) => event.eventId).join(', ');
}
