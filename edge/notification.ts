/** A webhook of PayPay, as the event it becomes. */
import { eventId } from '../schemas/event-id';
import type { EventOf } from '../schemas/event';
import type { WebhookBody } from './contract/webhook';
import type { WebhookTrust } from './environment';
import { EdgeError } from './errors';

export interface Delivery {
  /** New for each delivery: a redelivered webhook is another fact, which payments absorbs. */
  readonly requestId: string;
  readonly body: WebhookBody;
  readonly rawBody: string;
  readonly sourceAddress: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The archived notification that this one repeats; null for PayPay's own. */
  readonly replayOf: string | null;
}

/** Marks a webhook as one out of the archive; its value is the eventId there. */
export const REPLAY_HEADER = 'x-webhook-replay';
const EVENT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Throws `INVALID_FIELD` when it names no event. */
export function replayOf(header: string | readonly string[] | undefined): string | null {
  if (header === undefined) return null;
  if (typeof header === 'string' && EVENT_ID.test(header)) return header;
  throw new EdgeError('INVALID_FIELD', { field: REPLAY_HEADER });
}

/** Throws `INVALID_FIELD` on a time that does not exist. */
export function notificationReceived(
  delivery: Delivery,
  trust: WebhookTrust,
): EventOf<'PaymentNotificationReceived'> {
  const { requestId, body, receivedAt } = delivery;
  const merchantPaymentId = body.merchant_order_id;
  const orderId = merchantPaymentId.slice(0, merchantPaymentId.lastIndexOf('-'));
  return {
    type: 'PaymentNotificationReceived',
    eventId: eventId(requestId, 'notification'),
    orderId,
    occurredAt: receivedAt,
    causationId: requestId,
    correlationId: orderId,
    merchantPaymentId,
    paymentId: body.order_id ?? null,
    state: body.state,
    amount: body.order_amount ?? null,
    paidAt: paidAtOf(body),
    // What is sent again may have been overtaken since: it is a hint, whoever vouched for it then.
    verdict: trust.kind === 'confirm' || delivery.replayOf !== null ? 'HINT' : 'TRUSTED',
    sourceAddress: delivery.sourceAddress,
    receivedAt,
    body: delivery.rawBody,
    replayOf: delivery.replayOf,
  };
}

function paidAtOf({ paid_at: paidAt }: WebhookBody): number | null {
  if (typeof paidAt !== 'string') return null;
  const at = Date.parse(paidAt);
  // A text of the right shape may still name no time, such as month 13.
  if (Number.isNaN(at)) throw new EdgeError('INVALID_FIELD', { field: 'paid_at' });
  return at;
}

/** False: the sender is not heard at all. */
export function mayNotify(sourceAddress: string, trust: WebhookTrust): boolean {
  switch (trust.kind) {
    case 'confirm':
      return true;
    case 'ip-allowlist':
      return trust.addresses.includes(sourceAddress);
  }
}

/** The address as the allowlist writes it: a dual-stack socket shows IPv4 mapped into IPv6. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=[0-9.]+$)/i, '');
}
