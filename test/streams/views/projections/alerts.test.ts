import type { EventOf } from '../../../../schemas/event';
import {
  alertsLifecycleProjection,
  alertsRaisedProjection,
} from '../../../../streams/views/projections/alerts';
import { projected } from '../projected';
import {
  DECIDED_AT,
  LOGGED_AT,
  alertAcknowledged,
  alertRaised,
  alertResolved,
  ofOrder,
} from '../sample-events';

const alert = { table: 'alerts', alert_id: 'alert-of-o1', order_id: 'o1' };

describe('an alert that was raised', () => {
  it('carries its evidence, and leaves the lifecycle to the other topic', () => {
    const event = alertRaised('o1');
    const [row, entry] = projected(alertsRaisedProjection, event);
    expect(row).toEqual({
      ...alert,
      rule: 'RULE_A',
      severity: 'P1',
      detected_at: DECIDED_AT,
      deadline: DECIDED_AT,
      money_at_risk: 2_200,
      currency: 'JPY',
      expected: 'the order is PAID',
      observed: 'the order waits',
      evidence: event.evidence,
      raised_at: LOGGED_AT,
    });
    expect(entry).toMatchObject({ table: 'alert_events', type: 'AlertRaised', version: 1 });
  });
});

describe('the lifecycle of an alert', () => {
  function lifecycle(event: Parameters<typeof projected>[1]) {
    return projected(alertsLifecycleProjection, event);
  }

  it('names who took it', () => {
    expect(lifecycle(alertAcknowledged('o1'))).toMatchObject([
      {
        ...alert,
        status: 'ACKNOWLEDGED',
        version: 2,
        owner: 'ops@example.com',
        acknowledged_at: LOGGED_AT,
      },
      { table: 'alert_events', type: 'AlertAcknowledged', version: 2, actor: 'ops@example.com' },
    ]);
  });

  it('says what resolved it, and takes that back when it is opened again', () => {
    const [resolved] = lifecycle(alertResolved('o1'));
    expect(resolved).toMatchObject({
      status: 'RESOLVED',
      resolved_at: LOGGED_AT,
      resolved_by: 'OPERATOR',
      resolution_actor: 'ops@example.com',
    });
    const [reopened] = lifecycle(
      ofOrder<EventOf<'AlertReopened'>>('o1', {
        type: 'AlertReopened',
        alertId: 'alert-of-o1',
        version: 4,
        actor: 'ops@example.com',
        reason: 'it came back',
      }),
    );
    expect(reopened).toMatchObject({
      status: 'OPEN',
      owner: null,
      acknowledged_at: null,
      resolved_at: null,
      resolved_by: null,
      resolution_actor: null,
      resolution_detail: null,
    });
  });

  it('counts repeats and shows the last repair without changing the status', () => {
    const fields = { alertId: 'alert-of-o1', version: 3 };
    const rows = [
      ofOrder<EventOf<'AlertRepeated'>>('o1', {
        type: 'AlertRepeated',
        ...fields,
        count: 2,
        evidence: [],
      }),
      ofOrder<EventOf<'AlertActionStarted'>>('o1', {
        type: 'AlertActionStarted',
        ...fields,
        actor: 'ops@example.com',
        action: 'REDRIVE_ORDER',
        reason: 'the app was down',
        idempotencyKey: 'key-1',
        payments: [],
      }),
      ofOrder<EventOf<'AlertActionFailed'>>('o1', {
        type: 'AlertActionFailed',
        ...fields,
        action: 'REDRIVE_ORDER',
        detail: 'the order had failed',
        actionId: 'action-1',
        actor: 'ops@example.com',
      }),
      ofOrder<EventOf<'AlertNoted'>>('o1', {
        type: 'AlertNoted',
        ...fields,
        actor: 'ops@example.com',
        note: 'called the shopper',
      }),
    ].map((event) => lifecycle(event)[0]);
    const changed = { ...alert, version: 3, updated_at: LOGGED_AT };
    expect(rows).toEqual([
      { ...changed, repeat_count: 2 },
      {
        ...changed,
        action: 'REDRIVE_ORDER',
        action_status: 'STARTED',
        action_detail: 'the app was down',
      },
      {
        ...changed,
        action: 'REDRIVE_ORDER',
        action_status: 'FAILED',
        action_detail: 'the order had failed',
      },
      changed,
    ]);
  });

  it('does not make an alert of a refused command, whose alert may not exist', () => {
    const refused = ofOrder<EventOf<'AlertCommandRefused'>>('o1', {
      type: 'AlertCommandRefused',
      alertId: 'no-such-alert',
      actor: 'ops@example.com',
      command: 'AlertResolveRequested',
      reason: 'UNKNOWN_ALERT',
      currentVersion: 0,
    });
    expect(lifecycle(refused)).toMatchObject([
      { table: 'alert_events', alert_id: 'no-such-alert', version: null },
    ]);
  });
});
