/** Every request that the page makes of the edge, typed by the edge's contract. */
import type {
  AccountView,
  AcknowledgeBody,
  ActionBody,
  AlertActions,
  AlertDetail,
  AlertList,
  AlertQuery,
  ClientConfig,
  CommandAccepted,
  DeadLetterList,
  DeadLetterQuery,
  EventAccepted,
  IncidentList,
  LogOffsets,
  NoteBody,
  OrderAccepted,
  OrderList,
  OrderView,
  PaymentCheckBody,
  PaymentView,
  ProductList,
  ProductQuery,
  PurchaseBody,
  ReopenBody,
  ResolveBody,
  SessionStatus,
  SilenceAccepted,
  SilenceBody,
  SilenceEndBody,
  SpendingLimitBody,
  SpendingLimitHistory,
  StockAdjustmentBody,
  StockBody,
  StockHistory,
  StockList,
  StockQuery,
  StreamLag,
  SuggestionList,
  Timeline,
  TopicList,
  TopicMessages,
  WebhookList,
  WebhookQuery,
} from '../../edge/contract/api-types';
import type { LogPlace } from '../text/log-place';
import type { Answer } from './answer';
import { ask, type EdgeRequest } from './edge-request';

/** What can be asked of an alert, by the last part of its path. */
export interface AlertCommands {
  readonly acknowledge: AcknowledgeBody;
  readonly notes: NoteBody;
  readonly resolve: ResolveBody;
  readonly reopen: ReopenBody;
  readonly actions: ActionBody;
}

export class EdgeApi {
  /** Told when the session has ended, whichever request found it out. */
  onSessionEnded: () => void = () => undefined;

  config(): Promise<Answer<ClientConfig>> {
    return ask({ path: '/config.json' });
  }

  session(): Promise<Answer<SessionStatus>> {
    return ask({ path: '/auth/status' });
  }

  signIn(idToken: string): Promise<Answer<SessionStatus>> {
    return ask({ method: 'POST', path: '/auth/session', body: { idToken } });
  }

  signOut(): Promise<Answer<undefined>> {
    return ask({ method: 'POST', path: '/auth/logout' });
  }

  products(query: ProductQuery): Promise<Answer<ProductList>> {
    return this.ask({ path: `/api/products${queryText(query)}` });
  }

  suggestProducts(prefix: string): Promise<Answer<SuggestionList>> {
    return this.ask({ path: `/api/products/suggest${queryText({ prefix })}` });
  }

  account(): Promise<Answer<AccountView>> {
    return this.ask({ path: '/api/account' });
  }

  /** A repeat with the same key is the same order. */
  placeOrder(body: PurchaseBody, idempotencyKey: string): Promise<Answer<OrderAccepted>> {
    const headers = keyed(idempotencyKey);
    return this.ask({ method: 'POST', path: '/api/orders', body, headers });
  }

  cancelOrder(orderId: string): Promise<Answer<OrderAccepted>> {
    return this.ask({ method: 'POST', path: `/api/orders/${orderId}/cancel`, body: {} });
  }

  /** `before`: the `next` of the page before. */
  orders(before: string): Promise<Answer<OrderList>> {
    return this.ask({ path: `/api/orders${queryText({ before })}` });
  }

  order(orderId: string): Promise<Answer<OrderView>> {
    return this.ask({ path: `/api/orders/${orderId}` });
  }

  timeline(orderId: string): Promise<Answer<Timeline>> {
    return this.ask({ path: `/api/orders/${orderId}/timeline` });
  }

  /** Asks PayPay anew; a repeat with the same key is the same question. */
  checkPayment(
    orderId: string,
    body: PaymentCheckBody,
    idempotencyKey: string,
  ): Promise<Answer<OrderAccepted>> {
    const headers = keyed(idempotencyKey);
    return this.ask({
      method: 'POST',
      path: `/api/orders/${orderId}/payment/check`,
      body,
      headers,
    });
  }

  payment(orderId: string): Promise<Answer<PaymentView>> {
    return this.ask({ path: `/api/orders/${orderId}/payment` });
  }

  alerts(query: AlertQuery): Promise<Answer<AlertList>> {
    return this.ask({ path: `/api/alerts${queryText(query)}` });
  }

  alert(alertId: string): Promise<Answer<AlertDetail>> {
    return this.ask({ path: `/api/alerts/${encodeURIComponent(alertId)}` });
  }

  /** What the alert's rule offers, and what each action would change. */
  alertActions(alertId: string): Promise<Answer<AlertActions>> {
    return this.ask({ path: `/api/alerts/${encodeURIComponent(alertId)}/actions` });
  }

  /** A repeat with the same key is the same command. */
  commandAlert<W extends keyof AlertCommands>(
    alertId: string,
    what: W,
    body: AlertCommands[W],
    idempotencyKey: string,
  ): Promise<Answer<CommandAccepted>> {
    const path = `/api/alerts/${encodeURIComponent(alertId)}/${what}`;
    return this.ask({ method: 'POST', path, body, headers: keyed(idempotencyKey) });
  }

  silence(body: SilenceBody, idempotencyKey: string): Promise<Answer<SilenceAccepted>> {
    const headers = keyed(idempotencyKey);
    return this.ask({ method: 'POST', path: '/api/silences', body, headers });
  }

  /** Before its time; a repeat with the same key is the same end. */
  endSilence(
    silenceId: string,
    body: SilenceEndBody,
    idempotencyKey: string,
  ): Promise<Answer<SilenceAccepted>> {
    const path = `/api/silences/${encodeURIComponent(silenceId)}/end`;
    return this.ask({ method: 'POST', path, body, headers: keyed(idempotencyKey) });
  }

  incidents(): Promise<Answer<IncidentList>> {
    return this.ask({ path: '/api/incidents' });
  }

  webhooks(query: WebhookQuery): Promise<Answer<WebhookList>> {
    return this.ask({ path: `/api/webhooks${queryText(query)}` });
  }

  stock(query: StockQuery): Promise<Answer<StockList>> {
    return this.ask({ path: `/api/admin/stock${queryText(query)}` });
  }

  stockHistory(sku: string): Promise<Answer<StockHistory>> {
    return this.ask({ path: `/api/admin/stock/${encodeURIComponent(sku)}/adjustments` });
  }

  /** Of this and the next two, a repeat with the same key is the same booking. */
  bookDelivery(body: StockBody, idempotencyKey: string): Promise<Answer<EventAccepted>> {
    const headers = keyed(idempotencyKey);
    return this.ask({ method: 'POST', path: '/api/admin/stock', body, headers });
  }

  correctStock(body: StockAdjustmentBody, idempotencyKey: string): Promise<Answer<EventAccepted>> {
    const headers = keyed(idempotencyKey);
    return this.ask({ method: 'POST', path: '/api/admin/stock/adjustments', body, headers });
  }

  setSpendingLimit(
    body: SpendingLimitBody,
    idempotencyKey: string,
  ): Promise<Answer<EventAccepted>> {
    const headers = keyed(idempotencyKey);
    return this.ask({ method: 'POST', path: '/api/admin/spending-limits', body, headers });
  }

  spendingLimitHistory(userId: string): Promise<Answer<SpendingLimitHistory>> {
    return this.ask({ path: `/api/admin/spending-limits/${encodeURIComponent(userId)}` });
  }

  lag(): Promise<Answer<StreamLag>> {
    return this.ask({ path: '/api/lag' });
  }

  topics(): Promise<Answer<TopicList>> {
    return this.ask({ path: '/api/topics' });
  }

  /** Where each partition begins and ends, and how far each app has come in it. */
  logOffsets(): Promise<Answer<LogOffsets>> {
    return this.ask({ path: '/api/log-offsets' });
  }

  /** Committed records of one partition: the newest, or those from a place or a time on. */
  messages(
    topic: string,
    query: {
      readonly partition: string;
      readonly offset?: string;
      readonly at?: string;
      readonly key?: string;
      readonly limit?: string;
    },
  ): Promise<Answer<TopicMessages>> {
    return this.ask({ path: `/api/topics/${topic}/messages${queryText(query)}` });
  }

  deadLetters(query: DeadLetterQuery): Promise<Answer<DeadLetterList>> {
    return this.ask({ path: `/api/dead-letters${queryText(query)}` });
  }

  /** One record of the log, whole. */
  message({ topic, partition, offset }: LogPlace): Promise<Answer<TopicMessages>> {
    const place = { partition: String(partition), offset: String(offset), limit: '1' };
    return this.ask({ path: `/api/topics/${topic}/messages${queryText(place)}` });
  }

  private async ask<T>(request: EdgeRequest): Promise<Answer<T>> {
    const answer = await ask<T>(request);
    if (answer.kind === 'refused' && answer.code === 'UNAUTHENTICATED') this.onSessionEnded();
    return answer;
  }
}

function keyed(idempotencyKey: string): Readonly<Record<string, string>> {
  return { 'idempotency-key': idempotencyKey };
}

/** Without what is empty. */
function queryText(query: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[name, value]],
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}
