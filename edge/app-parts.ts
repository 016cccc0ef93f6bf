/** What the edge is built from: ports that the process entry fills with real services. */
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { ClientConfig } from './contract/api-types';
import type { RateSettings, WebhookTrust } from './environment';
import type { DeadLetterDesk } from './dead-letters/desk';
import type { Services } from './health/services';
import type { StreamsProcessWatch } from './health/streams-processes';
import type { Catalog } from './log/catalog';
import type { EventLog } from './log/event-log';
import type { LogInspection } from './log/log-inspection';
import type { LiveFeed } from './push/live-feed';
import type { ReadModels } from './read-models/read-models';
import type { RequestTraces } from './request-traces';
import type { ProductSearch } from './search/product-search';
import type { IdentityProvider } from './sessions/identity';
import type { IdempotencyMemory, RateCounter, SessionStore } from './sessions/session-store';

export interface EdgeParts {
  readonly log: EventLog;
  readonly inspection: LogInspection;
  readonly catalog: Catalog;
  readonly desk: DeadLetterDesk;
  readonly readModels: ReadModels;
  readonly search: ProductSearch;
  readonly sessions: SessionStore;
  readonly rates: RateCounter;
  readonly idempotency: IdempotencyMemory;
  readonly identity: IdentityProvider;
  readonly services: Services;
  readonly streamsProcesses: StreamsProcessWatch;
  readonly feed: LiveFeed;
  readonly metrics: Registry;
  /** Absent where tracing is off. */
  readonly traces?: RequestTraces;
  readonly settings: EdgeSettings;
}

export interface KafkaAddress {
  /** host:port, … */
  readonly brokers: string;
  /** Without credentials. */
  readonly registryUrl: string;
  /** Of every topic. */
  readonly partitions: number;
}

export interface EdgeSettings {
  readonly webhookTrust: WebhookTrust;
  /** Whoever sends it may replay webhooks from any address; null: nobody may. */
  readonly webhookReplayKey: string | null;
  readonly proxyDepth: number;
  readonly origins: readonly string[];
  /** Whoever loses the account, or a role, is out within this time; milliseconds. */
  readonly revocationMs: number;
  /** A session ends after it, however busy; milliseconds. */
  readonly sessionMs: number;
  /** Whose webhooks are never counted against a rate: PayPay's own. */
  readonly paypayAddresses: readonly string[];
  readonly rates: RateSettings;
  /** Addresses and networks whose senders may read metrics, /docs and which service is down. */
  readonly monitors: readonly string[];
  readonly clientConfig: ClientConfig;
  /** How other clients reach the log; told to operators. */
  readonly kafka: KafkaAddress;
  /** Where the built dashboard is, or will be. */
  readonly dashboardFolder: string;
}

/** A Fastify scope whose routes take their types from TypeBox schemas. */
export type EdgeScope = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;
