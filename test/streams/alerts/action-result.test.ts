import type { EventOf } from '../../../schemas/event';
import { takeResult, type ActionResult } from '../../../streams/alerts/action-result';
import type { AlertMemory } from '../../../streams/alerts/alert';
import type { OpenOrderAlerts } from '../../../streams/alerts/order-alerts';
import type { AlertAction } from '../../../topics/alert-rules';
import { ORDER_ID, noFacts } from './sample-log';

const POSITION = { topic: 'alerts.action-results.v1', partition: 0, offset: 3, timestamp: 9_000 };

const UNTOUCHED = { isRolledBack: false, overtakenBy: '', stuckBy: '' };

function acting(
  action: AlertAction,
  change: Partial<AlertMemory> = {},
  failedRepairs: AlertAction[] = [],
): OpenOrderAlerts {
  const alert: AlertMemory = {
    rule: 'RULE_B',
    alertId: 'alert-1',
    status: 'OPEN',
    version: 4,
    count: 1,
    signalsApplied: 1,
    action: { actionId: 'action-1', action, actor: 'ops', amount: 1_200, currency: 'JPY' },
    commands: [],
    commandFingerprints: {},
    ...change,
  };
  return {
    type: 'OrderAlertsState',
    ...noFacts(ORDER_ID),
    alerts: [alert],
    failedRepairs,
    ...UNTOUCHED,
  };
}

function result(
  action: AlertAction,
  outcome: EventOf<'OrderActionAnswered'>['outcome'],
  actionId = 'action-1',
): EventOf<'OrderActionAnswered'> {
  return {
    type: 'OrderActionAnswered',
    eventId: `${actionId} ${outcome}`,
    orderId: ORDER_ID,
    occurredAt: 1,
    causationId: actionId,
    correlationId: ORDER_ID,
    alertId: 'alert-1',
    actionId,
    action,
    outcome,
    detail: 'so it went',
  };
}

/** [the events, the alert's status] */
function outcomeOf(order: OpenOrderAlerts, answer: ActionResult): readonly unknown[] {
  const taken = takeResult(order, answer, POSITION);
  if (taken.kind === 'absorbed') return ['absorbed'];
  const alert = taken.order.alerts.find(({ alertId }) => alertId === 'alert-1');
  expect(alert?.action).toBeNull();
  const told = taken.events.map((event) =>
    event.type === 'AlertRaised' ? `${event.type} ${event.rule}` : event.type,
  );
  return [...told, alert?.status];
}

const SUCCEEDED = 'AlertActionSucceeded';
const FAILED = 'AlertActionFailed';

test.each<
  [AlertAction, EventOf<'OrderActionAnswered'>['outcome'], AlertMemory['status'], readonly string[]]
>([
  // What settles the alert by itself resolves it; the rest is left to the facts.
  ['ROLL_BACK', 'SUCCEEDED', 'OPEN', [SUCCEEDED, 'AlertResolved', 'RESOLVED']],
  ['ACCEPT_AMOUNT', 'SUCCEEDED', 'OPEN', [SUCCEEDED, 'AlertResolved', 'RESOLVED']],
  ['REFUND', 'SUCCEEDED', 'OPEN', [SUCCEEDED, 'OPEN']],
  ['RELEASE', 'SUCCEEDED', 'OPEN', [SUCCEEDED, 'OPEN']],
  ['REDRIVE_ORDER', 'SUCCEEDED', 'OPEN', [SUCCEEDED, 'OPEN']],
  ['ASK_PAYPAY', 'SUCCEEDED', 'OPEN', [SUCCEEDED, 'OPEN']],
  // The facts were faster.
  ['ROLL_BACK', 'SUCCEEDED', 'RESOLVED', [SUCCEEDED, 'RESOLVED']],
  ['REFUND', 'SUCCEEDED', 'RESOLVED', [SUCCEEDED, 'RESOLVED']],
  // A compensation that failed is an alert of its own.
  ['REFUND', 'FAILED', 'OPEN', [FAILED, 'AlertRaised RULE_F', 'OPEN']],
  ['ROLL_BACK', 'FAILED', 'RESOLVED', [FAILED, 'AlertRaised RULE_F', 'RESOLVED']],
  ['RELEASE', 'FAILED', 'OPEN', [FAILED, 'AlertRaised RULE_F', 'OPEN']],
  ['ACCEPT_AMOUNT', 'FAILED', 'OPEN', [FAILED, 'OPEN']],
  ['REDRIVE_ORDER', 'FAILED', 'OPEN', [FAILED, 'OPEN']],
  ['ASK_PAYPAY', 'FAILED', 'OPEN', [FAILED, 'OPEN']],
])('%s that %s on an alert that is %s', (action, outcome, status, expected) => {
  expect(outcomeOf(acting(action, { status }), result(action, outcome))).toEqual(expected);
});

test('a refund that PayPay has taken on frees the alert and judges nothing', () => {
  const answer: EventOf<'PaymentActionAnswered'> = {
    ...result('REFUND', 'SUCCEEDED'),
    type: 'PaymentActionAnswered',
    action: 'REFUND',
    outcome: 'PENDING',
  };
  expect(outcomeOf(acting('REFUND', { status: 'OPEN' }), answer)).toEqual([
    'AlertActionPending',
    'OPEN',
  ]);
});

test('an answer that nobody waits for is absorbed', () => {
  expect(outcomeOf(acting('REFUND'), result('REFUND', 'SUCCEEDED', 'another'))).toEqual([
    'absorbed',
  ]);
  const taken = takeResult(acting('REFUND'), result('REFUND', 'SUCCEEDED'), POSITION);
  if (taken.kind !== 'taken') throw new Error('not taken');
  expect(outcomeOf(taken.order, result('REFUND', 'SUCCEEDED'))).toEqual(['absorbed']);
  expect(takeResult(undefined, result('REFUND', 'SUCCEEDED'), POSITION).kind).toBe('absorbed');
});

test('the version of the alert goes on with every event', () => {
  const taken = takeResult(acting('ROLL_BACK'), result('ROLL_BACK', 'SUCCEEDED'), POSITION);
  expect(taken).toMatchObject({
    order: { alerts: [{ version: 6 }] },
    events: [
      { version: 5, actionId: 'action-1', actor: 'ops', detail: 'so it went' },
      { version: 6, resolvedBy: 'OPERATOR', actor: 'ops' },
    ],
  });
});

describe('rule F', () => {
  test('says what was at stake, and is repeated by another failure', () => {
    const first = takeResult(acting('REFUND'), result('REFUND', 'FAILED'), POSITION);
    if (first.kind !== 'taken') throw new Error('not taken');
    expect(first.events[1]).toMatchObject({
      rule: 'RULE_F',
      moneyAtRisk: 1_200,
      expected: 'REFUND of ¥1,200, asked for by ops',
      observed: 'It failed: so it went',
    });
    const again = actingAgain(first.order, 'REFUND');
    const second = takeResult(again, result('REFUND', 'FAILED', 'action-2'), POSITION);
    expect(second).toMatchObject({
      events: [{ type: FAILED }, { type: 'AlertRepeated', count: 2 }],
    });
  });

  test('is cleared when every compensation that failed has succeeded', () => {
    const failed = takeResult(acting('REFUND'), result('REFUND', 'FAILED'), POSITION);
    if (failed.kind !== 'taken') throw new Error('not taken');
    const both = { ...failed.order, failedRepairs: ['REFUND', 'RELEASE'] as AlertAction[] };
    const refund = result('REFUND', 'SUCCEEDED', 'action-2');
    const one = takeResult(actingAgain(both, 'REFUND'), refund, POSITION);
    if (one.kind !== 'taken') throw new Error('not taken');
    expect(one.events.map(({ type }) => type)).toEqual([SUCCEEDED]);
    const release = result('RELEASE', 'SUCCEEDED', 'action-2');
    const all = takeResult(actingAgain(one.order, 'RELEASE'), release, POSITION);
    expect(all).toMatchObject({
      events: [{ type: SUCCEEDED }, { type: 'AlertResolved', rule: 'RULE_F' }],
      order: { failedRepairs: [] },
    });
  });

  test('stays while money is set aside for an order that is over', () => {
    const failed = takeResult(acting('REFUND'), result('REFUND', 'FAILED'), POSITION);
    if (failed.kind !== 'taken') throw new Error('not taken');
    const stuck = { ...actingAgain(failed.order, 'REFUND'), stuckBy: 'stuck-1' };
    const refunded = takeResult(stuck, result('REFUND', 'SUCCEEDED', 'action-2'), POSITION);
    if (refunded.kind !== 'taken') throw new Error('not taken');
    expect(refunded.events.map(({ type }) => type)).toEqual([SUCCEEDED]);
    expect(refunded.order).toMatchObject({ failedRepairs: [], stuckBy: 'stuck-1' });
  });

  /** The first alert, with another action of it under way. */
  function actingAgain(order: OpenOrderAlerts, action: AlertAction): OpenOrderAlerts {
    const running = { actionId: 'action-2', action, actor: 'ops', amount: 1, currency: 'JPY' };
    const alerts = order.alerts.map((alert) =>
      alert.alertId === 'alert-1' ? { ...alert, action: running } : alert,
    );
    return { ...order, alerts };
  }
});
