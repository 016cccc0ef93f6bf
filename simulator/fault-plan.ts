/**
 * How the simulated PayPay misbehaves on request: what happens to a webhook, and what to the API,
 * for all payments or for one. Plans are data; `webhook-sender.ts` and `routes/api-outage.ts` carry
 * them out.
 */

/** What happens to the webhooks of a payment; a field left out is taken from the wider plan. */
export interface WebhookPlan {
  /** Never sent. */
  readonly lose?: boolean;
  readonly delayMs?: number;
  /** How often it is sent, at the same time; 2 is a doubled webhook. */
  readonly copies?: number;
  /** Reordered: held back until the payment's next webhook has been sent. */
  readonly hold?: boolean;
  /** A wrong amount, in yen, in the body. */
  readonly amount?: number;
}

export interface CompleteWebhookPlan {
  readonly lose: boolean;
  readonly delayMs: number;
  readonly copies: number;
  readonly hold: boolean;
  readonly amount?: number;
}

export const FAULTLESS: CompleteWebhookPlan = { lose: false, delayMs: 0, copies: 1, hold: false };

/** The narrower plan wins field by field; `plans` are given from wide to narrow. */
export function combinePlans(...plans: readonly WebhookPlan[]): CompleteWebhookPlan {
  return plans.reduce<CompleteWebhookPlan>((wide, narrow) => ({ ...wide, ...narrow }), FAULTLESS);
}

export const OPERATIONS = [
  'create-code',
  'delete-code',
  'payment-details',
  'cancel-payment',
  'revert-authorization',
  'refund',
  'refund-details',
] as const;
export type Operation = (typeof OPERATIONS)[number];

export const OUTAGE_MODES = [
  /** The connection is cut without an answer. */
  'disconnect',
  /** HTTP 500, INTERNAL_SERVER_ERROR. */
  'error',
  /** HTTP 503, MAINTENANCE_MODE. */
  'maintenance',
  /** HTTP 429, RATE_LIMIT. */
  'rate-limit',
  /** The right answer after `delayMs`. */
  'slow',
  /** HTTP 200 with what is no JSON. */
  'garbage',
] as const;
export type OutageMode = (typeof OUTAGE_MODES)[number];

export interface Outage {
  readonly mode: OutageMode;
  /**
   * `none`: PayPay does nothing of what it is asked. `applied`: it does it, and the answer is what
   * is lost, so that a code exists which nobody was told of.
   */
  readonly effect: 'none' | 'applied';
  /** How long `slow` takes. */
  readonly delayMs: number;
  readonly operations: readonly Operation[];
  /** Milliseconds since the epoch. */
  readonly until: number;
}
