export interface OrdersSettings {
  /** How long an order may wait for stock and funds before it fails. */
  readonly pendingDeadlineMs: number;
  /** How long stock and funds may take to come back before a roll back counts as failed. */
  readonly rollBackDeadlineMs: number;
}

export const ordersDefaults: OrdersSettings = {
  // Both answers take milliseconds; a minute outlasts a restart of inventory or accounts, and is
  // about as long as a shopper looks at a spinner.
  pendingDeadlineMs: 60_000,
  // The same two apps answer; by then the operator must hear that one of them does not.
  rollBackDeadlineMs: 60_000,
};
