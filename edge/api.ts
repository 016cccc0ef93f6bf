/**
 * The types of everything that the edge's HTTP API and its socket carry, for the programs that
 * call it. Types only: importing this file brings no code along. The schemas behind them are in
 * contract/, where each field is described. All instants are milliseconds since the epoch.
 */
import type { Static } from '@sinclair/typebox';
import type { accountView } from './contract/account';
import type {
  alertDetail,
  alertHistoryEntry,
  alertList,
  alertQuery,
  alertView,
  evidence,
  moneySum,
} from './contract/alert';
import type {
  acknowledgeBody,
  actionBody,
  actionPreview,
  alertActions,
  commandAccepted,
  noteBody,
  reopenBody,
  resolveBody,
  silenceAccepted,
  silenceBody,
  silenceEndBody,
} from './contract/alert-command';
import type { deadLetterList, deadLetterView } from './contract/dead-letter';
import type { incidentList, silenceList } from './contract/incident';
import type { errorReply } from './contract/error';
import type {
  cancellationBody,
  orderAccepted,
  orderItem,
  orderList,
  orderView,
  purchaseBody,
  timeline,
  timelineEntry,
} from './contract/order';
import type { streamLag, topicList, topicMessage, topicMessages } from './contract/topic';
import type { paymentView } from './contract/payment';
import type { productList, productView } from './contract/product';
import type { sessionStatus, signInBody, user } from './contract/session';

export type { ErrorCode } from './errors';
export type {
  ClientToServer,
  JoinReply,
  LiveEvent,
  OpsSnapshot,
  OrderSnapshot,
  Position,
  PushError,
  Room,
  ServerToClient,
} from './contract/push';

/** `POST /auth/session`, answered with SessionStatus; `GET /auth/status`; `POST /auth/logout`: 204. */
export type SignInBody = Static<typeof signInBody>;
export type SessionStatus = Static<typeof sessionStatus>;
export type User = Static<typeof user>;

/** `POST /api/orders` with the header `Idempotency-Key`; 202 with OrderAccepted. */
export type PurchaseBody = Static<typeof purchaseBody>;
export type OrderAccepted = Static<typeof orderAccepted>;
/** `POST /api/orders/:orderId/cancel`; 202 with OrderAccepted. */
export type CancellationBody = Static<typeof cancellationBody>;
/** `GET /api/orders?before=…` */
export type OrderList = Static<typeof orderList>;
/** `GET /api/orders/:orderId` */
export type OrderView = Static<typeof orderView>;
export type OrderItem = Static<typeof orderItem>;
/** `GET /api/orders/:orderId/timeline` */
export type Timeline = Static<typeof timeline>;
export type TimelineEntry = Static<typeof timelineEntry>;
/** `GET /api/orders/:orderId/payment` */
export type PaymentView = Static<typeof paymentView>;

/** `GET /api/account` */
export type AccountView = Static<typeof accountView>;
/** `GET /api/products?q=…` */
export type ProductList = Static<typeof productList>;
export type ProductView = Static<typeof productView>;

/** `GET /api/alerts?status=…&rule=…&severity=…&limit=…` */
export type AlertQuery = Static<typeof alertQuery>;
export type AlertList = Static<typeof alertList>;
export type AlertView = Static<typeof alertView>;
/** `GET /api/alerts/:alertId` */
export type AlertDetail = Static<typeof alertDetail>;
export type AlertHistoryEntry = Static<typeof alertHistoryEntry>;
export type Evidence = Static<typeof evidence>;
export type MoneySum = Static<typeof moneySum>;

/**
 * `POST /api/alerts/:alertId/…` with the header `Idempotency-Key`: `acknowledge`, `notes`,
 * `resolve`, `reopen`, `actions`; 202 with CommandAccepted, 409 when the alert has changed since.
 */
export type AcknowledgeBody = Static<typeof acknowledgeBody>;
export type NoteBody = Static<typeof noteBody>;
export type ResolveBody = Static<typeof resolveBody>;
export type ReopenBody = Static<typeof reopenBody>;
export type ActionBody = Static<typeof actionBody>;
export type CommandAccepted = Static<typeof commandAccepted>;
/** `GET /api/alerts/:alertId/actions` */
export type AlertActions = Static<typeof alertActions>;
export type ActionPreview = Static<typeof actionPreview>;
/** `POST /api/silences` with the header `Idempotency-Key`; 202 with SilenceAccepted. */
export type SilenceBody = Static<typeof silenceBody>;
export type SilenceAccepted = Static<typeof silenceAccepted>;
/** `POST /api/silences/:silenceId/end` with the header `Idempotency-Key`; 202 with SilenceAccepted. */
export type SilenceEndBody = Static<typeof silenceEndBody>;
/** `GET /api/silences` */
export type SilenceList = Static<typeof silenceList>;

/** `GET /api/incidents` */
export type IncidentList = Static<typeof incidentList>;
export type { ConditionView, IncidentView, SilenceRecord, SilenceView } from './contract/incident';

/**
 * `POST /api/admin/stock/adjustments` with the header `Idempotency-Key`; 202 with the eventId of the
 * request, by which `GET /api/admin/stock/:sku/adjustments` says what became of it.
 */
export type { StockAdjustmentBody, StockHistory } from './contract/administration';

/** `POST /api/admin/spending-limits`; `GET /api/admin/spending-limits/:userId` */
export type { SpendingLimitBody, SpendingLimitHistory } from './contract/administration';

/** `GET /api/dead-letters` */
export type DeadLetterList = Static<typeof deadLetterList>;
export type DeadLetterView = Static<typeof deadLetterView>;

/** `GET /api/topics`, `GET /api/topics/:topic/messages?partition=…&offset=…`, `GET /api/lag` */
export type TopicList = Static<typeof topicList>;
export type TopicMessages = Static<typeof topicMessages>;
export type TopicMessage = Static<typeof topicMessage>;
export type StreamLag = Static<typeof streamLag>;

/** The body of every answer that is not a success. */
export type ErrorReply = Static<typeof errorReply>;

export interface DemoAccount {
  readonly role: string;
  readonly email: string;
  readonly password: string;
}

/** `GET /config.json`: what the dashboard needs to sign in with Firebase. */
export interface ClientConfig {
  readonly firebase: {
    readonly apiKey: string;
    readonly projectId: string;
    readonly authDomain: string | null;
    /** Origin of the auth emulator; null: Firebase itself. */
    readonly emulatorUrl: string | null;
  };
  /** Who may sign in to a demonstration; none unless the emulator keeps the accounts. */
  readonly demoAccounts: readonly DemoAccount[];
}
