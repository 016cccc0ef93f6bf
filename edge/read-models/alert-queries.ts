/** Alerts and dead letters out of Postgres. */
import type {
  AlertDetail,
  AlertHistory,
  AlertHistoryEntry,
  AlertList,
  AlertQuery,
  AlertView,
  DeadLetterList,
  DeadLetterQuery,
  DeadLetterView,
  Evidence,
  MoneySum,
  SilenceList,
  SilenceQuery,
  SilenceRecord,
} from '../contract/api-types';
import type { ChargedPayment } from '../../topics/alert-action-contract';
import type { RepairFacts } from '../alert-preview';
import type { ConditionView, SilenceView } from '../contract/incident';
import type { Surroundings } from '../incidents';
import { limits } from '../limits';
import { orderTopics } from '../order-topics';
import { BY_TIME, isBehind, nextOf, sortValuesOf, type SortKind } from './cursor';
import type { Query } from './database';
import { selectOrder, selectTimeline } from './order-queries';
import type { AlertCount, KnownSilence } from './read-models';

/** A row that only its lifecycle has begun is not an alert yet. */
const ALERT_COLUMNS = `
  alert_id as "alertId", rule, order_id as "orderId", severity, status, version,
    repeat_count as count, owner, detected_at as "detectedAt", deadline,
    coalesce(money_left_at_risk, money_at_risk) as "moneyAtRisk", currency, expected,
    coalesce(observed_since, observed) as observed, raised_at as "raisedAt",
    acknowledged_at as "acknowledgedAt", resolved_at as "resolvedAt", resolved_by as "resolvedBy",
    resolution_detail as resolution, action, action_status as "actionStatus",
    action_detail as "actionDetail"`;
const ALERT = `select ${ALERT_COLUMNS} from alerts where rule is not null`;

/** Without a status the alerts that are not resolved. */
const MATCHES = `
  and case coalesce($1::text, 'UNRESOLVED')
    when 'ALL' then true when 'UNRESOLVED' then status <> 'RESOLVED' else status = $1 end
  and ($2::text is null or rule = $2) and ($3::text is null or severity = $3)`;

/**
 * What is not resolved by severity, then age; after it what was, the latest first. As columns that
 * all ascend, so that a page can begin after a row.
 */
const WORST_FIRST: readonly SortKind[] = ['int', 'text', 'long', 'text'];
const SORTED = `
  case status when 'RESOLVED' then 1 else 0 end as sort_resolved,
  case status when 'RESOLVED' then '' else severity end as sort_severity,
  (extract(epoch from case status when 'RESOLVED' then resolved_at else detected_at end) * 1000
    * case status when 'RESOLVED' then -1 else 1 end)::bigint as sort_time`;

interface SortedAlert extends AlertView {
  readonly sort_resolved: number;
  readonly sort_severity: string;
  readonly sort_time: number;
}

export async function selectAlerts(query: Query, filter: AlertQuery): Promise<AlertList> {
  const matched = [filter.status ?? null, filter.rule ?? null, filter.severity ?? null];
  const limit = Math.min(Number(filter.limit ?? limits.listRowsMax), limits.listRowsMax);
  const rows = await query<SortedAlert>(
    `select * from (
      select ${ALERT_COLUMNS}, ${SORTED} from alerts where rule is not null ${MATCHES}
    ) matching
    where $5::int is null or (sort_resolved, sort_severity, sort_time, "alertId")
      > ($5::int, $6::text, $7::bigint, $8::text)
    order by sort_resolved, sort_severity, sort_time, "alertId" limit $4`,
    [...matched, limit, ...sortValuesOf(filter.before, WORST_FIRST)],
  );
  const sums = await query<MoneySum & { count: number }>(
    `select currency, count(*) as count, 
      sum(coalesce(money_left_at_risk, money_at_risk))::bigint as amount from alerts
    where rule is not null ${MATCHES} group by currency order by currency`,
    matched,
  );
  return {
    alerts: rows.map(({ sort_resolved: _r, sort_severity: _s, sort_time: _t, ...alert }) => alert),
    next: nextOf(rows, limit, (row) => [
      row.sort_resolved,
      row.sort_severity,
      row.sort_time,
      row.alertId,
    ]),
    total: sums.reduce((total, { count }) => total + count, 0),
    moneyAtRisk: sums.map(({ currency, amount }) => ({ currency, amount })),
  };
}

export function selectAlertCounts(query: Query): Promise<readonly AlertCount[]> {
  return query<AlertCount>(
    `select rule, severity, status, count(*) as count from alerts where rule is not null
    group by rule, severity, status order by rule, severity, status`,
  );
}

export async function selectActiveConditions(query: Query): Promise<readonly string[]> {
  const rows = await query<{ condition: string }>('select condition from conditions where active');
  return rows.map(({ condition }) => condition);
}

/** The oldest first. */
export function selectUnresolved(query: Query): Promise<readonly AlertView[]> {
  return query<AlertView>(
    `${ALERT} and status <> 'RESOLVED' order by detected_at, alert_id limit $1`,
    [limits.incidentAlertsMax],
  );
}

export async function selectAlertHead(
  query: Query,
  alertId: string,
): Promise<AlertView | undefined> {
  const [alert] = await query<AlertView>(`${ALERT} and alert_id = $1`, [alertId]);
  return alert;
}

export async function selectAlertTook(
  query: Query,
  alertId: string,
  requestId: string,
): Promise<boolean> {
  const [answer] = await query<{ took: boolean }>(
    `select exists (
      select from alert_events
      where alert_id = $1 and type <> 'AlertCommandRefused' and payload->>'causationId' = $2
    ) as took`,
    [alertId, requestId],
  );
  return answer?.took === true;
}

/** The raising stands on a topic of its own, before what became of it. */
const HISTORY = `
  select topic, "partition", "offset", event_id as "eventId", type, version, actor,
    occurred_at as "occurredAt", logged_at as "loggedAt", payload
  from alert_events where alert_id = $1`;

/** The newest first. Undefined when there is no such alert. */
export async function selectAlertHistory(
  query: Query,
  alertId: string,
  before?: string,
): Promise<AlertHistory | undefined> {
  const alert = await selectAlertHead(query, alertId);
  if (alert === undefined) return undefined;
  const history = await query<AlertHistoryEntry>(
    `${HISTORY} and ($3::bigint is null or logged_at < to_timestamp($3 / 1000.0)
      or (logged_at = to_timestamp($3 / 1000.0) and (topic > $4::text
        or (topic = $4 and "offset" < $5::bigint))))
    order by logged_at desc, topic, "offset" desc limit $2`,
    [alertId, limits.listRowsMax, ...sortValuesOf(before, ['instant', 'text', 'long'])],
  );
  const next = nextOf(history, limits.listRowsMax, (row) => [row.loggedAt, row.topic, row.offset]);
  return { history: [...history], next };
}

export async function selectAlert(query: Query, alertId: string): Promise<AlertDetail | undefined> {
  const alert = await selectAlertHead(query, alertId);
  if (alert === undefined) return undefined;
  const [raised] = await query<{ evidence: Evidence[] }>(
    'select evidence from alerts where alert_id = $1',
    [alertId],
  );
  const history = await query<AlertHistoryEntry>(
    `${HISTORY} order by logged_at, topic desc, "offset" limit $2`,
    [alertId, limits.timelineEntriesMax],
  );
  const { entries } = await selectTimeline(query, alert.orderId, orderTopics.ops);
  return {
    alert,
    evidence: raised?.evidence ?? [],
    history: [...history],
    timeline: entries,
  };
}

/** What an action on an alert of this order would find. */
export async function selectRepairFacts(query: Query, orderId: string): Promise<RepairFacts> {
  const payments = await query<ChargedPayment>(
    `select p.merchant_payment_id as "merchantPaymentId", p.payment_id as "paymentId",
      p.paid_amount as amount, p.paid_currency as currency, p.paid_at as "paidAt",
      p.refunded_amount as "returnedAmount", p.refund_pending_amount as "pendingAmount"
    from payment_ledgers p
    where p.order_id = $1 and p.payment_id is not null and p.paid_amount is not null
    order by p.paid_at, p.attempt`,
    [orderId],
  );
  const [marks] = await query<{ isRolledBack: boolean }>(
    'select rolled_back_at is not null as "isRolledBack" from orders where order_id = $1',
    [orderId],
  );
  const order = (await selectOrder(query, orderId)) ?? null;
  return { order, payments, isRolledBack: marks?.isRolledBack ?? false };
}

export async function selectSurroundings(query: Query, now: number): Promise<Surroundings> {
  const conditions = await query<ConditionView>(
    'select condition, since, detail from conditions where active order by since',
  );
  const silences = await query<SilenceView>(
    `select silence_id as "silenceId", rule, order_id as "orderId", until, author, reason
    from silences where ended_at is null and until > to_timestamp($1::bigint / 1000.0)
    order by until limit $2`,
    [now, limits.listRowsMax],
  );
  return { conditions, silences };
}

const SILENCE_RECORD = `
  silence_id as "silenceId", rule, order_id as "orderId", until, author, reason,
  ended_at as "endedAt", ended_by as "endedBy", end_reason as "endReason"`;

export async function selectSilences(query: Query, { before }: SilenceQuery): Promise<SilenceList> {
  const rows = await query<SilenceRecord & { updatedAt: number }>(
    `select ${SILENCE_RECORD}, updated_at as "updatedAt" from silences
    where ${isBehind('updated_at', 'silence_id', 2)}
    order by updated_at desc, silence_id limit $1`,
    [limits.listRowsMax, ...sortValuesOf(before, BY_TIME)],
  );
  const next = nextOf(rows, limits.listRowsMax, (row) => [row.updatedAt, row.silenceId]);
  return { silences: rows.map(({ updatedAt: _, ...silence }) => silence), next };
}

export async function selectSilence(
  query: Query,
  silenceId: string,
): Promise<KnownSilence | undefined> {
  const [silence] = await query<KnownSilence>(
    `select ${SILENCE_RECORD}, event_id as "eventId" from silences where silence_id = $1`,
    [silenceId],
  );
  return silence;
}

export async function selectDeadLetters(
  query: Query,
  { app, before }: DeadLetterQuery,
): Promise<DeadLetterList> {
  const rows = await query<DeadLetterView & { eventId: string }>(
    `select event_id as "eventId", app, topic, "partition", "offset", encode(key, 'base64') as key,
      encode(value, 'base64') as value, value_bytes as "valueBytes", error_code as "errorCode",
      reason, occurred_at as "occurredAt", logged_at as "loggedAt"
    from dead_letters where ($1::text is null or app = $1)
      and ${isBehind('logged_at', 'event_id', 3)}
    order by logged_at desc, event_id limit $2`,
    [app ?? null, limits.listRowsMax, ...sortValuesOf(before, BY_TIME)],
  );
  const next = nextOf(rows, limits.listRowsMax, (row) => [row.loggedAt, row.eventId]);
  return { deadLetters: rows.map(({ eventId: _, ...letter }) => letter), next };
}
