/** A webhook of PayPay, as the event it becomes. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { eventId } from '../../schemas/event-id';
import type { EventOf } from '../../schemas/event';
import type { TransactionWebhook } from './webhook-reader';
import type { WebhookTrust } from '../environment';
import { EdgeError } from '../errors';
import { limits } from '../limits';

export interface Delivery {
  /** New for each delivery: a redelivered webhook is another fact, which payments absorbs. */
  readonly requestId: string;
  /** As far as it was read. */
  readonly body: Buffer;
  readonly sourceAddress: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The archived webhook that this one repeats; null for PayPay's own. */
  readonly replayOf: string | null;
}

/** Marks a webhook as one out of the archive; its value is the eventId there. */
export const REPLAY_HEADER = 'x-webhook-replay';
/** Proves that whoever replays may: under ip-allowlist no other address than PayPay's is heard. */
export const REPLAY_KEY_HEADER = 'x-webhook-replay-key';
const EVENT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Throws `INVALID_FIELD` when it names no event. */
export function replayOf(header: string | readonly string[] | undefined): string | null {
  if (header === undefined) return null;
  if (typeof header === 'string' && EVENT_ID.test(header)) return header;
  const detail = `${REPLAY_HEADER} must be the eventId of an archived webhook.`;
  throw new EdgeError('INVALID_FIELD', { field: REPLAY_HEADER, detail });
}

export function notificationReceived(
  { requestId, body, sourceAddress, receivedAt, replayOf }: Delivery,
  { orderId, merchantPaymentId, paymentId, state, amount, paidAt }: TransactionWebhook,
  trust: WebhookTrust,
): EventOf<'PaymentNotificationReceived'> {
  return {
    type: 'PaymentNotificationReceived',
    eventId: eventId(requestId, 'notification'),
    orderId,
    occurredAt: receivedAt,
    causationId: requestId,
    correlationId: orderId,
    merchantPaymentId,
    paymentId,
    state,
    amount,
    paidAt,
    // What is sent again may have been overtaken since: it is a hint, whoever vouched for it then.
    verdict: trust.kind === 'confirm' || replayOf !== null ? 'HINT' : 'TRUSTED',
    sourceAddress,
    receivedAt,
    body: body.toString('utf8'),
    replayOf,
  };
}

/** Why a webhook is no notification of an order, and how it was answered. */
export interface SettingAside {
  readonly verdict: EventOf<'WebhookSetAside'>['verdict'];
  readonly reason: string;
  readonly field: string | null;
  readonly status: number;
}

export function webhookSetAside(
  { requestId, body, sourceAddress, receivedAt, replayOf }: Delivery,
  { verdict, reason, field, status }: SettingAside,
): EventOf<'WebhookSetAside'> {
  return {
    type: 'WebhookSetAside',
    eventId: eventId(requestId, 'notification'),
    occurredAt: receivedAt,
    causationId: requestId,
    correlationId: requestId,
    verdict,
    reason,
    field,
    status,
    sourceAddress,
    receivedAt,
    body: verdict === 'REFUSED' ? body.subarray(0, limits.refusedBodyBytesKept) : body,
    bodyBytes: body.length,
    replayOf,
  };
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

/** In constant time. `expected` null: nobody may replay by a key. */
export function hasReplayKey(
  header: string | readonly string[] | undefined,
  expected: string | null,
): boolean {
  if (expected === null || typeof header !== 'string') return false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header), digest(expected));
}

/** The address as the allowlist writes it: a dual-stack socket shows IPv4 mapped into IPv6. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=[0-9.]+$)/i, '');
}
