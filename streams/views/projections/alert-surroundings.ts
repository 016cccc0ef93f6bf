/** `alerts.silences.v1` -> silences; `alerts.conditions.v1` -> conditions. */
import { alertsConditions, alertsSilences } from '../../../topics/alerts';
import { projectLatest } from '../projection';
import { upsert } from '../table';
import { conditions, silences } from '../tables';

export const silencesProjection = projectLatest(alertsSilences, silences, (event, position) =>
  upsert(silences, {
    silence_id: event.silenceId,
    rule: event.matcher.rule,
    order_id: event.matcher.orderId,
    until: event.until,
    author: event.author,
    reason: event.reason,
    event_id: event.eventId,
    ended_at: event.endedAt,
    ended_by: event.endedBy,
    end_reason: event.endReason,
    updated_at: position.timestamp,
    source_partition: position.partition,
  }),
);

export const conditionsProjection = projectLatest(alertsConditions, conditions, (event, position) =>
  upsert(conditions, {
    condition: event.condition,
    active: event.active,
    since: event.since,
    detail: event.detail,
    updated_at: position.timestamp,
    source_partition: position.partition,
  }),
);
