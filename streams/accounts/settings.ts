export interface AccountsSettings {
  /** Limit of a user for whom nobody set one; whole yen. */
  readonly defaultLimitAmount: number;
  /** ISO 4217; the one currency of all limits. */
  readonly currency: string;
  /** How long what has ended is remembered, so that a repeat of it changes nothing. */
  readonly retentionMs: number;
}

export const accountsDefaults: AccountsSettings = {
  // What the shop lends its trust to a newcomer; an operator raises it by SpendingLimitChanged.
  defaultLimitAmount: 100_000,
  currency: 'JPY',
  // A repeat comes from a producer's retry within minutes, or from an operator who sends a dead
  // letter again within days. What is captured is kept for ever, because it may be returned.
  retentionMs: 7 * 24 * 60 * 60 * 1_000,
};
