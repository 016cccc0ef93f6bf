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
    verdict: trust.kind === 'confirm' ? 'HINT' : 'TRUSTED',
    sourceAddress: delivery.sourceAddress,
    receivedAt,
    body: delivery.rawBody,
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
