/**
 * What can be done to the simulated PayPay by hand: by a developer, and by a play, which stands in for
 * the shopper. Plays are written against this, so they see no more of the simulator than a hand can.
 */
import type { ChangeFeed } from './change-feed';
import type { Controls } from './controls';
import type { WebhookPlan } from './fault-plan';
import type { Ledger } from './ledger';
import type { HAND_MOVES, Money, Payment } from './payment';
import type { Webhook } from './webhook-log';

/** What a developer can do to a payment; `revert` and `refund` happen without the merchant. */
export type Action =
  | { readonly kind: (typeof HAND_MOVES)[number] }
  /** PayPay takes something else than the code asked for; what is left out is the code's. */
  | { readonly kind: 'pay' | 'pay-late'; readonly money: Partial<Money> }
  | { readonly kind: 'revert'; readonly to: 'FAILED' | 'CANCELED' }
  | ({ readonly kind: 'refund'; readonly amount?: number } & Partial<RefundCourse>);

/** How a refund goes on once PayPay has taken it on; what is left out is as the settings say. */
export interface RefundCourse {
  /** How long it reads CREATED. */
  readonly delayMs: number;
  /** It reads FAILED afterwards, and the money stays. */
  readonly fails: boolean;
}

export interface HandControl {
  readonly changes: ChangeFeed;
  readonly controls: Controls;
  readonly ledger: Ledger;
  readonly merchantId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Throws UNKNOWN_PAYMENT. */
  payment(merchantPaymentId: string): Payment;
  /** Tells of it by webhook. Throws UNKNOWN_PAYMENT, ILLEGAL_MOVE. */
  act(merchantPaymentId: string, action: Action, plan: WebhookPlan): Payment;
  /** A webhook with any body whatever, such as one that overtakes its order. */
  forgeBody(merchantPaymentId: string, body: unknown, plan: WebhookPlan): Webhook;
  /** A webhook that is not even JSON. */
  forgeText(merchantPaymentId: string, text: string, plan: WebhookPlan): Webhook;
}
