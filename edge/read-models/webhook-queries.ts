/** PayPay's webhooks out of Postgres. */
import type { WebhookList, WebhookQuery, WebhookView } from '../contract/api-types';
import { limits } from '../limits';
import { nextOf, sortValuesOf } from './cursor';
import type { Query } from './database';

/** A list of whole bodies may have megabytes. */
const BODY_CHARACTERS = 1_000;

export async function selectWebhooks(
  query: Query,
  { verdict, before }: WebhookQuery,
): Promise<WebhookList> {
  const after = sortValuesOf(before, ['instant', 'int', 'long']);
  const webhooks = await query<WebhookView>(
    `select "partition", "offset", event_id as "eventId", verdict, reason, order_id as "orderId",
      merchant_payment_id as "merchantPaymentId", state, source_address as "sourceAddress",
      received_at as "receivedAt", logged_at as "loggedAt", left(body, ${BODY_CHARACTERS}) as body
    from notifications where ($1::text is null or verdict = $1) and (
      $3::bigint is null or logged_at < to_timestamp($3 / 1000.0)
      or (logged_at = to_timestamp($3 / 1000.0)
        and ("partition" > $4::int or ("partition" = $4 and "offset" < $5::bigint))))
    order by logged_at desc, "partition", "offset" desc limit $2`,
    [verdict ?? null, limits.listRowsMax, ...after],
  );
  const next = nextOf(webhooks, limits.listRowsMax, (row) => [
    row.loggedAt,
    row.partition,
    row.offset,
  ]);
  return { webhooks: [...webhooks], next };
}
