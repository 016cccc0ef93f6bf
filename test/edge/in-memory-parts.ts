/**
 * The edge's ports kept in memory, each of which can be taken down, for what the routes do when a
 * service is missing or the input is wrong. What the services really do is shown on the real ones,
 * in edge.broker.test.ts.
 */
import type { FastifyBaseLogger } from 'fastify';
import { Registry } from 'prom-client';
import type { AnyEvent } from '../../schemas/event';
import type { ChargedPayment } from '../../topics/alert-action-contract';
import type {
  AccountView,
  AlertDetail,
  AlertQuery,
  CatalogProduct,
  CatalogQuery,
  OrderView,
  PaymentView,
  Position,
  ProductView,
  SpendingLimitHistory,
  StockHistory,
  StockQuery,
  TimelineEntry,
  WebhookQuery,
  WebhookView,
} from '../../edge/contract/api-types';
import { foldedText } from '../../platform/search/folded-text';
import type { Question } from '../../platform/search/search-terms';
import { buildEdge } from '../../edge/app';
import { DeadLetterDesk } from '../../edge/dead-letters/desk';
import { EdgeError, type ErrorCode } from '../../edge/errors';
import { Services } from '../../edge/health/services';
import { StreamsProcessWatch } from '../../edge/health/streams-processes';
import type { Catalog, KnownProduct } from '../../edge/log/catalog';
import type { EventLog } from '../../edge/log/event-log';
import { KafkaInspection } from '../../edge/log/log-inspection';
import type { EdgeParts, EdgeScope, EdgeSettings } from '../../edge/app-parts';
import { alertTopics, orderTopics } from '../../edge/order-topics';
import { LiveFeed } from '../../edge/push/live-feed';
import type {
  AlertCount,
  KnownSilence,
  OrderFilter,
  ReadModels,
} from '../../edge/read-models/read-models';
import {
  RANKS,
  type PageRequest,
  type ProductSearch,
  type SearchRequest,
} from '../../edge/search/product-search';
import type { Account, Identity, IdentityProvider } from '../../edge/sessions/identity';
import type {
  IdempotencyClaim,
  IdempotencyMemory,
  RateCount,
  RateCounter,
  Session,
  SessionStore,
} from '../../edge/sessions/session-store';
import { MemoryRates } from '../../edge/plugins/rate-limits';
import { recordType } from '../../schemas/avro-types';
import { MemoryKafka } from './log/memory-kafka';

/** Up until it is taken down; then it fails as the real service does. */
class Service {
  down = false;

  constructor(private readonly code: ErrorCode) {}

  protected answer<T>(value: T): Promise<T> {
    return this.down ? Promise.reject(new EdgeError(this.code)) : Promise.resolve(value);
  }

  check(): Promise<void> {
    return this.answer(undefined);
  }
}

export class MemoryLog extends Service implements EventLog {
  readonly written: { readonly topic: string; readonly event: AnyEvent }[] = [];
  /** Deadline that the last caller gave. */
  deadlineMs: number | undefined;

  constructor() {
    super('LOG_UNAVAILABLE');
  }

  append: EventLog['append'] = async (topic, event, deadlineMs) => {
    this.deadlineMs = deadlineMs;
    await this.check();
    // As the codec does: what a schema of the API lets through must fit the event's.
    recordType(event.type).avro.toBuffer(event);
    this.written.push({ topic: topic.name, event: event });
  };
}

class MemoryRegistry extends Service {
  constructor() {
    super('LOG_UNAVAILABLE');
  }
}

export class MemorySessions extends Service implements SessionStore {
  readonly sessions = new Map<string, Session>();
  /** How often one was looked up. */
  found = 0;

  constructor() {
    super('SESSIONS_UNAVAILABLE');
  }

  async create(token: string, session: Session): Promise<void> {
    await this.check();
    this.sessions.set(token, session);
  }

  async removeAllOf(userId: string): Promise<void> {
    await this.check();
    for (const [token, session] of this.sessions) {
      if (session.userId === userId) this.sessions.delete(token);
    }
  }

  find(token: string): Promise<Session | undefined> {
    this.found += 1;
    return this.answer(this.sessions.get(token));
  }

  async remove(token: string): Promise<void> {
    await this.check();
    this.sessions.delete(token);
  }
}

export class MemoryRateCounter extends Service implements RateCounter {
  private rates = new MemoryRates();

  constructor() {
    super('SESSIONS_UNAVAILABLE');
  }

  clear(): void {
    this.rates = new MemoryRates();
  }

  count(key: string, windowMs: number): Promise<RateCount> {
    return this.answer(this.rates.count(key, windowMs));
  }
}

export class MemoryIdempotency implements IdempotencyMemory {
  private readonly fingerprints = new Map<string, string>();

  clear(): void {
    this.fingerprints.clear();
  }

  claim(requestKey: string, fingerprint: string): Promise<IdempotencyClaim> {
    const known = this.fingerprints.get(requestKey);
    if (known === undefined) this.fingerprints.set(requestKey, fingerprint);
    if (known === undefined) return Promise.resolve('first');
    return Promise.resolve(known === fingerprint ? 'repeat' : 'conflict');
  }

  release(requestKey: string, fingerprint: string): Promise<void> {
    if (this.fingerprints.get(requestKey) === fingerprint) this.fingerprints.delete(requestKey);
    return Promise.resolve();
  }
}

export class MemoryCatalog implements Catalog {
  readonly forSale = new Set(['TEA-001', 'CUP-002']);
  /** By sku, as an operator sees them. */
  readonly known = new Map<string, KnownProduct>();
  loading = false;

  lookUp(sku: string): 'for-sale' | 'unknown' | 'loading' {
    if (this.loading) return 'loading';
    return this.forSale.has(sku) ? 'for-sale' : 'unknown';
  }

  product(sku: string) {
    return this.known.get(sku);
  }
}

/** In the order of their names. */
const PRODUCTS: readonly ProductView[] = [
  { sku: 'CUP-002', name: 'Cup', nameJa: '茶碗', unitPrice: 900 },
  { sku: 'TEA-001', name: 'Green tea', nameJa: '緑茶', unitPrice: 400 },
].map((product) => ({
  ...product,
  description: '',
  descriptionJa: '',
  currency: 'JPY',
  imageUrl: null,
  available: 3,
}));

/** Finds by a part of a name; what the engines do is shown on the engines. */
export class MemorySearch extends Service implements ProductSearch {
  constructor() {
    super('VIEWS_UNAVAILABLE');
  }

  find({ whole }: Question, { limit, after }: SearchRequest) {
    const found = PRODUCTS.filter(
      ({ name, nameJa }) =>
        foldedText(`${name} ${nameJa}`).includes(whole) &&
        (after === undefined || name > after.order),
    );
    const places = found.map(({ sku, name }) => ({ rank: RANKS.word, order: name, sku }));
    return this.answer(places.slice(0, limit));
  }
}

export class MemoryReadModels extends Service implements ReadModels {
  readonly orderRows: OrderView[] = [];
  readonly alertRows: AlertDetail[] = [];
  readonly silenceRows: KnownSilence[] = [];
  readonly timelines = new Map<string, TimelineEntry[]>();
  readonly payments = new Map<string, PaymentView>();
  readonly accounts = new Map<string, AccountView>();
  readonly webhookRows: WebhookView[] = [];
  readonly catalog = new Map<string, CatalogProduct>();
  readonly stock = new Map<string, StockHistory>();
  readonly limitChanges = new Map<string, SpendingLimitHistory['changes']>();
  readonly charged = new Map<string, ChargedPayment[]>();
  readonly requests = new Map<string, string>();
  readonly places: Position[] = [];
  readonly conditions: string[] = [];

  constructor() {
    super('VIEWS_UNAVAILABLE');
  }

  clear(): void {
    this.orderRows.length = 0;
    this.alertRows.length = 0;
    this.silenceRows.length = 0;
    this.webhookRows.length = 0;
    this.places.length = 0;
    this.conditions.length = 0;
    const { timelines, payments, accounts, stock, limitChanges, charged, requests } = this;
    const maps = [timelines, payments, accounts, stock, limitChanges, charged, requests];
    for (const rows of maps) rows.clear();
    this.catalog.clear();
  }

  order(orderId: string) {
    return this.answer(this.orderRows.find((order) => order.orderId === orderId));
  }

  orders({ userId, before }: OrderFilter) {
    const orders = this.orderRows.filter(
      (order) =>
        (userId === undefined || order.userId === userId) &&
        (before === undefined || (order.createdAt ?? 0) < before.createdAt),
    );
    return this.answer({ orders, next: null });
  }

  timeline(orderId: string, topics: readonly string[]) {
    const entries = this.timelines.get(orderId) ?? [];
    const shown = entries.filter(({ topic }) => topics.includes(topic));
    return this.answer({ entries: shown, next: null });
  }

  payment(orderId: string) {
    return this.answer(this.payments.get(orderId));
  }

  account(userId: string) {
    return this.answer(this.accounts.get(userId));
  }

  productPage({ limit, after }: PageRequest) {
    const places = PRODUCTS.map(({ sku, name }) => ({ rank: 0, order: name, sku }));
    const rest = places.filter(({ order }) => after === undefined || order > after.order);
    return this.answer(rest.slice(0, limit));
  }

  products(skus: readonly string[]) {
    return this.answer(skus.flatMap((sku) => PRODUCTS.filter((product) => product.sku === sku)));
  }

  catalogPage({ after }: CatalogQuery) {
    const products = [...this.catalog.values()].filter(
      ({ sku }) => after === undefined || sku > after,
    );
    return this.answer({ products, next: null });
  }

  catalogProduct(sku: string) {
    return this.answer(this.catalog.get(sku));
  }

  async productHistory(sku: string) {
    const product = (await this.catalogProduct(sku)) ?? null;
    return { product, changes: [], next: null };
  }

  stockList({ after }: StockQuery) {
    const levels = [...this.stock.values()].flatMap(({ level }) => (level === null ? [] : [level]));
    const lines = levels
      .filter(({ sku }) => after === undefined || sku > after)
      .map((level) => ({ ...level, name: null }));
    return this.answer({ lines, next: null });
  }

  stockHistory(sku: string) {
    return this.answer(this.stock.get(sku) ?? { level: null, adjustments: [], next: null });
  }

  async spendingLimitHistory(userId: string) {
    const account = (await this.account(userId)) ?? null;
    return { account, changes: this.limitChanges.get(userId) ?? [], next: null };
  }

  alerts({ rule }: AlertQuery) {
    const alerts = this.alertRows
      .map(({ alert }) => alert)
      .filter((alert) => rule === undefined || alert.rule === rule);
    const amount = alerts.reduce((sum, { moneyAtRisk }) => sum + moneyAtRisk, 0);
    const moneyAtRisk = alerts.length === 0 ? [] : [{ currency: 'JPY', amount }];
    return this.answer({ alerts, total: alerts.length, moneyAtRisk, next: null });
  }

  alertCounts() {
    const kinds = new Map<string, AlertCount>();
    for (const { alert } of this.alertRows) {
      const { rule, severity, status } = alert;
      const name = `${rule} ${severity} ${status}`;
      kinds.set(name, { rule, severity, status, count: (kinds.get(name)?.count ?? 0) + 1 });
    }
    return this.answer([...kinds.values()]);
  }

  activeConditions() {
    return this.answer([...this.conditions]);
  }

  unresolvedAlerts() {
    const alerts = this.alertRows.map(({ alert }) => alert);
    return this.answer(alerts.filter(({ status }) => status !== 'RESOLVED'));
  }

  async alertHistory(alertId: string) {
    const alert = await this.alert(alertId);
    return alert === undefined ? undefined : { history: [...alert.history].reverse(), next: null };
  }

  async alertHead(alertId: string) {
    return (await this.alert(alertId))?.alert;
  }

  async alertTook(alertId: string, requestId: string) {
    const { history = [] } = (await this.alert(alertId)) ?? {};
    return history.some(
      ({ type, payload }) => type !== 'AlertCommandRefused' && payload['causationId'] === requestId,
    );
  }

  alert(alertId: string) {
    return this.answer(this.alertRows.find(({ alert }) => alert.alertId === alertId));
  }

  async repairFacts(orderId: string) {
    const order = (await this.order(orderId)) ?? null;
    return { order, payments: this.charged.get(orderId) ?? [], isRolledBack: false };
  }

  silences() {
    const silences = this.silenceRows.map(({ eventId: _, ...silence }) => silence);
    return this.answer({ silences, next: null });
  }

  silence(silenceId: string) {
    return this.answer(this.silenceRows.find((silence) => silence.silenceId === silenceId));
  }

  surroundings() {
    return this.answer({ conditions: [], silences: [] });
  }

  requestFingerprint(requestKey: string) {
    return this.answer(this.requests.get(requestKey));
  }

  /** Reads the requests of the log, as the views do. */
  catchUp({ written }: MemoryLog): void {
    for (const { event } of written) {
      if (!('requestKey' in event) || this.requests.has(event.requestKey)) continue;
      this.requests.set(event.requestKey, event.requestFingerprint);
    }
  }

  positions(topics: readonly string[]) {
    return this.answer(this.places.filter(({ topic }) => topics.includes(topic)));
  }

  deadLetters() {
    return this.answer({ deadLetters: [], next: null });
  }

  webhooks({ verdict }: WebhookQuery) {
    const webhooks = this.webhookRows.filter(
      (webhook) => verdict === undefined || webhook.verdict === verdict,
    );
    return this.answer({ webhooks, next: null });
  }

  async orderSnapshot(orderId: string, topics: readonly string[]) {
    return {
      kind: 'order' as const,
      order: (await this.order(orderId)) ?? null,
      payment: (await this.payment(orderId)) ?? null,
      timeline: (await this.timeline(orderId, topics)).entries,
      positions: [],
    };
  }

  async opsSnapshot() {
    return { kind: 'ops' as const, ...(await this.alerts({})), positions: [] };
  }
}

/** Postgres takes no zero byte in text: a query that is given one is a bug of ours, and 500. */
function asStrictAsPostgres(models: MemoryReadModels): ReadModels {
  return new Proxy(models, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...values: readonly unknown[]) => {
        if (JSON.stringify(values).includes('\\u0000')) throw new Error('a zero byte in a query');
        return Reflect.apply(member, target, values) as unknown;
      };
    },
  });
}

export class MemoryIdentity extends Service implements IdentityProvider {
  /** By userId, where an account is not as it was at its sign-in. */
  readonly accounts = new Map<string, Partial<Account> | 'deleted'>();
  asked = 0;
  readonly revoked: string[] = [];

  constructor(private readonly identities: ReadonlyMap<string, Identity>) {
    super('IDENTITY_UNAVAILABLE');
  }

  account(userId: string): Promise<Account | undefined> {
    this.asked += 1;
    const now = this.accounts.get(userId);
    if (now === 'deleted') return this.answer(undefined);
    const known = [...this.identities.values()].find((identity) => identity.userId === userId);
    const account = { disabled: false, tokensValidFrom: 0, roles: known?.roles ?? [] };
    return this.answer({ ...account, ...now });
  }

  revoke(userId: string): Promise<void> {
    this.revoked.push(userId);
    return this.check();
  }

  identify(idToken: string): Promise<Identity> {
    const identity = this.identities.get(idToken);
    if (identity !== undefined) return Promise.resolve(identity);
    return Promise.reject(new EdgeError('INVALID_TOKEN', { field: 'idToken' }));
  }
}

/** ID tokens that the identity provider in memory takes. */
export const SHOPPER_TOKEN = 'shopper';
export const OTHER_TOKEN = 'other';
export const OPS_TOKEN = 'ops';

const identities = new Map<string, Identity>([
  [
    SHOPPER_TOKEN,
    { userId: 'shopper-1', email: 'shopper@example.com', roles: [], authenticatedAt: 1_000 },
  ],
  [OTHER_TOKEN, { userId: 'shopper-2', email: null, roles: [], authenticatedAt: 1_000 }],
  [
    OPS_TOKEN,
    { userId: 'ops-1', email: 'ops@example.com', roles: ['ops'], authenticatedAt: 1_000 },
  ],
]);

export interface TestEdge {
  readonly app: EdgeScope;
  readonly log: MemoryLog;
  readonly sessions: MemorySessions;
  readonly identity: MemoryIdentity;
  readonly catalog: MemoryCatalog;
  readonly idempotency: MemoryIdempotency;
  readonly readModels: MemoryReadModels;
  readonly search: MemorySearch;
  readonly rates: MemoryRateCounter;
  readonly registry: { down: boolean };
  readonly feed: LiveFeed;
  /** What is looked at through `/api/topics`. */
  readonly kafka: MemoryKafka;
  /** Everything up, nothing written, no rows: for sharing one edge among tests. */
  reset(): void;
  /** A Cookie header of a signed-in session. */
  signIn(idToken: string): Promise<string>;
}

const SETTINGS: EdgeSettings = {
  webhookTrust: { kind: 'confirm' },
  webhookReplayKey: null,
  proxyDepth: 0,
  origins: [],
  revocationMs: 60_000,
  sessionMs: 8 * 3_600_000,
  paypayAddresses: ['52.68.128.8'],
  // More than any test asks for; what the limits do is shown by tests that set their own.
  rates: { signInsPerMinute: 1e6, ordersPerMinute: 1e6, webhooksPerMinute: 1e6 },
  monitors: ['127.0.0.0/8', '::1'],
  dashboardFolder: '/nowhere',
  kafka: { brokers: '127.0.0.1:9092', registryUrl: 'http://127.0.0.1:8081/', partitions: 1 },
  clientConfig: {
    firebase: { apiKey: 'key', projectId: 'project', authDomain: null, emulatorUrl: null },
    demoAccounts: [],
  },
};

export async function buildTestEdge(
  settings: Partial<EdgeSettings> = {},
  logger?: FastifyBaseLogger,
  metrics = new Registry(),
): Promise<TestEdge> {
  const log = new MemoryLog();
  const sessions = new MemorySessions();
  const catalog = new MemoryCatalog();
  const readModels = new MemoryReadModels();
  const search = new MemorySearch();
  const idempotency = new MemoryIdempotency();
  const rates = new MemoryRateCounter();
  const registry = new MemoryRegistry();
  const identity = new MemoryIdentity(identities);
  const feed = new LiveFeed([...new Set([...orderTopics.ops, ...alertTopics])], 1);
  const kafka = new MemoryKafka();
  const opened = () => {
    if (log.down) throw new EdgeError('LOG_UNAVAILABLE');
    return { broker: kafka.broker, codec: kafka.codec() };
  };
  const parts: EdgeParts = {
    log,
    inspection: new KafkaInspection(opened, readModels, 1),
    desk: new DeadLetterDesk(opened),
    sessions,
    catalog,
    readModels: asStrictAsPostgres(readModels),
    search,
    feed,
    idempotency,
    rates,
    identity,
    services: new Services({
      kafka: () => log.check(),
      redis: () => sessions.check(),
      postgres: () => readModels.check(),
      registry: () => registry.check(),
    }),
    streamsProcesses: new StreamsProcessWatch([]),
    metrics,
    settings: { ...SETTINGS, ...settings },
  };
  const app = await buildEdge(parts, logger);
  const signIn = async (idToken: string) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/auth/session',
      payload: { idToken },
    });
    const [set] = answer.cookies;
    return `${set?.name ?? ''}=${set?.value ?? ''}`;
  };
  const reset = () => {
    for (const service of [log, sessions, readModels, search, identity, rates, registry]) {
      service.down = false;
    }
    rates.clear();
    identity.accounts.clear();
    log.written.length = 0;
    catalog.loading = false;
    catalog.known.clear();
    idempotency.clear();
    readModels.clear();
  };
  return {
    ...{ app, log, sessions, identity, catalog, idempotency, readModels, search, feed, kafka },
    ...{ rates, registry, reset, signIn },
  };
}
