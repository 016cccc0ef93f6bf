/** Alerts and dead letters out of Postgres. */
import type {
  AlertDetail,
  AlertHistoryEntry,
  AlertList,
  AlertQuery,
  AlertView,
  DeadLetterList,
  DeadLetterView,
  Evidence,
} from '../api';
import { limits } from '../limits';
import type { Query } from './database';

/** A row that only its lifecycle has begun is not an alert yet. */
const ALERT = `
  select alert_id as "alertId", rule, order_id as "orderId", severity, status, version,
    repeat_count as count, owner, detected_at as "detectedAt", deadline,
    money_at_risk as "moneyAtRisk", currency, expected, observed, raised_at as "raisedAt",
    acknowledged_at as "acknowledgedAt", resolved_at as "resolvedAt", resolved_by as "resolvedBy",
    resolution_detail as resolution, action, action_status as "actionStatus",
    action_detail as "actionDetail"
  from alerts where rule is not null`;

/** Without a status the alerts that are not resolved. */
const MATCHES = `
  and case coalesce($1::text, 'UNRESOLVED')
    when 'ALL' then true when 'UNRESOLVED' then status <> 'RESOLVED' else status = $1 end
  and ($2::text is null or rule = $2) and ($3::text is null or severity = $3)`;

/** What is not resolved by severity, then age; after it what was, the latest first. */
const WORST_FIRST = `
  order by status = 'RESOLVED', case when status <> 'RESOLVED' then severity end,
    case when status <> 'RESOLVED' then detected_at end, resolved_at desc, alert_id`;

export async function selectAlerts(query: Query, filter: AlertQuery): Promise<AlertList> {
  const matched = [filter.status ?? null, filter.rule ?? null, filter.severity ?? null];
  const limit = Math.min(Number(filter.limit ?? limits.listRowsMax), limits.listRowsMax);
  const alerts = await query<AlertView>(`${ALERT} ${MATCHES} ${WORST_FIRST} limit $4`, [
    ...matched,
    limit,
  ]);
  const [counted] = await query<{ total: number }>(
    `select count(*) as total from alerts where rule is not null ${MATCHES}`,
    matched,
  );
  return { alerts: [...alerts], total: counted?.total ?? alerts.length };
}

export async function selectAlert(query: Query, alertId: string): Promise<AlertDetail | undefined> {
  const [alert] = await query<AlertView>(`${ALERT} and alert_id = $1`, [alertId]);
  if (alert === undefined) return undefined;
  const [raised] = await query<{ evidence: Evidence[] }>(
    'select evidence from alerts where alert_id = $1',
    [alertId],
  );
  const history = await query<AlertHistoryEntry>(
    `select topic, "partition", "offset", event_id as "eventId", type, version, actor,
      occurred_at as "occurredAt", logged_at as "loggedAt", payload
    from alert_events where alert_id = $1 order by logged_at, topic desc, "offset" limit $2`,
    [alertId, limits.timelineEntriesMax],
  );
  return { alert, evidence: raised?.evidence ?? [], history: [...history] };
}

export async function selectDeadLetters(query: Query): Promise<DeadLetterList> {
  const deadLetters = await query<DeadLetterView>(
    `select app, topic, "partition", "offset", encode(key, 'base64') as key,
      encode(value, 'base64') as value, value_bytes as "valueBytes", error_code as "errorCode",
      reason, occurred_at as "occurredAt", logged_at as "loggedAt"
    from dead_letters order by logged_at desc, topic, "partition", "offset" desc limit $1`,
    [limits.listRowsMax],
  );
  return { deadLetters: [...deadLetters] };
}
