/**
 * Kafka's error codes as far as this client meets them, each with what it says about the request:
 *
 * - `moved`: asked the wrong broker, or one that does not know yet; look the leader or the
 *   coordinator up again, then ask there. Nothing was done.
 * - `wait`: the right broker, too early; retry after a backoff. Nothing was done.
 * - `unclear`: it may have been done.
 * - `refused`: it was not done and will not be; the code says why.
 */
export type Verdict = 'moved' | 'wait' | 'unclear' | 'refused';

const CODES = {
  1: ['OFFSET_OUT_OF_RANGE', 'refused'],
  2: ['CORRUPT_MESSAGE', 'refused'],
  3: ['UNKNOWN_TOPIC_OR_PARTITION', 'moved'],
  5: ['LEADER_NOT_AVAILABLE', 'moved'],
  6: ['NOT_LEADER_OR_FOLLOWER', 'moved'],
  7: ['REQUEST_TIMED_OUT', 'unclear'],
  8: ['BROKER_NOT_AVAILABLE', 'moved'],
  9: ['REPLICA_NOT_AVAILABLE', 'moved'],
  10: ['MESSAGE_TOO_LARGE', 'refused'],
  12: ['OFFSET_METADATA_TOO_LARGE', 'refused'],
  13: ['NETWORK_EXCEPTION', 'unclear'],
  14: ['COORDINATOR_LOAD_IN_PROGRESS', 'wait'],
  15: ['COORDINATOR_NOT_AVAILABLE', 'moved'],
  16: ['NOT_COORDINATOR', 'moved'],
  17: ['INVALID_TOPIC_EXCEPTION', 'refused'],
  18: ['RECORD_LIST_TOO_LARGE', 'refused'],
  19: ['NOT_ENOUGH_REPLICAS', 'wait'],
  20: ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'unclear'],
  22: ['ILLEGAL_GENERATION', 'refused'],
  23: ['INCONSISTENT_GROUP_PROTOCOL', 'refused'],
  24: ['INVALID_GROUP_ID', 'refused'],
  25: ['UNKNOWN_MEMBER_ID', 'refused'],
  26: ['INVALID_SESSION_TIMEOUT', 'refused'],
  27: ['REBALANCE_IN_PROGRESS', 'refused'],
  29: ['TOPIC_AUTHORIZATION_FAILED', 'refused'],
  30: ['GROUP_AUTHORIZATION_FAILED', 'refused'],
  31: ['CLUSTER_AUTHORIZATION_FAILED', 'refused'],
  35: ['UNSUPPORTED_VERSION', 'refused'],
  45: ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'refused'],
  46: ['DUPLICATE_SEQUENCE_NUMBER', 'unclear'],
  47: ['INVALID_PRODUCER_EPOCH', 'refused'],
  48: ['INVALID_TXN_STATE', 'refused'],
  49: ['INVALID_PRODUCER_ID_MAPPING', 'refused'],
  50: ['INVALID_TRANSACTION_TIMEOUT', 'refused'],
  51: ['CONCURRENT_TRANSACTIONS', 'wait'],
  53: ['TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'refused'],
  55: ['OPERATION_NOT_ATTEMPTED', 'refused'],
  56: ['KAFKA_STORAGE_ERROR', 'moved'],
  59: ['UNKNOWN_PRODUCER_ID', 'refused'],
  74: ['FENCED_LEADER_EPOCH', 'moved'],
  75: ['UNKNOWN_LEADER_EPOCH', 'moved'],
  76: ['UNSUPPORTED_COMPRESSION_TYPE', 'refused'],
  78: ['OFFSET_NOT_AVAILABLE', 'wait'],
  79: ['MEMBER_ID_REQUIRED', 'refused'],
  81: ['GROUP_MAX_SIZE_REACHED', 'refused'],
  82: ['FENCED_INSTANCE_ID', 'refused'],
  87: ['INVALID_RECORD', 'refused'],
  88: ['UNSTABLE_OFFSET_COMMIT', 'wait'],
  89: ['THROTTLING_QUOTA_EXCEEDED', 'wait'],
  90: ['PRODUCER_FENCED', 'refused'],
  120: ['TRANSACTION_ABORTABLE', 'refused'],
} as const satisfies Record<number, readonly [string, Verdict]>;

/** A topic's answer in Metadata, and this client's own word for a partition without a leader. */
export const UNKNOWN_TOPIC_OR_PARTITION = 3;
export const LEADER_NOT_AVAILABLE = 5;

export type KafkaErrorName = (typeof CODES)[keyof typeof CODES][0] | 'UNKNOWN_ERROR_CODE';

const TABLE: ReadonlyMap<number, readonly [KafkaErrorName, Verdict]> = new Map(
  Object.entries(CODES).map(([code, entry]) => [Number(code), entry]),
);

/** What the broker answered instead of a result. */
export class KafkaError extends Error {
  override readonly name = 'KafkaError';
  readonly kind: KafkaErrorName;
  readonly verdict: Verdict;

  constructor(code: number, what: string) {
    const [kind, verdict] = TABLE.get(code) ?? (['UNKNOWN_ERROR_CODE', 'refused'] as const);
    super(`${what}: ${kind} (${code})`);
    this.kind = kind;
    this.verdict = verdict;
  }
}

/** The socket broke, could not be opened, or gave no answer in time: the outcome is unknown. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** Throws unless `code` is 0; `what` says what was asked. */
export function throwIfFailed(code: number, what: string): void {
  if (code !== 0) throw new KafkaError(code, what);
}
