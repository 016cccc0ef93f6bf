import {
  alertsAmong,
  emptyBoard,
  reopenedElsewhere,
  withAlerts,
  withEvents,
  withoutAlert,
  type AlertBoard,
} from '../../../dashboard/alerts/alert-board';
import { lifecycle, raised, sampleAlert } from './sample-alert';

function resolved(version: number, alertId = 'alert-1', loggedAt = 2_000) {
  const detail = 'Order became PAID';
  return lifecycle(
    'AlertResolved',
    { rule: 'RULE_A', version, resolvedBy: 'FACTS', actor: null, detail, evidence: [] },
    { alertId, loggedAt },
  );
}

function alertOn({ alerts }: AlertBoard, alertId = 'alert-1') {
  const alert = alerts.get(alertId);
  if (alert === undefined) throw new Error(`${alertId} is not on the board`);
  return alert;
}

describe('an alert on the board', () => {
  test('looks the same whether it came as an event or was read from the edge', () => {
    expect(alertOn(withEvents(emptyBoard, [raised()]))).toEqual(sampleAlert());
  });

  test('follows its lifecycle to the resolution and back', () => {
    const repeated = lifecycle('AlertRepeated', { version: 2, count: 2, evidence: [] });
    const acknowledged = lifecycle('AlertAcknowledged', { version: 3, owner: 'ken' });
    const ended = withEvents(emptyBoard, [raised(), repeated, acknowledged, resolved(4)]);
    expect(alertOn(ended)).toMatchObject({
      count: 2,
      owner: 'ken',
      status: 'RESOLVED',
      resolvedBy: 'FACTS',
      resolution: 'Order became PAID',
      version: 4,
    });
    const reopened = lifecycle('AlertReopened', { version: 5, actor: 'ken', reason: 'not so' });
    expect(alertOn(withEvents(ended, [reopened]))).toMatchObject({
      status: 'OPEN',
      resolvedAt: null,
      resolution: null,
    });
  });

  test('shows how far its repair is', () => {
    const started = lifecycle('AlertActionStarted', {
      ...{ version: 2, actor: 'ken', action: 'REFUND', reason: 'paid twice' },
    });
    const done = lifecycle('AlertActionSucceeded', { version: 3, action: 'REFUND', detail: 'ok' });
    const board = withEvents(emptyBoard, [raised(), started]);
    expect(alertOn(board)).toMatchObject({ action: 'REFUND', actionStatus: 'STARTED' });
    expect(alertOn(withEvents(board, [done]))).toMatchObject({ actionStatus: 'SUCCEEDED' });
  });

  test('does not change when an event comes again', () => {
    const board = withEvents(emptyBoard, [raised(), resolved(2)]);
    expect(withEvents(board, [raised(), resolved(2)]).alerts).toEqual(board.alerts);
  });

  test('is not thrown back by a snapshot that is older than an event', () => {
    const board = withEvents(emptyBoard, [raised(), resolved(2)]);
    expect(alertOn(withAlerts(board, [sampleAlert({ version: 1 })])).status).toBe('RESOLVED');
  });

  test('is found by its id in the order that was asked for, and left out when it is unknown', () => {
    const read = ['a', 'b', 'c'].map((alertId) => sampleAlert({ alertId }));
    const { alerts } = withAlerts(emptyBoard, read);
    const found = alertsAmong(alerts, ['c', 'x', 'a']);
    expect(found.map(({ alertId }) => alertId)).toEqual(['c', 'a']);
  });
});

describe('a lifecycle event that comes before its alert', () => {
  test('waits for it', () => {
    const board = withEvents(emptyBoard, [resolved(2)]);
    expect(board.alerts.size).toBe(0);
    expect(alertOn(withEvents(board, [raised()])).status).toBe('RESOLVED');
  });

  test('makes the alert be read from the edge when it was opened again', () => {
    const reopened = lifecycle('AlertReopened', { version: 5, actor: 'ken', reason: 'not so' });
    const board = withEvents(emptyBoard, [resolved(4, 'alert-2'), reopened]);
    expect(reopenedElsewhere(board)).toEqual(['alert-1']);
    const read = withAlerts(board, [sampleAlert({ version: 4, status: 'RESOLVED' })]);
    expect(alertOn(read).status).toBe('OPEN');
    expect(reopenedElsewhere(read)).toEqual([]);
  });

  test('is given up when too many wait', () => {
    const strangers = Array.from({ length: 300 }, (_, index) => resolved(2, `other-${index}`));
    const board = withEvents(emptyBoard, [resolved(2, 'alert-1'), ...strangers]);
    expect(board.early.size).toBe(200);
    expect(board.early.has('alert-1')).toBe(false);
  });
});

describe('the board', () => {
  test('keeps all that is open and the newest of what is over', () => {
    const open = Array.from({ length: 600 }, (_, index) => raised(`open-${index}`));
    const over = Array.from({ length: 600 }, (_, index) => [
      raised(`over-${index}`),
      resolved(2, `over-${index}`, 10_000 + index),
    ]);
    const { alerts } = withEvents(emptyBoard, [...open, ...over.flat()]);
    expect(alerts.size).toBe(1_100);
    expect(alerts.has('over-99')).toBe(false);
    expect(alerts.has('over-100')).toBe(true);
  });

  test('knows when it last heard of anything', () => {
    const read = withAlerts(emptyBoard, [sampleAlert({ raisedAt: 5_000 })]);
    expect(read.lastEventAt).toBe(5_000);
    expect(withEvents(read, [raised('alert-2', 7_000)]).lastEventAt).toBe(7_000);
  });

  test('forgets an alert of which nothing can be learned', () => {
    expect(withoutAlert(withEvents(emptyBoard, [raised()]), 'alert-1').alerts.size).toBe(0);
  });
});
