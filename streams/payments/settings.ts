/** What a shop may tune about payments. Times in milliseconds, measured in log time. */
export interface PaymentsSettings {
  /** How long a shopper has to pay, from when the code was issued; before, how long we try for one. */
  readonly lifetimeMs: number;
  /** First poll after a code was issued, before jitter. */
  readonly pollFirstMs: number;
  readonly pollFactor: number;
  readonly pollMaxMs: number;
  /** Up to this share of a delay is added, by order, so that orders of one moment spread out. */
  readonly jitterShare: number;
  /** Past this a status request is stale, and the gateway skips it. */
  readonly statusStaleMs: number;
  /** After a request went stale, how long its answer may still be in flight. */
  readonly statusGraceMs: number;
  /** Least pause between two reads that webhooks asked for: a flood of them must not flood PayPay. */
  readonly hintPauseMs: number;
  /** First pause after an answer that PayPay could not give; doubles up to one of the next two. */
  readonly retryFirstMs: number;
  readonly retryMaxMs: number;
  /** The same once the verdict is out and nobody waits. */
  readonly watchRetryMaxMs: number;
  /** How long PayPay may keep an authorization of an order that is over before an alert. */
  readonly authorizationStuckMs: number;
  /** Codes asked for per order: an outage of PayPay must not use up ids without end. */
  readonly attemptsMax: number;
  /** When a verdict is checked, counted from it. */
  readonly watchAfterMs: readonly number[];
  /** After that, how often money that PayPay holds is looked at, and until when. */
  readonly watchEveryMs: number;
  readonly watchUntilMs: number;
  /** Longest pause between two reads of a refund that is in flight. */
  readonly refundRetryMaxMs: number;
  /** How long a partition counts successes before it reports how they were settled. */
  readonly tallyMs: number;
  readonly silence: SilenceSettings;
  /** How long a notification waits for its order. */
  readonly parkMs: number;
  /** Notifications that one task keeps parked; further ones are dead letters at once. */
  readonly parkedMax: number;
}

/** When webhooks count as silent, and as heard again; the gap keeps the judgement from flapping. */
export interface SilenceSettings {
  /** Successes that are looked back at. */
  readonly judgedMax: number;
  /** Fewer successes than this do not make webhooks silent … */
  readonly silentMin: number;
  /** … and of them this share must have been found by asking. */
  readonly silentShare: number;
  readonly heardMin: number;
  /** Heard again: at most this share was found by asking. */
  readonly heardShare: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

export const paymentsDefaults: PaymentsSettings = {
  // PayPay's own default for a code.
  lifetimeMs: 5 * MINUTE_MS,
  // With jitter 4-5 s, the pace that PayPay's guide asks for.
  pollFirstMs: 4 * SECOND_MS,
  pollFactor: 1.5,
  pollMaxMs: 30 * SECOND_MS,
  jitterShare: 0.25,
  // 15,000 open orders polled at 50 calls a second take turns within it; older, it asks about a
  // code that has expired.
  statusStaleMs: 5 * MINUTE_MS,
  statusGraceMs: 15 * SECOND_MS,
  hintPauseMs: SECOND_MS,
  retryFirstMs: 2 * SECOND_MS,
  retryMaxMs: 30 * SECOND_MS,
  watchRetryMaxMs: 10 * MINUTE_MS,
  // A revert takes seconds; a quarter of an hour is neither slow nor an outage any more.
  authorizationStuckMs: 15 * MINUTE_MS,
  // With pauses of 30 s that is more than a lifetime holds.
  attemptsMax: 20,
  watchAfterMs: [MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 24 * HOUR_MS],
  // PayPay's console refunds for up to a year. 10,000 orders a day are six reads a second.
  watchEveryMs: 7 * 24 * HOUR_MS,
  watchUntilMs: 365 * 24 * HOUR_MS,
  refundRetryMaxMs: HOUR_MS,
  // An operator is alerted within seconds, and a task writes at most six counts a minute.
  tallyMs: 10 * SECOND_MS,
  // One in fifty is found by a poll that was a moment faster than its webhook; five of five is no
  // such chance. Three of three webhooks show that they come.
  silence: { judgedMax: 20, silentMin: 5, silentShare: 0.8, heardMin: 3, heardShare: 0.4 },
  // An order reaches payment within seconds; 15 minutes outlast a restart of any part.
  parkMs: 15 * MINUTE_MS,
  // About 200 bytes each: 2 MB a task.
  parkedMax: 10_000,
};
