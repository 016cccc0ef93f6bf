/** Every limit of the edge, with its unit and the reason for its value. */
export const limits = {
  /** A JSON body of the API: an order of the most items takes 8 KiB. */
  bodyBytesMax: 32 * 1024,
  /** PayPay's own bodies are below 1 KiB; the rest is room for fields to come. */
  webhookBodyBytesMax: 64 * 1024,
  /**
   * Webhooks a second that no order hears of, and how many at once: PayPay's files and reconciliations
   * are a few a day. More are answered 503 and sent again.
   */
  webhooksAsidePerSecond: 50,
  webhooksAsideBurst: 500,
  /** Refused webhooks a second that are archived and logged, and how many at once. */
  webhooksRefusedPerSecond: 5,
  webhooksRefusedBurst: 50,
  /** What is kept of the body of a refused webhook, and what of it stands in the log's line. */
  refusedBodyBytesKept: 4 * 1024,
  refusedBodyBytesLogged: 200,
  /** A caller that sends a body this slowly is not a browser; it would hold a socket. */
  requestReceiveMs: 10_000,
  /** Node's own value, said here: a session's cookie and a browser's headers take 2 KiB. */
  headerBytesMax: 16 * 1024,
  /** Headers come in one packet or two. */
  headersReceiveMs: 5_000,
  /** How much later than its limit a request that stalls is cut off, at most. */
  connectionCheckMs: 1_000,
  /** What is in flight at SIGTERM gets this long, less than supervisors wait before SIGKILL. */
  drainMs: 8_000,

  /** One order reserves one sku after another in the log; a cart is rarely beyond a dozen. */
  orderItemsMax: 50,
  /** Keeps quantity times price times orderItemsMax within a safe integer. */
  itemPiecesMax: 1_000,
  unitPriceYenMax: 10_000_000,
  spendingLimitYenMax: 1_000_000_000,
  stockPiecesMax: 1_000_000,
  nameCharactersMax: 200,
  descriptionCharactersMax: 2_000,
  urlCharactersMax: 500,
  reasonCharactersMax: 500,
  /** A note is a paragraph, not a file. */
  noteCharactersMax: 2_000,
  /** Longer than any maintenance; what is quiet for longer is a rule that is set wrongly. */
  silenceMsMax: 30 * 24 * 3_600_000,
  searchCharactersMax: 100,
  /** A place in a list: a name and a sku, as base64. */
  cursorCharactersMax: 1_000,
  /** Products of a page, unless fewer are asked for. */
  productRowsMax: 200,
  /** More than fit under a search field are not read. */
  suggestionsMax: 8,
  /**
   * Of pg_trgm, 0 to 1. Two letters of six swapped leave 0.29; lower lets the whole shop be compared
   * letter by letter.
   */
  searchSimilarityMin: 0.2,
  userIdCharactersMax: 128,
  idempotencyKeyCharactersMax: 255,
  /** Firebase tokens are about 1 KiB; custom claims are limited to 1,000 bytes. */
  idTokenCharactersMax: 8 * 1024,

  /** Rows of one answer. */
  listRowsMax: 200,
  /** Alerts that are grouped into incidents: an hour of an outage at a busy shop. */
  incidentAlertsMax: 5_000,
  /** Records of a topic that are looked at together; a webhook's may have 64 KiB. */
  messagesMax: 50,
  messageKeyCharactersMax: 200,
  /** Offsets of one partition that a search for a key looks through. */
  keySearchOffsetsMax: 50_000,
  /** An order has about 30 events; a webhook doubled many times must not make the page endless. */
  timelineEntriesMax: 500,

  /** Below the 1.5 s in which PayPay wants an answer, with room for the network. */
  webhookAnswerMs: 1_200,
  /** A shopper who waits longer than this tries again; the same key makes the same order. */
  commandAnswerMs: 4_000,

  /** As long as a browser or a script may retry a request. */
  idempotencySeconds: 24 * 3_600,
  /** One row by its index; a request that Kafka can take does not wait longer for Postgres. */
  requestLookupMs: 500,
  redisCommandMs: 1_000,
  redisConnectMs: 2_000,
  redisReconnectMaxMs: 1_000,
  firebaseAnswerMs: 5_000,
  /** Requests wait for it, so it is shorter than what a sign-in may take. */
  accountAnswerMs: 2_000,
  /** After a failure Firebase is not asked for that long. */
  accountRetryMs: 2_000,
  /** Firebase's outages are mostly shorter; a revocation meanwhile must not stay without effect. */
  accountGraceMs: 5 * 60_000,
  /** Accounts whose last answer is remembered: more than use one edge at a time. */
  accountsKnownMax: 10_000,
  /** Sockets whose sessions are looked at together. */
  accountChecksMax: 50,

  /** Queries are by key or over one index; beyond this Postgres is in trouble. */
  postgresQueryMs: 3_000,
  postgresConnectMs: 2_000,
  /** A shopper waits; Postgres is asked after it. */
  openSearchAnswerMs: 1_000,
  postgresConnectionsMax: 10,

  /** What RateLimit headers count in; long enough for a burst of clicks. */
  rateWindowMs: 60_000,
  /** Redis answers within a millisecond; a webhook waits no longer for a counter. */
  rateAnswerMs: 50,
  /** Users and addresses that one edge counts by itself while Redis is away. */
  ratesKnownMax: 10_000,
  /** Shoppers that may share an address: an office, a mobile network. */
  usersPerAddress: 10,

  /** Between two attempts to reach Kafka or the registry. */
  logReconnectMs: 1_000,
  logPollMs: 1_000,
  /** Replicas of a registry are a second or two behind; an event passed over is not pushed later. */
  schemaPatienceMs: 5_000,
  /** One round of health checks; a service that is slower counts as down. */
  serviceCheckMs: 1_500,
  /** A process of apps tells its health out of memory, and its metrics with a look at its folders. */
  processAnswerMs: 1_500,
  /** How late a socket hears that a service went away. */
  servicePeriodMs: 2_000,

  /**
   * Records and bytes of the newest log kept in memory per partition, so that a join need not read
   * Kafka. Sixty partitions of it take at most 30 MiB.
   */
  ringRecordsMax: 1_024,
  ringBytesMax: 512 * 1024,
  /** A join whose snapshot is older than the ring reads at most this from Kafka, for this long. */
  gapRecordsMax: 20_000,
  gapReadMs: 3_000,
  /** Such reads at once. Who is one too many asks again, or is given a snapshot. */
  gapReadsMax: 20,
  /** Dead letters of one request; more are redriven by asking again, or by the command. */
  redriveLettersMax: 200,
  /** Their topics are read from the oldest of them on. */
  redriveAnswerMs: 20_000,
  /** Whoever looks into the log waits no longer for Kafka than for Postgres. */
  inspectionMs: 4_000,
  /** A page says who it is in its first packet; who does not is no page of ours. */
  socketAdmitMs: 5_000,
  /**
   * Sockets that have not said who they are, in all and of one address: every page of an office comes
   * back at once when the edge was started anew, and tries again a little later.
   */
  socketsWaitingMax: 500,
  socketsWaitingPerAddressMax: 50,
  /** Pages that one person has open, on all devices; one edge counts its own. */
  socketsPerUserMax: 50,
  /** An operator has a few pages open; a page shows one order. */
  roomsPerSocketMax: 20,
  /** Rooms that one person asks for, and at once: all pages of a person, each with two rooms. */
  joinsPerSecond: 10,
  joinsBurst: 200,
  /** How far a page has come in each partition of the operators' room: 100 partitions are 9 KiB. */
  socketMessageBytesMax: 16 * 1024,
  /** A socket with so many packets unsent does not read; it is closed and begins with a snapshot. */
  socketPacketsMax: 1_000,
} as const;
