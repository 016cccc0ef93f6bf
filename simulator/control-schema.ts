import { Type, type Static } from '@sinclair/typebox';
import { FAULTS, type Fault } from './fault-mix';
import { OPERATIONS, OUTAGE_MODES } from './fault-plan';
import { HAND_MOVES, type PossibleAction } from './payment';
import { DELAY_MAX_MS } from './settings';
import { WEBHOOK_STATES } from './webhook-body';

/**
 * What the control API takes. Unknown fields are refused, so that a misspelt fault is not a
 * fault that silently does nothing.
 */
const strict = { additionalProperties: false };
const Delay = Type.Integer({ minimum: 0, maximum: DELAY_MAX_MS });
const Yen = Type.Integer({ minimum: 1, maximum: 99_999_999_999 });
const MerchantPaymentId = Type.String({ minLength: 1, maxLength: 64 });

/** Enough to see a doubled webhook; a flood is a matter for a load tool. */
const COPIES_MAX = 20;

/** The most that a list gives; the lists are for people. */
export const LIST_MAX = 500;
/** A query string holds text: one to three digits, more of which would be over LIST_MAX anyway. */
const Limit = Type.String({ pattern: '^[1-9][0-9]{0,2}$' });

export const WebhookPlanSchema = Type.Object(
  {
    lose: Type.Optional(Type.Boolean()),
    delayMs: Type.Optional(Delay),
    copies: Type.Optional(Type.Integer({ minimum: 1, maximum: COPIES_MAX })),
    hold: Type.Optional(Type.Boolean()),
    amount: Type.Optional(Yen),
  },
  strict,
);

export const ActionSchema = Type.Object(
  {
    action: Type.Unsafe<PossibleAction>({
      type: 'string',
      enum: [...HAND_MOVES, 'revert', 'refund'],
    }),
    /** Of `revert`. */
    to: Type.Optional(
      Type.Unsafe<'FAILED' | 'CANCELED' | 'REFUNDED'>({
        type: 'string',
        enum: ['FAILED', 'CANCELED', 'REFUNDED'],
      }),
    ),
    /** Of `refund`: the whole amount without it. Of `pay`: not what the code asked for. */
    amount: Type.Optional(Yen),
    /** Of `refund`: how long it reads CREATED, and that it fails then. The settings' without them. */
    delayMs: Type.Optional(Delay),
    fails: Type.Optional(Type.Boolean()),
    /** Of `pay`: not yen. */
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
    webhook: Type.Optional(WebhookPlanSchema),
  },
  strict,
);

export const OutageSchema = Type.Object(
  {
    mode: Type.Unsafe<(typeof OUTAGE_MODES)[number]>({ type: 'string', enum: [...OUTAGE_MODES] }),
    durationMs: Type.Integer({ minimum: 1, maximum: DELAY_MAX_MS }),
    effect: Type.Optional(
      Type.Unsafe<'none' | 'applied'>({ type: 'string', enum: ['none', 'applied'] }),
    ),
    /** Of `slow`. */
    delayMs: Type.Optional(Delay),
    operations: Type.Optional(
      Type.Array(
        Type.Unsafe<(typeof OPERATIONS)[number]>({ type: 'string', enum: [...OPERATIONS] }),
        { minItems: 1, maxItems: OPERATIONS.length },
      ),
    ),
  },
  strict,
);

export const SettingsSchema = Type.Object(
  {
    webhookUrl: Type.Optional(Type.String({ pattern: '^https?://', maxLength: 2_048 })),
    codeLifetimeMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: DELAY_MAX_MS })),
    /** 0 switches it off. */
    autoPayAfterMs: Type.Optional(Delay),
    refundDelayMs: Type.Optional(Delay),
    refuseRefunds: Type.Optional(Type.Boolean()),
    /** Accepted, and failed after `refundDelayMs`. */
    failRefunds: Type.Optional(Type.Boolean()),
    refuseReverts: Type.Optional(Type.Boolean()),
  },
  strict,
);

export const ForgedWebhookSchema = Type.Object(
  {
    /** Whose webhook it pretends to be; with `body` it is only what the log files it under. */
    merchantPaymentId: MerchantPaymentId,
    /** Derives the body from the payment, which must exist. */
    state: Type.Optional(
      Type.Unsafe<(typeof WEBHOOK_STATES)[number]>({ type: 'string', enum: [...WEBHOOK_STATES] }),
    ),
    /** Any JSON, sent as it is. */
    body: Type.Optional(Type.Unknown()),
    /** Any text, sent as if it were JSON. */
    text: Type.Optional(Type.String({ maxLength: 100_000 })),
    webhook: Type.Optional(WebhookPlanSchema),
  },
  strict,
);

export const ResendSchema = Type.Object({ webhook: Type.Optional(WebhookPlanSchema) }, strict);

const Faults = Type.Array(Type.Unsafe<Fault>({ type: 'string', enum: [...FAULTS] }), {
  maxItems: FAULTS.length,
  uniqueItems: true,
});

export const OrderFaultsSchema = Type.Object({ faults: Faults }, strict);

export const FaultDrawSchema = Type.Object(
  {
    seed: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    /** All without it. */
    among: Type.Optional(Faults),
  },
  strict,
);

export const OrderParams = Type.Object({ orderId: Type.String({ minLength: 1, maxLength: 60 }) });
export const PaymentParams = Type.Object({ merchantPaymentId: MerchantPaymentId });
export const WebhookParams = Type.Object({
  webhookId: Type.String({ minLength: 1, maxLength: 64 }),
});
export const PaymentQuery = Type.Object(
  { limit: Type.Optional(Limit), prefix: Type.Optional(MerchantPaymentId) },
  strict,
);
export const CallsQuery = Type.Object(
  { since: Type.Optional(Type.String({ pattern: '^[0-9]{1,14}$' })) },
  strict,
);
export const WebhookQuery = Type.Object(
  { limit: Type.Optional(Limit), merchantPaymentId: Type.Optional(MerchantPaymentId) },
  strict,
);

export type ActionRequest = Static<typeof ActionSchema>;
export type OutageRequest = Static<typeof OutageSchema>;
export type SettingsRequest = Static<typeof SettingsSchema>;
export type FaultDrawRequest = Static<typeof FaultDrawSchema>;
export type ForgedWebhookRequest = Static<typeof ForgedWebhookSchema>;
