/**
 * B1: every buffer, queue, batch, timeout and retry of the runtime has its limit here, with its
 * unit in the name and the reason for the value beside it.
 */

/** Of the connection to Kafka, `kafka/`. */
export const KAFKA_LIMITS = {
  /** A broker on the same network answers within milliseconds; longer means that it is down. */
  connectTimeoutMs: 3_000,
  /** Well above a broker's pause for garbage or a slow disk, well below what an operator waits. */
  requestTimeoutMs: 15_000,
  /** First retry backoff: coordinators finish the last transaction within a few ms. */
  retryBackoffMinMs: 1,
  /** Longest retry backoff: a broker that is back is noticed within it. */
  retryBackoffMaxMs: 500,
  /** An election or a broker's restart takes seconds; after this long the caller must know. */
  unreachableMs: 30_000,
  /** A topic just created is unknown to some brokers for a moment; for longer, it does not exist. */
  unknownTopicGraceMs: 2_000,

  /**
   * Bytes of one fetch from one broker. Decoding takes about 10 ms a MiB and blocks heartbeats; a
   * fetch answered is held beside the one being processed, so twice this is in memory.
   */
  fetchBytesMax: 2 * 1024 * 1024,
  /**
   * Bytes of one partition in a fetch: a hot partition leaves room for seven others. What a queue has
   * no room for yet is held whole, and objects that wait long cost the collector most.
   */
  fetchPartitionBytesMax: 256 * 1024,
  /**
   * How long a broker may hold a fetch back while there is nothing to read. Bounds how late a
   * partition is read that was assigned while every connection to its leader was waiting.
   */
  fetchWaitMs: 500,
  /** A gzip batch unpacks at most to this: a hostile one must not exhaust the memory. */
  uncompressedBatchBytesMax: 64 * 1024 * 1024,
  /** Connections to one leader: with a second, a new partition need not wait for the first's fetch. */
  fetchesPerLeaderMax: 2,

  /**
   * Bytes of one record batch, below the broker's default `message.max.bytes` (1,048,588) with room
   * for the batch header and a record that overshoots.
   */
  batchBytesMax: 768 * 1024,
  /** Bytes of one produce request, below the broker's `socket.request.max.bytes` (100 MiB). */
  produceBytesMax: 8 * 1024 * 1024,
  /** Produce requests in flight to a broker: what it keeps in order for an idempotent producer. */
  producesInFlightMax: 5,
  /** What a killed process leaves open stalls its readers this long (Kafka's default is 60 s). */
  transactionTimeoutMs: 10_000,
  /** A broker that cannot tell within this whether a transaction ended has left us not knowing. */
  endTransactionTimeoutMs: 10_000,

  /** At least so many heartbeats per session timeout: two may be lost, the third saves the session. */
  heartbeatsPerSessionMin: 3,
  /** A member learns of a rebalance by its next heartbeat, so all wait so long for the slowest. */
  heartbeatIntervalMaxMs: 500,
  /** Where a member leaves the group on its way out; the session timeout does the rest. */
  leaveTimeoutMs: 3_000,

  /** Records that may wait in an event producer; more are refused at once, so that the edge says 503. */
  eventQueueRecordsMax: 10_000,
} as const;

/** Of a task: what it holds in memory and how much goes into one commit. */
export const TASK_LIMITS = {
  /** Records of one input partition that wait to be handled; past it the partition is paused. */
  queueRecordsMax: 2_000,
  /** The partition is read again once this few wait. */
  queueRecordsResume: 1_000,
  /** Records and timers handled between two reads of the store; bounds how long the thread is held. */
  roundRecordsMax: 256,
  /** Records and timers of one commit while there is a backlog. */
  commitRecordsMax: 4_000,
  /** Bytes written in one commit, below the broker's 100 MiB by far, so that memory stays small. */
  commitBytesMax: 4 * 1024 * 1024,
  /**
   * Bytes that tasks of one process put into a transaction together: two that have as much as they may,
   * or any number that have little.
   */
  transactionBytesMax: 8 * 1024 * 1024,
  /**
   * After a transaction of several tasks the next one waits so long: those that were in it come back
   * within it, and would otherwise find that it has begun without them.
   */
  transactionGatherMs: 3,
  /** Age of the oldest record that is handled and not committed while there is a backlog. */
  commitIntervalMs: 100,
  /**
   * The same while more waits than one commit takes: what is that late already loses nothing by it,
   * and a key that changes several times is written once.
   */
  commitBacklogIntervalMs: 1_000,
  /**
   * States kept decoded by a task beside its store, twice over: more than the keys that are in use at
   * once, some 6 MiB of orders.
   */
  cachedStatesMax: 1_000,
  /** Timers kept in memory; later ones stay on disk until these are gone. */
  timersInMemoryMax: 4_096,
  /** Value of a record that may be emitted or kept: below the broker's default of 1 MiB. */
  recordBytesMax: 900 * 1024,
  /** Value bytes kept in a dead letter; what is longer is cut. */
  deadLetterValueBytesMax: 64 * 1024,
  /** Key bytes kept in a dead letter, and used as its own key: ids are 36 bytes. */
  deadLetterKeyBytesMax: 1_024,
  /** Bytes of names and values of headers kept in a dead letter; the first ones are. */
  deadLetterHeaderBytesMax: 16 * 1024,
  /** Of the reason, which may quote what was wrong. */
  deadLetterReasonCharactersMax: 2_000,
  /**
   * Dead letters of one task a minute; more mean a bug, not bad data, and stop the app. What a
   * handler rejects does not count: a shopper can bring that about, and must not stop an app.
   */
  deadLettersPerMinuteMax: 1_000,
  /** Backoff before a task is re-initialized after an unknown outcome; doubles up to the second. */
  retakeBackoffMinMs: 50,
  retakeBackoffMaxMs: 5_000,
  /**
   * Wait before a fenced task is re-initialized: longer than a heartbeat takes to tell whether the
   * group membership is still valid. Without it a zombie would fence the task's new owner.
   */
  fencedPauseMs: 3_000,
  /** Wait before the registry or the broker is asked again. */
  retryBackoffMs: 200,
  /**
   * How long a schema that the registry does not have may still come before its record is a dead
   * letter: replicas of a registry are a second or two behind each other.
   */
  schemaPatienceMs: 5_000,
  /** Longest wait before a task that waits for other partitions looks again (T1). */
  gateRecheckMs: 200,
  /** Records restored between two writes of the store. */
  restoreRecordsMax: 5_000,
  /** A restore says in the log how far it is this often: one of hours is not silent. */
  restoreReportMs: 5_000,
  /** Rows of timers looked at in one go when a store was built: one read of as many states. */
  sweepTimersMax: 1_024,
  /**
   * Bytes that a store gathers in memory before it writes a table. They are replayed from the log
   * when a killed process opens the store again, so this bounds how long that takes.
   */
  storeMemtableBytes: 4 * 1024 * 1024,
  /** Rows that an iterator of the store fetches at once; 8, its default, is four times slower. */
  storeIteratorRows: 1_024,
  /** One long poll of the worker; also how late it notices that it should stop. */
  pollWaitMs: 500,
} as const;

/** When a stall is detected, and what is done about it (`watch/stall.ts`). */
export const WATCH_LIMITS = {
  /** Two questions to each leader this often; bounds how late a stall is seen. */
  watchIntervalMs: 2_000,
  /**
   * A step, or taking a task, that makes no headway for so long. A commit may wait through every
   * timeout of its transaction, some 65 s, and a question to the brokers for `unreachableMs`.
   */
  taskStallMs: 90_000,
  /** Records that may be read and are not: longer than a reader tries before it says so itself. */
  readStallMs: 45_000,
  /**
   * A last stable offset that does not move below the end. A producer of ours that was killed is
   * ended after `transactionTimeoutMs`, at the broker's next look for such (every 10 s).
   */
  openTransactionMs: 25_000,
  /** A task is re-initialized this often while a transaction stays open: it may end at any time. */
  openTransactionRetakeMs: 60_000,
  /** Re-initialized, a task must make progress by then, or the process is given up. */
  retakeStallMs: 45_000,
  /** Longer than an election on a healthy cluster. */
  brokersAwayMs: 5_000,
  /** A task held for a rebalance: longer than a dead member's session and the slowest member. */
  holdStallMs: 60_000,
} as const;

export type WatchLimits = Readonly<Record<keyof typeof WATCH_LIMITS, number>>;

/** Of a process. */
export const WORKER_LIMITS = {
  /** How long a killed member's partitions wait; the broker's own minimum is 6 s. */
  sessionTimeoutMs: 8_000,
  /** How long a member may take to finish its commits before it rejoins. */
  rebalanceTimeoutMs: 15_000,
  /**
   * First and longest backoff before a round is retried that a dependency failed: a short
   * outage costs little, a long one no flood of retries.
   */
  roundBackoffMinMs: 100,
  roundBackoffMaxMs: 5_000,
  /** Between two attempts to start an app while Kafka or the registry is away. */
  startRetryMs: 1_000,
  /** A process that must go waits so long for tasks that do not end; the restart finds all as it was. */
  giveUpMs: 5_000,
  /** Broker and process clocks may differ by this much before T1 errs. */
  clockSlackMs: 100,
} as const;
