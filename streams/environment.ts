/**
 * What a streams process is told from outside, read once at start. A variable that is missing or
 * malformed ends the process before anything is opened, with a line for each.
 */
import { cleanEnv, host, makeValidator, num, port, str, url, type CleanedEnv } from 'envalid';
import { accountsDefaults } from './accounts/settings';
import { alertsDefaults } from './alerts/settings';
import { gatewayDefaults } from './gateway/settings';
import { inventoryDefaults } from './inventory/settings';
import { ordersDefaults } from './orders/settings';
import { paymentsDefaults } from './payments/settings';
import { allOf, refuseEnvironment } from '../platform/environment-error';
import { readKafkaSecurity, type KafkaSecurity } from '../platform/kafka-security';
import { readTraceSettings } from '../platform/trace/traces';
import { WORKER_LIMITS } from './runtime/limits';

const milliseconds = makeValidator<number>((text) => {
  if (!/^\d+$/.test(text)) throw new Error(`${text} is not a whole number of milliseconds`);
  return Number(text);
});

const listOfMilliseconds = makeValidator<readonly number[]>((text) => {
  if (!/^\d+(,\d+)*$/.test(text))
    throw new Error(`${text} is not a list of milliseconds, as in 1,2`);
  return text.split(',').map(Number);
});

/** Settings of apps that may be set, by variable; the rest keep their defaults. */
const SETTINGS = {
  ORDERS_PENDING_DEADLINE_MS: milliseconds({ default: ordersDefaults.pendingDeadlineMs }),
  ACCOUNTS_DEFAULT_LIMIT: num({ default: accountsDefaults.defaultLimitAmount }),
  ACCOUNTS_OPEN_ORDERS_MAX: num({ default: accountsDefaults.openOrdersMax }),
  ACCOUNTS_HELD_PIECES_MAX: num({ default: accountsDefaults.heldPiecesMax }),
  PAYMENTS_LIFETIME_MS: milliseconds({ default: paymentsDefaults.lifetimeMs }),
  PAYMENTS_POLL_FIRST_MS: milliseconds({ default: paymentsDefaults.pollFirstMs }),
  PAYMENTS_PARK_MS: milliseconds({ default: paymentsDefaults.parkMs }),
  PAYMENTS_AUTHORIZATION_STUCK_MS: milliseconds({
    default: paymentsDefaults.authorizationStuckMs,
  }),
  PAYMENTS_WATCH_AFTER_MS: listOfMilliseconds({ default: paymentsDefaults.watchAfterMs }),
  PAYMENTS_WATCH_EVERY_MS: milliseconds({ default: paymentsDefaults.watchEveryMs }),
  PAYMENTS_WATCH_UNTIL_MS: milliseconds({ default: paymentsDefaults.watchUntilMs }),
  ALERTS_RULE_A_GRACE_MS: milliseconds({ default: alertsDefaults.ruleAGraceMs }),
  ALERTS_RULE_B_GRACE_MS: milliseconds({ default: alertsDefaults.ruleBGraceMs }),
  GATEWAY_CALLS_PER_SECOND: num({ default: gatewayDefaults.callsPerSecond }),
  GATEWAY_ORDER_PAGE_URL: url({ default: undefined }),
};

function settingsOf(read: CleanedEnv<typeof SETTINGS>) {
  const orderPageUrl: string | undefined = read.GATEWAY_ORDER_PAGE_URL;
  return {
    orders: { ...ordersDefaults, pendingDeadlineMs: read.ORDERS_PENDING_DEADLINE_MS },
    inventory: inventoryDefaults,
    accounts: {
      ...accountsDefaults,
      defaultLimitAmount: read.ACCOUNTS_DEFAULT_LIMIT,
      openOrdersMax: read.ACCOUNTS_OPEN_ORDERS_MAX,
      heldPiecesMax: read.ACCOUNTS_HELD_PIECES_MAX,
    },
    payments: {
      ...paymentsDefaults,
      lifetimeMs: read.PAYMENTS_LIFETIME_MS,
      pollFirstMs: read.PAYMENTS_POLL_FIRST_MS,
      parkMs: read.PAYMENTS_PARK_MS,
      authorizationStuckMs: read.PAYMENTS_AUTHORIZATION_STUCK_MS,
      watchAfterMs: read.PAYMENTS_WATCH_AFTER_MS,
      watchEveryMs: read.PAYMENTS_WATCH_EVERY_MS,
      watchUntilMs: read.PAYMENTS_WATCH_UNTIL_MS,
    },
    gateway: {
      ...gatewayDefaults,
      callsPerSecond: read.GATEWAY_CALLS_PER_SECOND,
      // A second's worth, as in the defaults.
      callsBurst: read.GATEWAY_CALLS_PER_SECOND,
      ...(orderPageUrl === undefined ? {} : { orderPageUrl }),
    },
    alerts: {
      ...alertsDefaults,
      ruleAGraceMs: read.ALERTS_RULE_A_GRACE_MS,
      ruleBGraceMs: read.ALERTS_RULE_B_GRACE_MS,
    },
  };
}

export type AppSettings = ReturnType<typeof settingsOf>;

export interface StreamsEnvironment extends KafkaSecurity {
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  /** Empty where it asks for none. */
  readonly registryToken: string;
  /** Only views need it. */
  readonly databaseUrl: string | undefined;
  /** Where products are indexed for the search beside Postgres; undefined: nowhere. */
  readonly openSearchUrl: string | undefined;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Folder of the stores; an instance has its own below it. */
  readonly data: string;
  readonly instance: string;
  readonly healthHost: string;
  readonly healthPort: number;
  readonly sessionTimeoutMs: number;
  readonly clockSlackMs: number;
  readonly logLevel: string;
  readonly settings: AppSettings;
}

/** Throws EnvironmentError. */
export function readEnvironment(env: NodeJS.ProcessEnv): StreamsEnvironment {
  const specs = {
    KAFKA_BROKERS: str({ desc: 'host:port, separated by commas' }),
    SCHEMA_REGISTRY_URL: url({ desc: "base of Confluent's API" }),
    SCHEMA_REGISTRY_TOKEN: str({ default: '' }),
    DATABASE_URL: url({ default: undefined }),
    OPENSEARCH_URL: url({ default: undefined }),
    TOPIC_PARTITIONS: num({ default: 6 }),
    TOPIC_REPLICATION_FACTOR: num({ default: 1 }),
    STREAMS_DATA: str({ default: 'var/data/streams' }),
    STREAMS_INSTANCE: str({ default: 'one' }),
    HEALTH_HOST: host({ default: '127.0.0.1' }),
    HEALTH_PORT: port({ default: 8090 }),
    SESSION_TIMEOUT_MS: milliseconds({ default: WORKER_LIMITS.sessionTimeoutMs }),
    CLOCK_SLACK_MS: milliseconds({ default: WORKER_LIMITS.clockSlackMs }),
    LOG_LEVEL: str({ default: 'info' }),
    ...SETTINGS,
  };
  const { read, security } = allOf({
    read: () => cleanEnv(env, specs, { reporter: refuseEnvironment }),
    security: () => readKafkaSecurity(env),
    traces: () => readTraceSettings(env),
  });
  return {
    ...security,
    brokers: read.KAFKA_BROKERS.split(',').map((broker) => broker.trim()),
    registryUrl: read.SCHEMA_REGISTRY_URL,
    registryToken: read.SCHEMA_REGISTRY_TOKEN,
    databaseUrl: read.DATABASE_URL,
    openSearchUrl: read.OPENSEARCH_URL,
    partitions: read.TOPIC_PARTITIONS,
    replicationFactor: read.TOPIC_REPLICATION_FACTOR,
    data: read.STREAMS_DATA,
    instance: read.STREAMS_INSTANCE,
    healthHost: read.HEALTH_HOST,
    healthPort: read.HEALTH_PORT,
    sessionTimeoutMs: read.SESSION_TIMEOUT_MS,
    clockSlackMs: read.CLOCK_SLACK_MS,
    logLevel: read.LOG_LEVEL,
    settings: settingsOf(read),
  };
}
