import { UNMARKED } from '../../../schemas/request-marks';
import { takeCommand } from '../../../streams/alerts/alert-command';
import type { AlertMemory } from '../../../streams/alerts/alert';
import type { AlertRequest } from '../../../streams/alerts/command-step';
import { factOf } from '../../../streams/alerts/order-facts';
import { judge, takeFact, type OpenOrderAlerts } from '../../../streams/alerts/order-alerts';
import { COMMANDS_REMEMBERED_MAX } from '../../../streams/alerts/settings';
import { ALERT_RULES, type AlertAction } from '../../../topics/alert-rules';
import {
  ORDER_ID,
  SETTINGS,
  TOTAL,
  logOf,
  orderFailed,
  orderWaiting,
  refunded,
  succeeded,
  type SampleEvent,
} from './sample-log';

const POSITION = { topic: 'alerts.requests.v1', partition: 0, offset: 7, timestamp: 5_000 };
const ACTOR = 'ops@example.com';

type Name = 'acknowledge' | 'note' | 'resolve' | 'reopen' | AlertAction;

/** An order with the alerts that its facts raise. */
function orderWith(events: readonly SampleEvent[], before?: OpenOrderAlerts): OpenOrderAlerts {
  let order = before;
  const from = before === undefined ? 1_000 : 2_000;
  const times = events.map((_, index) => from + index);
  for (const { event, position } of logOf(events, times)) {
    const taken = takeFact(order, ORDER_ID, factOf(event, position));
    if (taken.kind === 'taken') order = judge(taken.order, SETTINGS).order;
  }
  if (order === undefined) throw new Error('no fact');
  return order;
}

const OPEN = orderWith([orderWaiting(), orderFailed(), succeeded('s1')]);
const RESOLVED = orderWith([orderFailed(), succeeded('s1'), refunded('r1')]);

function alertOf({ alerts }: OpenOrderAlerts, rule: AlertMemory['rule'] = 'RULE_C'): AlertMemory {
  const alert = alerts.findLast((memory) => memory.rule === rule);
  if (alert === undefined) throw new Error(`no ${rule}`);
  return alert;
}

function request(
  name: Name,
  { alertId, version }: AlertMemory,
  change: { readonly eventId?: string; readonly expectedVersion?: number } = {},
): AlertRequest {
  const common = {
    eventId: `${name}-1`,
    orderId: ORDER_ID,
    occurredAt: 1,
    causationId: 'http-1',
    correlationId: ORDER_ID,
    alertId,
    actor: ACTOR,
    ...UNMARKED,
  };
  const { eventId = common.eventId, expectedVersion = version } = change;
  const seen = { ...common, eventId, expectedVersion };
  const reason = 'as agreed';
  switch (name) {
    case 'acknowledge':
      return { type: 'AlertAcknowledgeRequested', ...seen };
    case 'note':
      return { type: 'AlertNoteRequested', ...common, eventId, note: 'called the shopper' };
    case 'resolve':
      return { type: 'AlertResolveRequested', ...seen, reason };
    case 'reopen':
      return { type: 'AlertReopenRequested', ...seen, reason };
    default:
      return {
        type: 'AlertActionRequested',
        ...seen,
        action: name,
        reason,
        idempotencyKey: 'key-1',
        amount: null,
      };
  }
}

/** What came of a request: the events, or the reason of the refusal. */
function outcome(order: OpenOrderAlerts | undefined, command: AlertRequest): readonly string[] {
  const taken = takeCommand(order, command, POSITION);
  switch (taken.kind) {
    case 'taken':
      return taken.events.map(({ type }) => type);
    case 'absorbed':
      return ['absorbed'];
    case 'refused':
      return [taken.event.reason];
  }
}

function after(order: OpenOrderAlerts, ...commands: readonly AlertRequest[]): OpenOrderAlerts {
  return commands.reduce((known, command) => {
    const taken = takeCommand(known, command, POSITION);
    if (taken.kind !== 'taken') throw new Error(`${command.type} was ${taken.kind}`);
    return taken.order;
  }, order);
}

const ACTING = after(OPEN, request('REFUND', alertOf(OPEN)));
const RESOLVED_BY_HAND = after(OPEN, request('resolve', alertOf(OPEN)));
const HANDLED = ['AlertActionStarted', 'AlertActionSucceeded', 'AlertResolved'];

test.each<[Name, readonly [string, OpenOrderAlerts, readonly string[]][]]>([
  [
    'acknowledge',
    [
      ['open', OPEN, ['AlertAcknowledged']],
      ['acting', ACTING, ['AlertAcknowledged']],
      ['resolved', RESOLVED, ['ALREADY_RESOLVED']],
    ],
  ],
  [
    'note',
    [
      ['open', OPEN, ['AlertNoted']],
      ['acting', ACTING, ['AlertNoted']],
      ['resolved', RESOLVED, ['AlertNoted']],
    ],
  ],
  [
    'resolve',
    [
      ['open', OPEN, ['AlertResolved']],
      ['acting', ACTING, ['AlertResolved']],
      ['resolved', RESOLVED, ['ALREADY_RESOLVED']],
    ],
  ],
  [
    'reopen',
    [
      ['open', OPEN, ['NOT_RESOLVED']],
      ['acting', ACTING, ['NOT_RESOLVED']],
      ['resolved', RESOLVED, ['AlertReopened']],
      ['resolved by hand', RESOLVED_BY_HAND, ['AlertReopened']],
    ],
  ],
  [
    'REFUND',
    [
      ['open', OPEN, ['AlertActionStarted']],
      ['acting', ACTING, ['ACTION_UNDER_WAY']],
      ['resolved', RESOLVED, ['ALREADY_RESOLVED']],
    ],
  ],
  [
    'MARK_HANDLED',
    [
      ['open', OPEN, HANDLED],
      ['acting', ACTING, ['ACTION_UNDER_WAY']],
    ],
  ],
  ['ROLL_BACK', [['open', OPEN, ['NOT_ALLOWED']]]],
])('%s, by where the alert is', (name, cases) => {
  for (const [where, order, expected] of cases) {
    const command = request(name, alertOf(order), { eventId: 'new' });
    expect([where, outcome(order, command)]).toEqual([where, expected]);
  }
});

test('a rule offers its own actions and no others', () => {
  const orders: Partial<Record<AlertMemory['rule'], OpenOrderAlerts>> = {
    RULE_C: OPEN,
    RULE_D: orderWith([succeeded('s1'), succeeded('s2', { payment: 2 })]),
    RULE_E: orderWith([orderWaiting(), succeeded('s1', { amount: 1 })]),
  };
  for (const [rule, order] of Object.entries(orders)) {
    const alert = alertOf(order, rule as AlertMemory['rule']);
    const all = [...new Set(Object.values(ALERT_RULES).flatMap(({ actions }) => actions))];
    const offered = all.filter(
      (action) => outcome(order, request(action, alert))[0] !== 'NOT_ALLOWED',
    );
    expect(offered.sort()).toEqual([...ALERT_RULES[alert.rule].actions].sort());
  }
});

test('a stale version is refused, whatever is asked for', () => {
  for (const name of ['acknowledge', 'resolve', 'reopen', 'REFUND', 'MARK_HANDLED'] as const) {
    const command = request(name, alertOf(OPEN), { expectedVersion: 0 });
    expect(outcome(OPEN, command)).toEqual(['STALE_VERSION']);
  }
  expect(
    takeCommand(OPEN, request('REFUND', alertOf(OPEN), { expectedVersion: 9 }), POSITION),
  ).toMatchObject({
    kind: 'refused',
    event: { actor: ACTOR, command: 'AlertActionRequested', currentVersion: 1 },
  });
});

test('an alert that was never raised is unknown, and so is one of an unknown order', () => {
  const foreign = { ...alertOf(OPEN), alertId: 'no-such-alert' };
  expect(outcome(OPEN, request('note', foreign))).toEqual(['UNKNOWN_ALERT']);
  expect(outcome(undefined, request('note', foreign))).toEqual(['UNKNOWN_ALERT']);
});

test('a repeat of what was taken is absorbed, though its version is stale by then', () => {
  const command = request('REFUND', alertOf(OPEN));
  expect(outcome(ACTING, command)).toEqual(['absorbed']);
});

test('a repeat is absorbed also when its alert has a successor by then', () => {
  const note = { ...request('note', alertOf(OPEN)), requestFingerprint: 'first' };
  const noted = after(OPEN, note);
  const again = orderWith([refunded('r1'), succeeded('s2', { payment: 2 })], noted);
  expect(alertOf(again).alertId).not.toBe(note.alertId);
  expect(outcome(again, note)).toEqual(['absorbed']);
  expect(outcome(again, { ...note, eventId: 'note-2' })).toEqual(['UNKNOWN_ALERT']);
});

test.each(['note', 'acknowledge', 'REFUND'] as const)(
  'another %s under the id of one that was taken is refused by name, and the first stands',
  (name) => {
    const first = { ...request(name, alertOf(OPEN)), requestFingerprint: 'first' };
    const order = after(OPEN, first);
    expect(outcome(order, { ...first, requestFingerprint: 'other' })).toEqual([
      'IDEMPOTENCY_CONFLICT',
    ]);
    expect(outcome(order, first)).toEqual(['absorbed']);
    // As it stood in the log before requests were marked.
    expect(outcome(order, { ...first, requestFingerprint: '' })).toEqual(['absorbed']);
  },
);

test('a refused request that stands twice in the log leaves two refusals with ids of their own', () => {
  const command = request('ROLL_BACK', alertOf(OPEN));
  const ids = [7, 8].map((offset) => {
    const taken = takeCommand(OPEN, command, { ...POSITION, offset });
    return taken.kind === 'refused' ? taken.event.eventId : '';
  });
  expect(new Set(ids).size).toBe(2);
});

test('an alert remembers a limited number of requests', () => {
  const notes = Array.from({ length: COMMANDS_REMEMBERED_MAX + 5 }, (_, index) =>
    request('note', alertOf(OPEN), { eventId: `note-${String(index)}` }),
  ).map((note, index) => ({ ...note, requestFingerprint: String(index) }));
  const alert = alertOf(after(OPEN, ...notes));
  expect(alert.commands).toHaveLength(COMMANDS_REMEMBERED_MAX);
  expect(Object.keys(alert.commandFingerprints)).toEqual(alert.commands);
  expect(alert.version).toBe(1 + notes.length);
});

test('a refund names what has not gone back yet', () => {
  const order = orderWith([orderFailed(), succeeded('s1'), refunded('r1', { amount: 500 })]);
  const taken = takeCommand(order, request('REFUND', alertOf(order)), POSITION);
  expect(taken).toMatchObject({
    events: [{ payments: [{ paymentId: 'paypay-1', amount: TOTAL - 500, currency: 'JPY' }] }],
  });
});

describe('a refund of a part', () => {
  const late = orderWith([orderFailed(), succeeded('s1'), refunded('r1', { amount: 500 })]);
  const twice = orderWith([orderFailed(), succeeded('s1'), succeeded('s2', { payment: 2 })]);

  function partOf(order: OpenOrderAlerts, amount: number, name: AlertAction = 'REFUND') {
    return takeCommand(order, { ...actionOf(order, name), amount }, POSITION);
  }

  function actionOf(order: OpenOrderAlerts, name: AlertAction) {
    const command = request(name, alertOf(order));
    if (command.type !== 'AlertActionRequested') throw new Error(command.type);
    return command;
  }

  test('names the part, and what had gone back before', () => {
    expect(partOf(late, 200)).toMatchObject({
      events: [{ payments: [{ paymentId: 'paypay-1', amount: 200, returnedAmount: 500 }] }],
    });
    expect(partOf(late, TOTAL - 500)).toMatchObject({ kind: 'taken' });
  });

  test.each([
    ['more than is left', () => partOf(late, TOTAL - 499)],
    ['nothing', () => partOf(late, 0)],
    ['one of two payments, of which nobody said which', () => partOf(twice, 200)],
    ['what is no refund', () => partOf(late, 200, 'ASK_PAYPAY')],
  ])('is refused of %s', (_, taken) => {
    expect(taken()).toMatchObject({ kind: 'refused', event: { reason: 'NOT_ALLOWED' } });
  });
});

test('the facts speak on after a request: a trigger of an alert resolved by hand is a new alert', () => {
  const [again] = logOf([succeeded('s2', { payment: 2 })], [9_000]);
  if (again === undefined) throw new Error('nothing was logged');
  const taken = takeFact(RESOLVED_BY_HAND, ORDER_ID, factOf(again.event, again.position));
  if (taken.kind !== 'taken') throw new Error('not taken');
  const { events } = judge(taken.order, SETTINGS);
  expect(events).toMatchObject([{ type: 'AlertRaised', rule: 'RULE_C' }, { rule: 'RULE_D' }]);
});

test('an older alert is forgotten for a newer one of its rule, except while its action is under way', () => {
  const newAlert = (order: OpenOrderAlerts) => {
    const resolved = after(order, request('resolve', alertOf(order), { eventId: 'by-hand' }));
    const [again] = logOf([succeeded('s2', { payment: 2 })], [9_000]);
    if (again === undefined) throw new Error('nothing was logged');
    const taken = takeFact(resolved, ORDER_ID, factOf(again.event, again.position));
    if (taken.kind !== 'taken') throw new Error('not taken');
    return judge(taken.order, SETTINGS).order.alerts.filter(({ rule }) => rule === 'RULE_C');
  };
  expect(newAlert(OPEN)).toHaveLength(1);
  const [older, newer] = newAlert(ACTING);
  expect(older).toMatchObject({ status: 'RESOLVED', action: { action: 'REFUND' } });
  expect(newer).toMatchObject({ status: 'OPEN', action: null });
});

test('every request leaves a trace of who asked and why', () => {
  const traces = (['acknowledge', 'note', 'resolve', 'REFUND'] as const).map((name) => {
    const taken = takeCommand(OPEN, request(name, alertOf(OPEN)), POSITION);
    return taken.kind === 'taken' ? taken.events[0] : undefined;
  });
  expect(traces).toMatchObject([
    { causationId: 'acknowledge-1', owner: ACTOR, version: 2, occurredAt: POSITION.timestamp },
    { causationId: 'note-1', actor: ACTOR, note: 'called the shopper', version: 2 },
    { causationId: 'resolve-1', actor: ACTOR, detail: 'as agreed', resolvedBy: 'OPERATOR' },
    { causationId: 'REFUND-1', actor: ACTOR, reason: 'as agreed', idempotencyKey: 'key-1' },
  ]);
});
