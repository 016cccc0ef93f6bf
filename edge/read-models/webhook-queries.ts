/** PayPay's webhooks out of Postgres. */
import type { WebhookList, WebhookQuery, WebhookView } from '../contract/api-types';
import { limits } from '../limits';
import type { Query } from './database';

/** A list of whole bodies may have megabytes. */
const BODY_CHARACTERS = 1_000;

export async function selectWebhooks(
  query: Query,
  { verdict }: WebhookQuery,
): Promise<WebhookList> {
  const webhooks = await query<WebhookView>(
    `select "partition", "offset", event_id as "eventId", verdict, reason, order_id as "orderId",
      merchant_payment_id as "merchantPaymentId", state, source_address as "sourceAddress",
      received_at as "receivedAt", logged_at as "loggedAt", left(body, ${BODY_CHARACTERS}) as body
    from notifications where $1::text is null or verdict = $1
    order by logged_at desc, "partition", "offset" desc limit $2`,
    [verdict ?? null, limits.listRowsMax],
  );
  return { webhooks: [...webhooks] };
}
