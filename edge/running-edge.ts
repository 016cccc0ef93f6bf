/**
 * The edge with its real services. It starts whatever of them is there, answers 503 for what is
 * not, and picks each up when it comes back.
 *
 * Stopping, in this order: no new requests and no sockets; what is in flight is answered; the
 * readers; Kafka; Redis and Postgres.
 */
import { recordTypes } from '../schemas/avro-types';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Logger } from 'pino';
import { SchemaRegistry } from '../platform/avro/schema-registry';
import { systemClock as clock } from '../platform/clock';
import type { Traces } from '../platform/trace/spans';
import { openTraces } from '../platform/trace/traces';
import { openEventProducer } from '../streams/runtime/kafka/event-producer';
import { connectBroker } from '../streams/runtime/kafka/kafka-broker';
import type { ClientConfig } from './contract/api-types';
import { buildEdge } from './app';
import { DeadLetterDesk } from './dead-letters/desk';
import type { EdgeEnvironment } from './environment';
import { Followers } from './followers';
import { Services } from './health/services';
import { StreamsProcessWatch } from './health/streams-processes';
import { CatalogTable } from './log/catalog';
import { LogConnection } from './log/log-connection';
import { KafkaInspection } from './log/log-inspection';
import { alertTopics, orderTopics } from './order-topics';
import type { EdgeParts, EdgeScope, KafkaAddress } from './app-parts';
import { RequestTraces } from './request-traces';
import { LiveFeed } from './push/live-feed';
import { Database } from './read-models/database';
import { postgresReadModels } from './read-models/postgres-read-models';
import { postgresSearch } from './search/postgres-search';
import { productEngines } from './search/product-engines';
import { firebaseIdentity } from './sessions/identity';
import { RedisIdempotency, RedisRates, RedisSessions, connectRedis } from './sessions/redis';

export interface RunningEdge {
  readonly app: EdgeScope;
  /** Rejects when a reader met what no retry mends; the process must end then. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

export async function startEdge(
  environment: EdgeEnvironment,
  dashboardFolder: string,
  logger: Logger,
): Promise<RunningEdge> {
  const { partitions } = environment;
  const opened = openTraces(process.env);
  const traces = opened === undefined ? undefined : new RequestTraces(opened);
  const connection = connectLog(environment, logger, traces);
  const catalog = new CatalogTable();
  const feed = new LiveFeed([...new Set([...orderTopics.ops, ...alertTopics])], partitions);
  const followers = new Followers(catalog, feed, { partitions, clock, logger });
  const stores = openStores(environment, logger);
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const { sessions, readModels, checkSearch } = stores;
  const parts: EdgeParts = {
    ...stores,
    log: connection,
    inspection: new KafkaInspection(() => connection.opened(), readModels, partitions),
    desk: new DeadLetterDesk(() => connection.opened()),
    catalog,
    feed,
    metrics,
    ...(traces === undefined ? {} : { traces }),
    identity: firebaseIdentity(environment.firebase.projectId),
    services: new Services({
      kafka: () => connection.check(),
      redis: () => sessions.check(),
      postgres: () => readModels.check(),
      registry: () => connection.checkRegistry(),
      ...(checkSearch === undefined ? {} : { opensearch: checkSearch }),
    }),
    streamsProcesses: new StreamsProcessWatch(environment.streamsHealthUrls),
    settings: {
      ...environment,
      clientConfig: clientConfigOf(environment),
      kafka: kafkaAddressOf(environment),
      dashboardFolder,
    },
  };
  const app = await buildEdge(parts, logger);
  const following = followers.run(connection);
  await app.listen({ host: environment.host, port: environment.port });
  return {
    app,
    failed: following.then(() => new Promise<never>(() => undefined)),
    stop: async () => {
      await app.close();
      followers.stop();
      await Promise.allSettled([following]);
      await connection.close();
      await stores.close();
      await traces?.close();
    },
  };
}

function connectLog(
  { brokers, kafkaSecurity, registryUrl, registryToken, partitions }: EdgeEnvironment,
  logger: Logger,
  traces: Traces | undefined,
) {
  const kafka = { ...kafkaSecurity, brokers, clientId: 'edge' };
  return new LogConnection({
    connect: () => connectBroker(kafka),
    producer: openEventProducer(kafka),
    registry: new SchemaRegistry(registryUrl, recordTypes, registryToken),
    partitions,
    clock,
    logger,
    ...(traces === undefined ? {} : { traces }),
  });
}

function openStores(environment: EdgeEnvironment, logger: Logger) {
  const { redisUrl, redisCa, databaseUrl, openSearchUrl, sessionIdleMs, sessionsPerUser } =
    environment;
  const redis = connectRedis({ url: redisUrl, ca: redisCa }, ({ message }) =>
    logger.warn({ reason: message }, 'lost the connection to Redis'),
  );
  const database = new Database(databaseUrl, ({ message }) =>
    logger.warn({ reason: message }, 'lost a connection to Postgres'),
  );
  const engines = productEngines(openSearchUrl, postgresSearch(database.query), (error) =>
    logger.warn({ err: error }, 'OpenSearch cannot be asked; Postgres is'),
  );
  return {
    sessions: new RedisSessions(redis, { idleMs: sessionIdleMs, perUserMax: sessionsPerUser }),
    rates: new RedisRates(redis),
    idempotency: new RedisIdempotency(redis),
    readModels: postgresReadModels(database),
    search: engines.search,
    checkSearch: engines.check,
    close: async () => {
      redis.disconnect();
      await engines.close();
      await database.close();
    },
  };
}

function clientConfigOf({ firebase, demoAccounts }: EdgeEnvironment): ClientConfig {
  const { apiKey, projectId, authDomain, emulatorHost } = firebase;
  const emulatorUrl = emulatorHost === null ? null : `http://${emulatorHost}`;
  return {
    firebase: { apiKey, projectId, authDomain, emulatorUrl },
    demoAccounts: [...demoAccounts],
  };
}

function kafkaAddressOf({ brokers, registryUrl, partitions }: EdgeEnvironment): KafkaAddress {
  const url = new URL(registryUrl);
  url.username = '';
  url.password = '';
  return { brokers: brokers.join(','), registryUrl: url.href, partitions };
}
