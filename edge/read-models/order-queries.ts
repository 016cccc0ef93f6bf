/** Orders, their timelines and payments out of Postgres. */
import type { OrderList, OrderView, PaymentView, TimelineEntry } from '../contract/api-types';
import { limits } from '../limits';
import type { Query } from './database';
import type { OrderFilter } from './read-models';

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
    (select coalesce(sum(r.amount), 0)::bigint from refunds r
      where r.order_id = o.order_id and r.status = 'COMPLETED') as "refundedAmount",
    o.created_at as "createdAt", o.updated_at as "updatedAt"
  from orders o
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
export function selectTimeline(
  query: Query,
  orderId: string,
  topics: readonly string[],
): Promise<readonly TimelineEntry[]> {
  return query<TimelineEntry>(
    `select * from (
      select topic, "partition", "offset", event_id as "eventId", type,
        occurred_at as "occurredAt", logged_at as "loggedAt",
        case when type = 'PaymentNotificationReceived' then payload - 'body' else payload end
          as payload
      from order_events where order_id = $1 and topic = any($2)
      order by logged_at desc, topic desc, "offset" desc limit $3
    ) newest order by "loggedAt", topic, "offset"`,
    [orderId, topics, limits.timelineEntriesMax],
  );
}

/** Undefined when the order is not known at all. */
export async function selectPayment(
  query: Query,
  orderId: string,
): Promise<PaymentView | undefined> {
  const [row] = await query<PaymentView>(
    `select o.order_id as "orderId", coalesce(p.status, 'NOT_STARTED') as status,
      p.merchant_payment_id as "merchantPaymentId", p.code_url as "codeUrl", p.deeplink,
      p.amount, coalesce(p.currency, 'JPY') as currency, p.expires_at as "expiresAt",
      p.payment_id as "paymentId", p.paid_amount as "paidAmount", p.paid_at as "paidAt",
      p.settled_by as "settledBy", p.failure_reason as "failureReason",
      p.failure_detail as "failureDetail",
      (select coalesce(sum(r.amount), 0)::bigint from refunds r
        where r.order_id = o.order_id and r.status = 'COMPLETED') as "refundedAmount",
      p.updated_at as "updatedAt"
    from orders o
    left join lateral (
      select * from payments where order_id = o.order_id
      order by paid_at is null, attempt desc nulls last limit 1
    ) p on true
    where o.order_id = $1 and o.user_id is not null`,
    [orderId],
  );
  return row;
}
