/**
 * PayPay's webhooks, read tolerantly: what PayPay is answered 4xx it repeats, and then it is lost. So
 * kinds, fields and states that are not known here are let through, and numbers may come as text. It
 * carries no signature: nothing in it is believed beyond its shape.
 */
import type { EventOf } from '../../schemas/event';
import { AVRO_LONG_MAX } from '../contract/numbers';

const PAYMENT_ID_CHARACTERS_MAX = 64;
/** Our merchantPaymentId: <orderId>-<attempt>. */
const MERCHANT_PAYMENT_ID = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-[1-9][0-9]{0,3}$/;
/** RFC 3339, as PayPay writes it: 2026-11-22T16:00:00+09:00. */
const TIME = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})$/;
const QUOTED_CHARACTERS_MAX = 60;

const STATES = [
  'AUTHORIZED',
  'COMPLETED',
  'CANCELED',
  'EXPIRED',
  'EXPIRED_USER_CONFIRMATION',
  'FAILED',
] as const;

/** A transaction of one of our orders, as far as its fields can be read; null for what cannot. */
export interface TransactionWebhook {
  readonly kind: 'transaction';
  readonly orderId: string;
  readonly merchantPaymentId: string;
  readonly paymentId: string | null;
  readonly state: (typeof STATES)[number] | null;
  readonly amount: number | null;
  /** Milliseconds since the epoch. */
  readonly paidAt: number | null;
}

/** A webhook that no order hears of, and why. */
export interface WebhookAside {
  readonly kind: 'set-aside';
  readonly verdict: Exclude<EventOf<'WebhookSetAside'>['verdict'], 'REFUSED'>;
  readonly field: string | null;
  readonly reason: string;
}

export function readWebhook(bytes: Buffer): TransactionWebhook | WebhookAside {
  const body = objectIn(bytes);
  if (typeof body === 'string') return aside('UNREADABLE', null, body);
  const { notification_type: type, merchant_order_id: merchantOrderId } = body;
  if (type !== 'Transaction') {
    return aside('UNKNOWN_KIND', 'notification_type', `notification_type is ${quoted(type)}`);
  }
  const ours =
    typeof merchantOrderId === 'string' ? MERCHANT_PAYMENT_ID.exec(merchantOrderId) : null;
  const [merchantPaymentId, orderId] = ours ?? [];
  if (merchantPaymentId === undefined || orderId === undefined) {
    const reason = `merchant_order_id is ${quoted(merchantOrderId)}, which no order of ours has`;
    return aside('FOREIGN_ORDER', 'merchant_order_id', reason);
  }
  return {
    kind: 'transaction',
    orderId,
    merchantPaymentId,
    paymentId: paymentIdIn(body['order_id']),
    state: STATES.find((state) => state === body['state']) ?? null,
    amount: amountIn(body['order_amount']),
    paidAt: timeIn(body['paid_at']),
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** Why not, in words, for what is no JSON object. */
function objectIn(bytes: Buffer): Fields | string {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return error instanceof SyntaxError ? 'the body is not JSON' : 'the body is not UTF-8';
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Fields) : 'the body is not a JSON object';
}

function aside(
  verdict: WebhookAside['verdict'],
  field: string | null,
  reason: string,
): WebhookAside {
  return { kind: 'set-aside', verdict, field, reason };
}

function quoted(value: unknown): string {
  if (value === undefined) return 'absent';
  return JSON.stringify(value).slice(0, QUOTED_CHARACTERS_MAX);
}

function paymentIdIn(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  const isId = typeof text === 'string' && text !== '' && text.length <= PAYMENT_ID_CHARACTERS_MAX;
  return isId ? text : null;
}

function amountIn(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  const isAmount =
    typeof number === 'number' &&
    Number.isSafeInteger(number) &&
    number >= 0 &&
    number <= AVRO_LONG_MAX;
  return isAmount ? number : null;
}

function timeIn(value: unknown): number | null {
  const [text, year, month, day] = (typeof value === 'string' ? TIME.exec(value) : null) ?? [];
  if (text === undefined || !isDay(Number(year), Number(month), Number(day))) return null;
  const at = Date.parse(text);
  // A text of the right shape may still name no time, such as the hour 25.
  return Number.isNaN(at) ? null : at;
}

/** Date moves 30 February on to 2 March, which is another day than the text says. */
function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
