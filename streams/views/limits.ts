/** B1 of the views: every batch, wait and retry has its limit here, with the reason beside it. */
export const VIEW_LIMITS = {
  /**
   * Records of one Postgres transaction: large enough that the round trips of a transaction do not
   * count, small enough that one is over well within the rebalance timeout.
   */
  batchRecordsMax: 2_000,
  /** One long poll; also how often a paused reader looks how far the log has come. */
  pollWaitMs: 500,
  /** What Postgres refuses as data is one foreign record in a while; more is a bug of ours. */
  refusedRecordsPerMinuteMax: 100,
  /** A Postgres on the same network accepts within milliseconds; longer means that it is down. */
  connectTimeoutMs: 3_000,
  /** No statement of a batch takes more than a second; longer means that the server is stuck. */
  statementTimeoutMs: 15_000,
  /** What a killed process left open must not hold its offset rows against the next one. */
  idleInTransactionMs: 10_000,
  /** One connection writes, one is spare while the server still ends the one that was lost. */
  connectionsMax: 2,
  /** Waited beyond a statement's own limit for the server to say so; then it is not there. */
  answerGraceMs: 5_000,
  /** A migration may build an index over a large table, which takes minutes. */
  migrationTimeoutMs: 600_000,
  /** Wait for another process's migration, or for readers of a table; then it is retried. */
  migrationLockWaitMs: 10_000,
  /** What is older when it is read is history and counted in no metric: an hour's lag is an outage. */
  countedForMs: 3_600_000,
  /** Orders whose payment waits for its other end, to tell how long it took: some minutes' worth. */
  countedOrdersMax: 50_000,
  /** Postgres takes at most 2,704 bytes in an index row; the other columns of the key need room. */
  keyBytesMax: 1_024,
  /** How long a killed member's partitions wait; the broker's own minimum is 6 s. */
  sessionTimeoutMs: 8_000,
  /** How long the batch in flight may take before the member rejoins. */
  rebalanceTimeoutMs: 30_000,
} as const;
