export interface AccountsSettings {
  /** Limit of a user for whom nobody set one; whole yen. */
  readonly defaultLimitAmount: number;
  /** Orders of one user that may wait for their payment at once. */
  readonly openOrdersMax: number;
  /** Pieces of all those orders together. */
  readonly heldPiecesMax: number;
  /** ISO 4217; the one currency of all limits. */
  readonly currency: string;
  /** How long what has ended is remembered, so that a repeat of it changes nothing. */
  readonly retentionMs: number;
}

export const accountsDefaults: AccountsSettings = {
  // What the shop lends its trust to a newcomer; an operator raises it by SpendingLimitChanged.
  defaultLimitAmount: 100_000,
  // A code is paid within minutes; who leaves more than these open keeps goods from others.
  openOrdersMax: 20,
  // A basket for an office; what is sold in bulk is sold otherwise.
  heldPiecesMax: 500,
  currency: 'JPY',
  // A repeat comes from a producer's retry within minutes, or from an operator who sends a dead
  // letter again within days. What is captured is kept for ever, because it may be returned.
  retentionMs: 7 * 24 * 60 * 60 * 1_000,
};
