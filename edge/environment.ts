/**
 * What the edge is told from outside, read once at start. A variable that is missing or malformed
 * is an error before anything is opened, and the error names every such variable.
 */
import { allOf, EnvironmentError, refuseEnvironment } from '../platform/environment-error';
import { readKafkaSecurity, type KafkaSecurity } from '../platform/kafka-security';
import { cleanEnv, host, makeExactValidator, port, str, url } from 'envalid';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { readTraceSettings } from '../platform/trace/traces';
import { networksOf } from './networks';
import type { DemoAccount } from './contract/api-types';

/** PayPay's published addresses for live webhooks. */
const PAYPAY_ADDRESSES =
  '52.68.128.8,52.192.112.175,13.115.29.37,13.208.67.224,13.208.235.224,13.208.127.89';

const list = makeExactValidator<readonly string[]>((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

const addresses = makeExactValidator<readonly string[]>((text) => {
  const found = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  const wrong = found.find((item) => isIP(item) === 0);
  if (wrong !== undefined) throw new Error(`${wrong} is not an IP address`);
  return found;
});

const networks = makeExactValidator<readonly string[]>((text) => {
  const found = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  networksOf(found);
  return found;
});

/** `role:email:password`, separated by commas. */
const accounts = makeExactValidator<readonly DemoAccount[]>((text) =>
  text
    .split(',')
    .filter((item) => item !== '')
    .map((item) => {
      const [role, email, password, ...rest] = item.split(':');
      if (role === undefined || email === undefined || password === undefined || rest.length > 0) {
        throw new Error(`${item} is not role:email:password`);
      }
      return { role, email, password };
    }),
);

const healthUrls = makeExactValidator<readonly string[]>((text) => {
  const found = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  const wrong = found.find((item) => !URL.canParse(item) || !isOrigin(new URL(item)));
  if (wrong !== undefined) throw new Error(`${wrong} is not http://host:port`);
  return found;
});

/** Nothing but a place: what else stands there would be left out silently. */
function isOrigin({ protocol, pathname, search, hash, username }: URL): boolean {
  return protocol === 'http:' && `${pathname}${search}${hash}${username}` === '/';
}

const count = makeExactValidator<number>((text) => {
  if (!/^[0-9]{1,4}$/.test(text)) throw new Error(`${text} is not a small whole number`);
  return Number(text);
});

function between(min: number, max: number, what: string) {
  return makeExactValidator<number>((text) => {
    const value = /^[0-9]{1,9}$/.test(text) ? Number(text) : -1;
    if (value >= min && value <= max) return value;
    throw new Error(`${text} is not ${String(min)} to ${String(max)} ${what}`);
  });
}

/** Each account that is in use is asked for three times in that time; an hour is not soon. */
const revocationSeconds = between(1, 3_600, 'seconds');
/** A session that never ends is a password that never changes. */
const sessionSeconds = between(60, 7 * 86_400, 'seconds');
const perMinute = between(1, 10_000_000, 'a minute');

export type WebhookTrust =
  /** A webhook is a hint; PayPay's API is asked before money state moves. */
  | { readonly kind: 'confirm' }
  /** Only these senders are heard, and believed. */
  | { readonly kind: 'ip-allowlist'; readonly addresses: readonly string[] };

/** How often something may be asked for in a minute. */
export interface RateSettings {
  /** By one address, and by one user. */
  readonly signInsPerMinute: number;
  /** By one user; an address may have those of several. */
  readonly ordersPerMinute: number;
  /** By one address that is none of PayPay's. */
  readonly webhooksPerMinute: number;
}

export interface EdgeEnvironment {
  readonly host: string;
  readonly port: number;
  readonly brokers: readonly string[];
  readonly kafkaSecurity: KafkaSecurity;
  readonly registryUrl: string;
  /** Empty where it asks for none. */
  readonly registryToken: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Of the apps' processes, http://host:port each, to tell operators whether they are up. */
  readonly streamsHealthUrls: readonly string[];
  /** Where products are searched; undefined: in Postgres. */
  readonly openSearchUrl: string | undefined;
  /** In PEM, whom Redis must be vouched for by; null: whom the system believes. */
  readonly redisCa: string | null;
  /** Partitions of every topic. */
  readonly partitions: number;
  /** Proxies in front of the edge, each of which appends to X-Forwarded-For. */
  readonly proxyDepth: number;
  readonly webhookTrust: WebhookTrust;
  /** What `npm run webhook:replay` proves itself with; null: under ip-allowlist nobody replays. */
  readonly webhookReplayKey: string | null;
  /** Origins besides its own whose pages may change state, such as a dashboard in development. */
  readonly origins: readonly string[];
  /** Whoever loses the account, or a role, is out within this time; milliseconds. */
  readonly revocationMs: number;
  /** A session ends after it, however busy; milliseconds. */
  readonly sessionMs: number;
  /** A session ends when no request came for so long; milliseconds. */
  readonly sessionIdleMs: number;
  /** Sessions of one user; one more ends the oldest. */
  readonly sessionsPerUser: number;
  /** Addresses that PayPay sends webhooks from. */
  readonly paypayAddresses: readonly string[];
  readonly rates: RateSettings;
  /** Who may read metrics, /docs and which service is down: addresses and networks. */
  readonly monitors: readonly string[];
  readonly firebase: {
    readonly projectId: string;
    readonly apiKey: string;
    readonly authDomain: string | null;
    readonly emulatorHost: string | null;
  };
  /** Shown to whoever is not signed in, so never with a Firebase of real people. */
  readonly demoAccounts: readonly DemoAccount[];
  readonly logLevel: string;
}

/** Throws EnvironmentError. */
export function readEnvironment(environment: NodeJS.ProcessEnv = process.env): EdgeEnvironment {
  const specs = {
    EDGE_HOST: host({ default: '127.0.0.1' }),
    EDGE_PORT: port({ default: 3000 }),
    EDGE_ORIGINS: list({ default: [] }),
    EDGE_REVOCATION_SECONDS: revocationSeconds({ default: 60 }),
    // A working day, and a lunch break.
    EDGE_SESSION_SECONDS: sessionSeconds({ default: 8 * 3_600 }),
    EDGE_SESSION_IDLE_SECONDS: sessionSeconds({ default: 3_600 }),
    // A person has a few devices and browsers.
    EDGE_SESSIONS_PER_USER: between(1, 1_000, 'sessions')({ default: 10 }),
    // Typing a password wrongly again and again is slower than this; an office shares an address.
    EDGE_SIGN_INS_PER_MINUTE: perMinute({ default: 30 }),
    // A shopper who orders every two seconds is a script.
    EDGE_ORDERS_PER_MINUTE: perMinute({ default: 30 }),
    // Who is not PayPay and sends webhooks is a tool of ours, or nobody.
    WEBHOOKS_PER_MINUTE: perMinute({ default: 600 }),
    EDGE_MONITORS: networks({ default: ['127.0.0.0/8', '::1'] }),
    EDGE_LOG_LEVEL: str({ default: 'info', choices: ['debug', 'info', 'warn', 'error', 'silent'] }),
    KAFKA_BROKERS: list(),
    SCHEMA_REGISTRY_URL: url(),
    SCHEMA_REGISTRY_TOKEN: str({ default: '' }),
    DATABASE_URL: url(),
    REDIS_URL: url(),
    STREAMS_HEALTH_URLS: healthUrls({ default: [] }),
    OPENSEARCH_URL: url({ default: undefined }),
    TOPIC_PARTITIONS: count({ default: 6 }),
    WEBHOOK_PROXY_DEPTH: count({ default: 0 }),
    WEBHOOK_REPLAY_KEY: str({ default: '' }),
    WEBHOOK_TRUST: str({ default: 'confirm', choices: ['confirm', 'ip-allowlist'] }),
    WEBHOOK_ALLOWED_ADDRESSES: addresses({ default: PAYPAY_ADDRESSES.split(',') }),
    GCLOUD_PROJECT: str(),
    FIREBASE_AUTH_EMULATOR_HOST: str({ default: '' }),
    // Not a secret: it names the project to Firebase and stands in every page. The emulator takes any.
    FIREBASE_API_KEY: str({ default: 'emulator' }),
    FIREBASE_AUTH_DOMAIN: str({ default: '' }),
    EDGE_DEMO_ACCOUNTS: accounts({ default: [] }),
  };
  const { env, kafkaSecurity, redisCa } = allOf({
    env: () => cleanEnv(environment, specs, { reporter: refuseEnvironment }),
    kafkaSecurity: () => readKafkaSecurity(environment),
    redisCa: () => redisCaOf(environment),
    traces: () => readTraceSettings(environment),
    demoAccounts: () => refuseShownPasswords(environment),
  });
  return {
    host: env.EDGE_HOST,
    port: env.EDGE_PORT,
    brokers: env.KAFKA_BROKERS,
    kafkaSecurity,
    registryUrl: env.SCHEMA_REGISTRY_URL,
    registryToken: env.SCHEMA_REGISTRY_TOKEN,
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    streamsHealthUrls: env.STREAMS_HEALTH_URLS,
    openSearchUrl: env.OPENSEARCH_URL,
    redisCa,
    partitions: env.TOPIC_PARTITIONS,
    proxyDepth: env.WEBHOOK_PROXY_DEPTH,
    webhookReplayKey: env.WEBHOOK_REPLAY_KEY === '' ? null : env.WEBHOOK_REPLAY_KEY,
    webhookTrust:
      env.WEBHOOK_TRUST === 'confirm'
        ? { kind: 'confirm' }
        : { kind: 'ip-allowlist', addresses: env.WEBHOOK_ALLOWED_ADDRESSES },
    origins: env.EDGE_ORIGINS,
    revocationMs: env.EDGE_REVOCATION_SECONDS * 1_000,
    sessionMs: env.EDGE_SESSION_SECONDS * 1_000,
    sessionIdleMs: env.EDGE_SESSION_IDLE_SECONDS * 1_000,
    sessionsPerUser: env.EDGE_SESSIONS_PER_USER,
    paypayAddresses: env.WEBHOOK_ALLOWED_ADDRESSES,
    rates: {
      signInsPerMinute: env.EDGE_SIGN_INS_PER_MINUTE,
      ordersPerMinute: env.EDGE_ORDERS_PER_MINUTE,
      webhooksPerMinute: env.WEBHOOKS_PER_MINUTE,
    },
    monitors: env.EDGE_MONITORS,
    firebase: {
      projectId: env.GCLOUD_PROJECT,
      apiKey: env.FIREBASE_API_KEY,
      authDomain: orNull(env.FIREBASE_AUTH_DOMAIN),
      emulatorHost: orNull(env.FIREBASE_AUTH_EMULATOR_HOST),
    },
    demoAccounts: env.EDGE_DEMO_ACCOUNTS,
    logLevel: env.EDGE_LOG_LEVEL,
  };
}

function refuseShownPasswords({
  EDGE_DEMO_ACCOUNTS: shown = '',
  FIREBASE_AUTH_EMULATOR_HOST: emulator = '',
}: NodeJS.ProcessEnv): void {
  if (shown === '' || emulator !== '') return;
  throw new EnvironmentError(
    'EDGE_DEMO_ACCOUNTS: passwords are shown to everybody; only with FIREBASE_AUTH_EMULATOR_HOST',
  );
}

function redisCaOf({
  REDIS_TLS_CA_PATH: file = '',
  REDIS_URL: address = '',
}: NodeJS.ProcessEnv): string | null {
  if (file === '') return null;
  if (!address.startsWith('rediss:')) {
    throw new EnvironmentError('REDIS_TLS_CA_PATH: is set, and REDIS_URL is not rediss:');
  }
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new EnvironmentError(`REDIS_TLS_CA_PATH: ${file} cannot be read`);
  }
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
