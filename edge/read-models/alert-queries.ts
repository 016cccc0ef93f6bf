/** Alerts and dead letters out of Postgres. */
import type {
  AlertDetail,
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
  SilenceRecord,
} from '../contract/api-types';
import type { ChargedPayment } from '../../topics/alert-action-contract';
import type { RepairFacts } from '../alert-preview';
import type { ConditionView, SilenceView } from '../contract/incident';
import type { Surroundings } from '../incidents';
import { limits } from '../limits';
import { orderTopics } from '../order-topics';
import type { Query } from './database';
import { selectOrder, selectTimeline } from './order-queries';
import type { KnownSilence } from './read-models';

/** A row that only its lifecycle has begun is not an alert yet. */
const ALERT = `
  select alert_id as "alertId", rule, order_id as "orderId", severity, status, version,
    repeat_count as count, owner, detected_at as "detectedAt", deadline,
    coalesce(money_left_at_risk, money_at_risk) as "moneyAtRisk", currency, expected,
    coalesce(observed_since, observed) as observed, raised_at as "raisedAt",
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
  const sums = await query<MoneySum & { count: number }>(
    `select currency, count(*) as count, 
      sum(coalesce(money_left_at_risk, money_at_risk))::bigint as amount from alerts
    where rule is not null ${MATCHES} group by currency order by currency`,
    matched,
  );
  return {
    alerts: [...alerts],
    total: sums.reduce((total, { count }) => total + count, 0),
    moneyAtRisk: sums.map(({ currency, amount }) => ({ currency, amount })),
  };
}

/** The oldest first. */
export function selectUnresolved(query: Query): Promise<readonly AlertView[]> {
  return query<AlertView>(
    `${ALERT} and status <> 'RESOLVED' order by detected_at, alert_id limit $1`,
    [limits.incidentAlertsMax],
  );
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
  const timeline = await selectTimeline(query, alert.orderId, orderTopics.ops);
  return {
    alert,
    evidence: raised?.evidence ?? [],
    history: [...history],
    timeline: [...timeline],
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

export async function selectSilences(query: Query): Promise<SilenceList> {
  const silences = await query<SilenceRecord>(
    `select ${SILENCE_RECORD} from silences order by updated_at desc, silence_id limit $1`,
    [limits.listRowsMax],
  );
  return { silences: [...silences] };
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
  { app }: DeadLetterQuery,
): Promise<DeadLetterList> {
  const deadLetters = await query<DeadLetterView>(
    `select app, topic, "partition", "offset", encode(key, 'base64') as key,
      encode(value, 'base64') as value, value_bytes as "valueBytes", error_code as "errorCode",
      reason, occurred_at as "occurredAt", logged_at as "loggedAt"
    from dead_letters where $1::text is null or app = $1
    order by logged_at desc, topic, "partition", "offset" desc limit $2`,
    [app ?? null, limits.listRowsMax],
  );
  return { deadLetters: [...deadLetters] };
}
