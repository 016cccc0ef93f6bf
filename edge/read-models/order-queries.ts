/** Orders, their timelines and payments out of Postgres. */
import type {
  OrderList,
  OrderView,
  PaymentView,
  Timeline,
  TimelineEntry,
} from '../contract/api-types';
import { limits } from '../limits';
import { nextOf, sortValuesOf, type SortKind } from './cursor';
import type { Query } from './database';
import type { OrderFilter } from './read-models';

/** An order's records of a topic are in one partition. */
const LOG_ORDER: readonly SortKind[] = ['instant', 'text', 'long'];

/** A row that only another topic has begun (no owner yet) is not an order yet. */
const ORDER = `
  select o.order_id as "orderId", o.user_id as "userId", o.status,
    o.status = 'WAITING_PAYMENT' and o.cancellation_started_at is not null as cancelling,
    coalesce((
      select json_agg(json_build_object(
        'sku', i.sku, 'quantity', i.quantity, 'unitPrice', i.unit_price) order by i.line)
      from order_items i where i.order_id = o.order_id and i.quantity is not null
    ), '[]') as items,
    o.total_amount as "totalAmount", coalesce(o.currency, 'JPY') as currency,
    o.failure_reason as "failureReason", o.failure_detail as "failureDetail",
    o.payment_id as "paymentId", o.paid_at as "paidAt",
    coalesce(l.refunded_amount, 0) as "refundedAmount",
    coalesce(l.refund_pending_amount, 0) as "refundPendingAmount",
    o.created_at as "createdAt", o.updated_at as "updatedAt"
  from orders o
  left join lateral (
    select sum(refunded_amount)::bigint as refunded_amount,
      sum(refund_pending_amount)::bigint as refund_pending_amount
    from payment_ledgers
    -- A second payment's refund is that payment's, not the order's.
    where order_id = o.order_id and (o.payment_id is null or payment_id = o.payment_id)
  ) l on true
  where o.user_id is not null and o.status is not null and o.updated_at is not null`;

export async function selectOrder(query: Query, orderId: string): Promise<OrderView | undefined> {
  const [row] = await query<OrderView>(`${ORDER} and o.order_id = $1`, [orderId]);
  return row;
}

export async function selectOrders(query: Query, filter: OrderFilter): Promise<OrderList> {
  const { userId = null, before } = filter;
  const rows = await query<OrderView & { createdAt: number }>(
    `${ORDER} and o.created_at is not null
      and ($1::text is null or o.user_id = $1)
      and ($2::bigint is null
        or (o.created_at, o.order_id) < (to_timestamp($2::bigint / 1000.0), $3))
    order by o.created_at desc, o.order_id desc limit $4`,
    [userId, before?.createdAt ?? null, before?.orderId ?? null, limits.listRowsMax],
  );
  const last = rows.at(-1);
  const full = rows.length === limits.listRowsMax && last !== undefined;
  return { orders: [...rows], next: full ? `${String(last.createdAt)}.${last.orderId}` : null };
}

/**
 * The newest entries when there are more than the limit; oldest first all the same. A webhook's body
 * is left out, as it is of live records: hundreds of them would make one answer of many megabytes.
 */
export async function selectTimeline(
  query: Query,
  orderId: string,
  topics: readonly string[],
  before?: string,
): Promise<Omit<Timeline, 'orderId'>> {
  const newest = await query<TimelineEntry>(
    `select topic, "partition", "offset", event_id as "eventId", type,
      occurred_at as "occurredAt", logged_at as "loggedAt",
      case when type = 'PaymentNotificationReceived' then payload - 'body' else payload end
        as payload
    from order_events where order_id = $1 and topic = any($2) and ($4::bigint is null
      or (logged_at, topic, "offset") < (to_timestamp($4 / 1000.0), $5::text, $6::bigint))
    order by logged_at desc, topic desc, "offset" desc limit $3`,
    [orderId, topics, limits.timelineEntriesMax, ...sortValuesOf(before, LOG_ORDER)],
  );
  const next = nextOf(newest, limits.timelineEntriesMax, (row) => [
    row.loggedAt,
    row.topic,
    row.offset,
  ]);
  return { entries: [...newest].reverse(), next };
}

/** The refunds of the payment that `row` stands for, oldest first, as JSON. */
function refundsOf(row: 'p' | 'l'): string {
  return `coalesce((
    select json_agg(json_build_object(
      'refundId', r.refund_id, 'amount', r.amount, 'status', r.status,
      'reportedStatus', r.reported_status, 'requestedHere', r.requested_here,
      'detail', r.detail) order by r.logged_at, r.refund_id)
    from refunds r where r.merchant_payment_id = ${row}.merchant_payment_id
  ), '[]')`;
}

/** Undefined when the order is not known at all. The payment that the order took, else the latest. */
export async function selectPayment(
  query: Query,
  orderId: string,
): Promise<PaymentView | undefined> {
  const [row] = await query<PaymentView>(
    `select o.order_id as "orderId", coalesce(p.ledger_status, 'NOT_STARTED') as status,
      p.merchant_payment_id as "merchantPaymentId", p.code_url as "codeUrl", p.deeplink,
      p.amount, coalesce(p.currency, 'JPY') as currency, p.expires_at as "expiresAt",
      p.payment_id as "paymentId", p.paid_amount as "paidAmount", p.paid_at as "paidAt",
      p.settled_by as "settledBy", p.failure_reason as "failureReason",
      p.failure_detail as "failureDetail",
      coalesce(p.refunded_amount, 0) as "refundedAmount",
      coalesce(p.refund_pending_amount, 0) as "refundPendingAmount",
      ${refundsOf('p')} as refunds,
      coalesce((
        select json_agg(json_build_object(
          'merchantPaymentId', l.merchant_payment_id, 'paymentId', l.payment_id,
          'status', l.ledger_status, 'paidAmount', l.paid_amount,
          'refundedAmount', l.refunded_amount,
          'refundPendingAmount', l.refund_pending_amount,
          'refunds', ${refundsOf('l')}) order by l.paid_at, l.attempt)
        from payment_ledgers l
        where l.order_id = o.order_id and l.paid_amount is not null
          and l.merchant_payment_id <> p.merchant_payment_id
      ), '[]') as "otherPayments",
      p.updated_at as "updatedAt"
    from orders o
    left join lateral (
      select * from payment_ledgers where order_id = o.order_id
      order by payment_id is distinct from o.payment_id, paid_at is null, attempt desc nulls last
      limit 1
    ) p on true
    where o.order_id = $1 and o.user_id is not null`,
    [orderId],
  );
  return row;
}
