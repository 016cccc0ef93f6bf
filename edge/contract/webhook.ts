/**
 * PayPay's transaction webhook. It carries no signature, so nothing in it is believed beyond its
 * shape; fields that PayPay adds later are let through and kept with the raw body.
 */
import { Type, type Static } from '@sinclair/typebox';
import { nullable, oneOf } from './fields';

/** Avro's reader takes whole numbers only where doubles are exact on both sides. */
const AMOUNT_YEN_MAX = Number.MAX_SAFE_INTEGER - 1;

const time = Type.Optional(
  nullable(
    Type.String({
      // RFC 3339, as PayPay writes it: 2026-11-22T16:00:00+09:00.
      pattern:
        '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:?[0-9]{2})$',
    }),
  ),
);
const text = Type.Optional(nullable(Type.String()));

export const webhookBody = Type.Object({
  notification_type: Type.Literal('Transaction'),
  merchant_id: text,
  store_id: text,
  pos_id: text,
  order_id: Type.Optional(
    nullable(Type.String({ maxLength: 64, description: "PayPay's id of the payment." })),
  ),
  merchant_order_id: Type.String({
    pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[1-9][0-9]{0,3}$',
    description: 'Our merchantPaymentId: <orderId>-<attempt>.',
  }),
  authorized_at: time,
  expires_at: time,
  confirmation_expires_at: time,
  paid_at: time,
  order_amount: Type.Optional(
    nullable(Type.Integer({ minimum: 0, maximum: AMOUNT_YEN_MAX, description: 'Whole yen.' })),
  ),
  state: oneOf([
    'AUTHORIZED',
    'COMPLETED',
    'CANCELED',
    'EXPIRED',
    'EXPIRED_USER_CONFIRMATION',
    'FAILED',
  ]),
});

export type WebhookBody = Static<typeof webhookBody>;
