import type { HealthSettings } from './paypay-health';

/** What may be tuned about how PayPay is called. */
export interface GatewaySettings {
  /** Calls a second that PayPay is asked for, over all orders and processes of the merchant. */
  readonly callsPerSecond: number;
  /** Calls that may follow each other at once after a quiet time. */
  readonly callsBurst: number;
  /** Calls that one process has in flight at once, over all partitions. */
  readonly callsInFlightMax: number;
  /** No calls for this long after PayPay says that there were too many. */
  readonly rateLimitPauseMs: number;
  /** Times that a read is tried in all; writes are never repeated by the gateway. */
  readonly readTriesMax: number;
  readonly readRetryPauseMs: number;
  /** Failures in a row that open the circuit … */
  readonly failuresToOpen: number;
  /** … and of how many orders they are, unless there is no other that PayPay answers. */
  readonly ordersToOpen: number;
  /** How long an answer about one order shows that PayPay is well. */
  readonly heardForMs: number;
  /** How long it stays open at first; doubles with every probe that fails, up to the next. */
  readonly openMs: number;
  readonly openMaxMs: number;
  /** When PayPay counts as degraded, and as well again. */
  readonly health: HealthSettings;
  /** Where the shopper goes after paying; the orderId is appended. Absent: PayPay's own page. */
  readonly orderPageUrl?: string;
}

export const gatewayDefaults: GatewaySettings = {
  // Several hundred open orders polled every few seconds; PayPay's own limit is per contract.
  callsPerSecond: 50,
  callsBurst: 50,
  // Below the client's 64 sockets, so that no call waits where nobody sees it.
  callsInFlightMax: 48,
  rateLimitPauseMs: 1_000,
  readTriesMax: 2,
  readRetryPauseMs: 250,
  // Fewer would be bad luck, more would hold every order up for a timeout.
  failuresToOpen: 5,
  // Two orders that PayPay stumbles over are known to happen on one day, three in a row are not.
  ordersToOpen: 3,
  // An open order is polled every 30 s at least: one that is answered is seen within it.
  heardForMs: 30_000,
  openMs: 2_000,
  openMaxMs: 30_000,
  // Fewer than 20 votes a minute prove little, and an open circuit tells by itself. Half a minute
  // without trouble is no longer a gap between two blows.
  health: {
    degradedWithinMs: 60_000,
    degradedVotesMin: 20,
    degradedShare: 0.5,
    // One less than open the circuit.
    ownTroubleMax: 2,
    wellAfterMs: 30_000,
    wellShare: 0.1,
  },
};
