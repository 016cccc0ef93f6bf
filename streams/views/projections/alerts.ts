/**
 * The alert and its lifecycle -> alerts and alert_events. AlertRaised and what follows it stand on
 * two topics, so either may be read first: each writes its own columns of the alert.
 */
import { alertsLifecycle, alertsRaised } from '../../../topics/alerts';
import type { EventOn } from '../../../topics/topic';
import type { LogPosition } from '../../runtime/app';
import { payloadOf } from '../payload';
import { projectEvents } from '../projection';
import { upsert, type Row, type RowChange } from '../table';
import { alertEvents, alerts } from '../tables';

/** The version that an alert is raised with; the lifecycle counts on from it. */
const RAISED_VERSION = 1;

type LifecycleEvent = EventOn<typeof alertsLifecycle>;

export const alertsRaisedProjection = projectEvents(alertsRaised, (event, position) => [
  upsert(alerts, {
    alert_id: event.alertId,
    order_id: event.orderId,
    rule: event.rule,
    severity: event.severity,
    detected_at: event.detectedAt,
    deadline: event.deadline,
    money_at_risk: event.moneyAtRisk,
    currency: event.currency,
    expected: event.expected,
    observed: event.observed,
    evidence: event.evidence,
    raised_at: position.timestamp,
  }),
  alertEvent(event, position, { version: RAISED_VERSION, actor: null }),
]);

export const alertsLifecycleProjection = projectEvents(alertsLifecycle, (event, position) => {
  if (event.type === 'AlertCommandRefused') {
    // The alert may not even exist; the refusal is an event and changes nothing.
    return [alertEvent(event, position, { version: null, actor: event.actor })];
  }
  const { alertId, orderId, version } = event;
  return [
    upsert(alerts, {
      alert_id: alertId,
      order_id: orderId,
      version,
      ...alertColumns(event, position),
      updated_at: position.timestamp,
    }),
    alertEvent(event, position, { version, actor: actorOf(event) }),
  ];
});

type AlertChange = Exclude<LifecycleEvent, { type: 'AlertCommandRefused' }>;

function alertColumns(event: AlertChange, position: LogPosition): Row<typeof alerts> {
  switch (event.type) {
    case 'AlertRepeated':
      return { repeat_count: event.count };
    case 'AlertMoneyAtRiskChanged':
      return { money_left_at_risk: event.moneyAtRisk, observed_since: event.observed };
    case 'AlertAcknowledged':
      return { status: 'ACKNOWLEDGED', owner: event.owner, acknowledged_at: position.timestamp };
    case 'AlertNoted':
      return {};
    case 'AlertActionStarted':
      return { action: event.action, action_status: 'STARTED', action_detail: event.reason };
    case 'AlertActionPending':
      return { action: event.action, action_status: 'PENDING', action_detail: event.detail };
    case 'AlertActionSucceeded':
      return { action: event.action, action_status: 'SUCCEEDED', action_detail: event.detail };
    case 'AlertActionFailed':
      return { action: event.action, action_status: 'FAILED', action_detail: event.detail };
    case 'AlertResolved':
      return {
        status: 'RESOLVED',
        resolved_at: position.timestamp,
        resolved_by: event.resolvedBy,
        resolution_actor: event.actor,
        resolution_detail: event.detail,
      };
    case 'AlertReopened':
      return {
        status: 'OPEN',
        // Whoever opens it again does not give it to the one who had it.
        owner: null,
        acknowledged_at: null,
        resolved_at: null,
        resolved_by: null,
        resolution_actor: null,
        resolution_detail: null,
      };
  }
}

/** The person behind the event; null when the facts or a participant did it. */
function actorOf(event: AlertChange): string | null {
  switch (event.type) {
    case 'AlertAcknowledged':
      return event.owner;
    case 'AlertNoted':
    case 'AlertActionStarted':
    case 'AlertResolved':
    case 'AlertReopened':
      return event.actor;
    case 'AlertRepeated':
    case 'AlertMoneyAtRiskChanged':
    case 'AlertActionPending':
    case 'AlertActionSucceeded':
    case 'AlertActionFailed':
      return null;
  }
}

function alertEvent(
  event: EventOn<typeof alertsRaised | typeof alertsLifecycle>,
  { topic, partition, offset, timestamp }: LogPosition,
  { version, actor }: { readonly version: number | null; readonly actor: string | null },
): RowChange {
  return upsert(alertEvents, {
    topic,
    partition,
    offset,
    alert_id: event.alertId,
    order_id: event.orderId,
    event_id: event.eventId,
    type: event.type,
    version,
    actor,
    occurred_at: event.occurredAt,
    logged_at: timestamp,
    payload: payloadOf(event),
  });
}
