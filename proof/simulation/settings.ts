/**
 * Settings of the apps in a run: the production ones with times of seconds instead of minutes, so
 * that every deadline, retention and retry is met within a minute of virtual time.
 */
import { accountsDefaults } from '../../streams/accounts/settings';
import { alertsDefaults } from '../../streams/alerts/settings';
import { gatewayDefaults } from '../../streams/gateway/settings';
import { inventoryDefaults } from '../../streams/inventory/settings';
import { ordersDefaults } from '../../streams/orders/settings';
import { paymentsDefaults } from '../../streams/payments/settings';

export const simulationSettings = {
  orders: { ...ordersDefaults, pendingDeadlineMs: 6_000 },
  // Longer than the edge takes to repeat a write.
  inventory: { ...inventoryDefaults, retentionMs: 7_000 },
  // A few shoppers place all orders of a run; their spending limits are what is tried.
  accounts: {
    ...accountsDefaults,
    retentionMs: 7_000,
    openOrdersMax: 1_000_000,
    heldPiecesMax: 1_000_000,
  },
  alerts: { ...alertsDefaults, ruleAGraceMs: 700, ruleBGraceMs: 900, retentionMs: 8_000 },
  payments: {
    ...paymentsDefaults,
    lifetimeMs: 6_000,
    pollFirstMs: 1_000,
    pollMaxMs: 4_000,
    statusStaleMs: 2_000,
    statusGraceMs: 2_000,
    hintPauseMs: 300,
    retryFirstMs: 500,
    retryMaxMs: 2_000,
    watchRetryMaxMs: 3_000,
    // PayPay reverts authorizations unless it is away; then an operator is alerted.
    authorizationStuckMs: 4_000,
    // The last look comes after everything that PayPay does in a run.
    watchAfterMs: [1_500, 5_000, 18_000],
    watchUntilMs: 0,
    refundRetryMaxMs: 2_000,
    parkMs: 5_000,
    parkedMax: 1,
  },
  gateway: { ...gatewayDefaults, rateLimitPauseMs: 300, openMs: 500, openMaxMs: 2_000 },
} as const;

/**
 * Nothing on the log for so long, once faults have ended, means that nothing more will come: longer
 * than any timer above that may be the only one left, and than a rebalance that waits for a member.
 */
export const QUIET_MS = 20_000;

/** A killed member's partitions wait this long. */
export const SESSION_TIMEOUT_MS = 4_000;
export const HEARTBEAT_INTERVAL_MS = 1_200;
/** Above every skew that a run may have. */
export const CLOCK_SLACK_MS = 100;
/** A code at PayPay outlives the payment's own deadline, as in production. */
export const CODE_LIFETIME_MS = 7_000;
