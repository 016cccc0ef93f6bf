/**
 * The types of everything that the edge's HTTP API and its socket carry, for the programs that
 * call it. Types only: importing this file brings no code along. The schemas behind them are in the
 * files beside it, where each field is described. All instants are milliseconds since the epoch.
 */
/** `POST /auth/session`, answered with SessionStatus; `GET /auth/status`; `POST /auth/logout`: 204. */
export type { SessionStatus, SignInBody, User } from './session';

/**
 * `POST /api/orders` with the header `Idempotency-Key`, and `POST /api/orders/:orderId/cancel`: 202
 * with OrderAccepted. `GET /api/orders?before=…`, `GET /api/orders/:orderId`,
 * `…/timeline?before=…`.
 */
export type {
  CancellationBody,
  OrderAccepted,
  OrderItem,
  OrderList,
  OrderView,
  PurchaseBody,
  Timeline,
  TimelineEntry,
} from './order';
/**
 * `GET /api/orders/:orderId/payment`; `POST …/payment/check` with the header `Idempotency-Key`: 202
 * with OrderAccepted.
 */
export type { PaymentCheckBody, PaymentView } from './payment';

/** `GET /api/account` */
export type { AccountView } from './account';
/** `GET /api/products?query=…&after=…&limit=…`, `GET /api/products/suggest?prefix=…` */
export type {
  ProductList,
  ProductQuery,
  ProductView,
  SuggestionList,
  SuggestionView,
} from './product';

/** `GET /api/alerts?status=…&rule=…&severity=…&limit=…`, `GET /api/alerts/:alertId`, `…/history?before=…` */
export type {
  AlertDetail,
  AlertHistory,
  AlertHistoryEntry,
  AlertList,
  AlertQuery,
  AlertView,
  Evidence,
  MoneySum,
} from './alert';

/**
 * `POST /api/alerts/:alertId/…` with the header `Idempotency-Key`: `acknowledge`, `notes`,
 * `resolve`, `reopen`, `actions`; 202 with CommandAccepted, 409 when the alert has changed since.
 * `GET /api/alerts/:alertId/actions`. `POST /api/silences` and `POST /api/silences/:silenceId/end`
 * with the header: 202 with SilenceAccepted. `GET /api/silences`.
 */
export type {
  AcknowledgeBody,
  ActionBody,
  ActionPreview,
  AlertActions,
  CommandAccepted,
  NoteBody,
  ReopenBody,
  ResolveBody,
  SilenceAccepted,
  SilenceBody,
  SilenceEndBody,
} from './alert-command';

/** `GET /api/incidents?before=…` */
export type {
  ConditionView,
  IncidentList,
  IncidentView,
  SilenceList,
  SilenceQuery,
  SilenceRecord,
  SilenceView,
} from './incident';

/**
 * `GET /api/admin/stock?after=…`; `POST /api/admin/stock` and
 * `POST /api/admin/stock/adjustments` with the header `Idempotency-Key`; 202 with the eventId of the
 * request, by which `GET /api/admin/stock/:sku/adjustments` says what became of it.
 * `POST /api/admin/spending-limits`; `GET /api/admin/spending-limits/:userId`.
 */
export type {
  EventAccepted,
  SpendingLimitBody,
  SpendingLimitHistory,
  StockAdjustmentBody,
  StockAdjustmentView,
  StockBody,
  StockHistory,
  StockLevelView,
  StockLine,
  StockList,
  StockQuery,
} from './administration';

/**
 * `GET /api/admin/products?after=…`; `POST /api/admin/products` and
 * `POST /api/admin/products/:sku/withdraw` with the header `Idempotency-Key`; 202 with the eventId,
 * 409 when the product has changed since. `GET /api/admin/products/:sku/changes?before=…`.
 */
export type {
  CatalogList,
  CatalogProduct,
  CatalogQuery,
  ProductBody,
  ProductChange,
  ProductHistory,
  WithdrawalBody,
} from './catalog';

/** `GET /api/dead-letters?app=…`, `POST /api/dead-letters/redrive` */
export type {
  DeadLetterList,
  DeadLetterQuery,
  DeadLetterState,
  DeadLetterView,
  RedriveBody,
} from './dead-letter';

/** `GET /api/webhooks?verdict=…` */
export type { WebhookList, WebhookQuery, WebhookView } from './webhook';

/**
 * `GET /api/topics`, `GET /api/topics/:topic/messages?partition=…&offset=…&at=…&key=…`,
 * `GET /api/log-offsets`, `GET /api/lag`
 */
export type {
  LogOffsets,
  MessageQuery,
  StreamLag,
  TopicList,
  TopicMessage,
  TopicMessages,
} from './topic';

/** `GET /api/streams-processes` */
export type { StreamsProcesses } from './streams-process';

/** The socket. */
export type {
  ClientToServer,
  JoinReply,
  LiveEvent,
  OpsSnapshot,
  OrderSnapshot,
  Position,
  PushError,
  ResumeReply,
  Room,
  ServerToClient,
} from './push';

/** `GET /config.json` */
export type { ClientConfig, DemoAccount } from './client-config';

/** The body of every answer that is not a success. */
export type { ErrorReply } from './error';
export type { ErrorCode } from '../errors';
