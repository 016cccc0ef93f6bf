/** What the API gives of PayPay's webhooks as they came in. */
import { Type, type Static } from '@sinclair/typebox';
import { limits } from '../limits';
import { before, closedObject, instant, next, nullable, offset, oneOf, partition } from './fields';

/** HINT and TRUSTED were taken as notifications of an order; the rest was set aside. */
export const WEBHOOK_VERDICTS = [
  'HINT',
  'TRUSTED',
  'FOREIGN_ORDER',
  'UNKNOWN_KIND',
  'UNREADABLE',
  'REFUSED',
] as const;

export const webhookQuery = closedObject({
  verdict: Type.Optional(oneOf(WEBHOOK_VERDICTS)),
  before: Type.Optional(before),
});
export type WebhookQuery = Static<typeof webhookQuery>;

export const webhookView = closedObject({
  partition,
  offset,
  eventId: Type.String(),
  verdict: oneOf(WEBHOOK_VERDICTS),
  reason: nullable(Type.String({ description: 'Why it was set aside; null for a notification.' })),
  orderId: nullable(Type.String({ description: 'Null for what was set aside.' })),
  merchantPaymentId: nullable(Type.String()),
  state: nullable(Type.String({ description: 'Null: one that is not known here.' })),
  sourceAddress: Type.String({ description: 'IP address of the sender.' }),
  receivedAt: instant,
  loggedAt: instant,
  body: Type.String({ description: 'Its first 1,000 characters; the log has the whole.' }),
});
export type WebhookView = Static<typeof webhookView>;

export const webhookList = closedObject({
  webhooks: Type.Array(webhookView, {
    maxItems: limits.listRowsMax,
    description: 'Newest first.',
  }),
  next,
});
export type WebhookList = Static<typeof webhookList>;
