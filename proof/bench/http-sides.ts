/** Servers that take webhooks: the edge as it is, and bare Fastify. */
import { startServer, type RunningServer, type ServerOptions } from './node-server';

export interface HttpSide {
  readonly name: string;
  begin(): Promise<RunningServer>;
}

/** Nothing listens there: neither Redis nor Postgres is needed to take a webhook. */
const NOBODY = '127.0.0.1:1';
const READY_PATH = '/health/live';

export function bareFastify(options: ServerOptions): HttpSide {
  const settings = (port: number) => ({ args: [String(port)], environment: {} });
  return {
    name: 'bare Fastify',
    begin: () => startServer(options, 'proof/bench/bare-http-server', settings, READY_PATH),
  };
}

/** PayPay is this machine: its webhooks are believed, and never too many. */
export function edgeForWebhooks(name: string, options: ServerOptions): HttpSide {
  const { brokers, registryUrl } = options.ground;
  const environment = {
    KAFKA_BROKERS: brokers,
    SCHEMA_REGISTRY_URL: registryUrl,
    DATABASE_URL: `postgres://${NOBODY}/nothing`,
    REDIS_URL: `redis://${NOBODY}`,
    GCLOUD_PROJECT: 'bench',
    FIREBASE_AUTH_EMULATOR_HOST: NOBODY,
    WEBHOOK_TRUST: 'ip-allowlist',
    WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1',
    EDGE_LOG_LEVEL: 'error',
  };
  const settings = (port: number) => ({
    args: [],
    environment: { ...environment, EDGE_PORT: String(port) },
  });
  return { name, begin: () => startServer(options, 'edge/server', settings, READY_PATH) };
}
