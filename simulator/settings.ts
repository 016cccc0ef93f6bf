/** How the simulated PayPay behaves when nothing is broken. Given at start, changed by control. */
export interface Settings {
  /** Where webhooks go. */
  readonly webhookUrl: string;
  /** How long a new code can be paid. */
  readonly codeLifetimeMs: number;
  readonly autoPay: AutoPay;
  /** How long a refund reads CREATED before it reads REFUNDED. */
  readonly refundDelayMs: number;
  /** PayPay refuses refunds with UNACCEPTABLE_OP. */
  readonly refuseRefunds: boolean;
  /** PayPay accepts refunds, and finds out after `refundDelayMs` that it cannot. */
  readonly failRefunds: boolean;
  /** PayPay refuses to revert an authorization, with ORDER_NOT_REVERSIBLE. */
  readonly refuseReverts: boolean;
}

/** Pays new codes by itself, for a shop without shoppers. */
export type AutoPay =
  { readonly kind: 'off' } | { readonly kind: 'after'; readonly delayMs: number };

/** PayPay's ORDER_QR codes live five minutes. */
export const CODE_LIFETIME_DEFAULT_MS = 300_000;

/** The longest wait that anything here may ask for: a day fits into every timer. */
export const DELAY_MAX_MS = 86_400_000;
