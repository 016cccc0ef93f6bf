export interface OrdersSettings {
  /** How long an order may wait for stock and funds before it fails. */
  readonly pendingDeadlineMs: number;
}

export const ordersDefaults: OrdersSettings = {
  // Both answers take milliseconds; a minute outlasts a restart of inventory or accounts, and is
  // about as long as a shopper looks at a spinner.
  pendingDeadlineMs: 60_000,
};
