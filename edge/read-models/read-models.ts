/**
 * What the routes need of the read models. Every method rejects with `VIEWS_UNAVAILABLE` when they
 * cannot be read; undefined means that the row is not there (yet).
 */
import type {
  AccountView,
  AlertDetail,
  AlertList,
  AlertQuery,
  AlertView,
  DeadLetterList,
  DeadLetterQuery,
  OpsSnapshot,
  OrderList,
  OrderSnapshot,
  OrderView,
  PaymentView,
  Position,
  ProductView,
  SilenceList,
  SilenceQuery,
  SilenceRecord,
  TimelineEntry,
  WebhookList,
  WebhookQuery,
} from '../contract/api-types';
import type { RepairFacts } from '../alert-preview';
import type {
  SpendingLimitHistory,
  StockHistory,
  StockList,
  StockQuery,
} from '../contract/administration';
import type {
  CatalogList,
  CatalogProduct,
  CatalogQuery,
  ProductHistory,
} from '../contract/catalog';
import type { Surroundings } from '../incidents';
import type { PageRequest, SearchPlace } from '../search/product-search';

/** The last order of the page before, in the order of the list. */
export interface OrderCursor {
  readonly createdAt: number;
  readonly orderId: string;
}

export interface OrderFilter {
  /** Absent: of everybody. */
  readonly userId?: string;
  readonly before?: OrderCursor;
}

/** A silence, and the event that it stands as: what made it, or what ended it. */
export interface KnownSilence extends SilenceRecord {
  /** Null: the row is older than this column. */
  readonly eventId: string | null;
}

export interface ReadModels {
  order(orderId: string): Promise<OrderView | undefined>;
  orders(filter: OrderFilter): Promise<OrderList>;
  timeline(orderId: string, topics: readonly string[]): Promise<readonly TimelineEntry[]>;
  payment(orderId: string): Promise<PaymentView | undefined>;
  account(userId: string): Promise<AccountView | undefined>;
  /** Products for sale, in the order of their English names. */
  productPage(page: PageRequest): Promise<readonly SearchPlace[]>;
  /** In the order of the skus; what is not for sale is left out. */
  products(skus: readonly string[]): Promise<readonly ProductView[]>;
  /** By sku, withdrawn ones too. */
  catalogPage(query: CatalogQuery): Promise<CatalogList>;
  catalogProduct(sku: string): Promise<CatalogProduct | undefined>;
  /** `before`: the `next` of the page before; so it is of the next two. */
  productHistory(sku: string, before?: string): Promise<ProductHistory>;
  stockList(query: StockQuery): Promise<StockList>;
  stockHistory(sku: string, before?: string): Promise<StockHistory>;
  spendingLimitHistory(userId: string, before?: string): Promise<SpendingLimitHistory>;
  alerts(query: AlertQuery): Promise<AlertList>;
  /** For grouping: up to `incidentAlertsMax`, the oldest first. */
  unresolvedAlerts(): Promise<readonly AlertView[]>;
  /** With evidence, history and timeline, which may be megabytes. */
  alert(alertId: string): Promise<AlertDetail | undefined>;
  /** The alert alone. */
  alertHead(alertId: string): Promise<AlertView | undefined>;
  /** Whether the alert's history has what came of the request: a change, no refusal. */
  alertTook(alertId: string, requestId: string): Promise<boolean>;
  repairFacts(orderId: string): Promise<RepairFacts>;
  /** Conditions that are active, and silences in force at `now`: neither over nor ended. */
  surroundings(now: number): Promise<Surroundings>;
  silences(query: SilenceQuery): Promise<SilenceList>;
  silence(silenceId: string): Promise<KnownSilence | undefined>;
  deadLetters(query: DeadLetterQuery): Promise<DeadLetterList>;
  webhooks(query: WebhookQuery): Promise<WebhookList>;
  /** Of the first request in the log under the key; undefined: none, or not read yet. */
  requestFingerprint(requestKey: string): Promise<string | undefined>;
  /** All of an order as of one moment, with the log positions that the moment stands for. */
  orderSnapshot(orderId: string, topics: readonly string[]): Promise<OrderSnapshot>;
  opsSnapshot(topics: readonly string[]): Promise<OpsSnapshot>;
  /** Where the views go on reading in each partition of the topics. */
  positions(topics: readonly string[]): Promise<readonly Position[]>;
  /** Resolves when the read models answer. */
  check(): Promise<void>;
}
