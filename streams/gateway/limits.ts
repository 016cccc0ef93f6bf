/** B1: what a gateway holds in memory, and how much goes into one commit. */
export const GATEWAY_LIMITS = {
  /**
   * Offsets between the lowest unfinished request and the newest one taken. Their bitmap is kept in
   * the committed offset's metadata: 16,384 bits are 2,732 characters of the broker's 4,096.
   */
  windowOffsetsMax: 16_384,
  /** Requests of one partition that are taken and not answered; past it nothing more is taken. */
  openRequestsMax: 2_000,
  /**
   * Polls sent away at once when there is no room for what comes; each comes back with its place.
   * Enough for one fetch's worth of urgent requests, few enough to be no flood of answers.
   */
  crowdedOutMax: 100,
  /** Fetched records of one partition that wait to be taken; past it the partition is paused. */
  backlogRecordsMax: 2_000,
  /** The partition is read again once this few wait. */
  backlogRecordsResume: 500,
  /** Answers in one transaction. */
  commitRecordsMax: 500,
  /**
   * How long calls in flight may take to end before a partition is given back. Longer than a call's
   * timeout of 10 s, within the group's rebalance timeout of 15 s.
   */
  drainMs: 12_000,
  /** Longest wait before calls that drain are looked at again. */
  drainRecheckMs: 500,
} as const;
