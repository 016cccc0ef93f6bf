export interface InventorySettings {
  /** How long what has ended is remembered, so that a repeat of it changes nothing. */
  readonly retentionMs: number;
}

export const inventoryDefaults: InventorySettings = {
  // A repeat comes from a producer's retry within minutes, or from an operator who sends a dead
  // letter again within days. What is sold is kept for ever, because it may be returned.
  retentionMs: 7 * 24 * 60 * 60 * 1_000,
};
