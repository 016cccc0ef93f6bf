/** Every request that the page makes of the edge, by the client that is made from the edge's API. */
import { apiClient, keyed, type ApiReply } from '../../edge/contract/api-client';
import type {
  AcknowledgeBody,
  ActionBody,
  AlertQuery,
  CatalogQuery,
  CommandAccepted,
  DeadLetterQuery,
  MessageQuery,
  NoteBody,
  PaymentCheckBody,
  ProductBody,
  ProductQuery,
  PurchaseBody,
  RedriveBody,
  ReopenBody,
  ResolveBody,
  SilenceBody,
  SilenceEndBody,
  SpendingLimitBody,
  StockAdjustmentBody,
  StockBody,
  StockQuery,
  WebhookQuery,
  WithdrawalBody,
} from '../../edge/contract/api-types';
import type { LogPlace } from '../text/log-place';
import { answerOf, type Answer } from './answer';

/** Longer than the edge's own patience with Kafka and Postgres, so that its 503 is seen. */
const ANSWER_WITHIN_MS = 10_000;
/** The edge reads the topics of the letters from the oldest on, and has 20 s for it. */
const REDRIVEN_WITHIN_MS = 25_000;

/** What can be asked of an alert, by the last part of its path. */
export interface AlertCommands {
  readonly acknowledge: AcknowledgeBody;
  readonly notes: NoteBody;
  readonly resolve: ResolveBody;
  readonly reopen: ReopenBody;
  readonly actions: ActionBody;
}

type AlertCommandInit<Body> = {
  readonly params: {
    readonly path: { readonly alertId: string };
    readonly header: ReturnType<typeof keyed>;
  };
  readonly body: Body;
};

export class EdgeApi {
  /** Told when the session has ended, whichever request found it out. */
  onSessionEnded: () => void = () => undefined;

  private readonly client = apiClient({ url: '', answerWithinMs: ANSWER_WITHIN_MS });
  private readonly redriving = apiClient({ url: '', answerWithinMs: REDRIVEN_WITHIN_MS });

  private readonly alertCommands: {
    readonly [W in keyof AlertCommands]: (
      init: AlertCommandInit<AlertCommands[W]>,
    ) => Promise<ApiReply<CommandAccepted>>;
  } = {
    acknowledge: (init) => this.client.POST('/api/alerts/{alertId}/acknowledge', init),
    notes: (init) => this.client.POST('/api/alerts/{alertId}/notes', init),
    resolve: (init) => this.client.POST('/api/alerts/{alertId}/resolve', init),
    reopen: (init) => this.client.POST('/api/alerts/{alertId}/reopen', init),
    actions: (init) => this.client.POST('/api/alerts/{alertId}/actions', init),
  };

  config() {
    return answerOf(this.client.GET('/config.json'));
  }

  session() {
    return answerOf(this.client.GET('/auth/status'));
  }

  signIn(idToken: string) {
    return answerOf(this.client.POST('/auth/session', { body: { idToken } }));
  }

  signOut() {
    return answerOf(this.client.POST('/auth/logout'));
  }

  products(query: ProductQuery) {
    return this.watched(this.client.GET('/api/products', { params: { query } }));
  }

  suggestProducts(prefix: string) {
    return this.watched(
      this.client.GET('/api/products/suggest', { params: { query: { prefix } } }),
    );
  }

  account() {
    return this.watched(this.client.GET('/api/account'));
  }

  /** A repeat with the same key is the same order. */
  placeOrder(body: PurchaseBody, idempotencyKey: string) {
    const params = { header: keyed(idempotencyKey) };
    return this.watched(this.client.POST('/api/orders', { params, body }));
  }

  cancelOrder(orderId: string) {
    const params = { path: { orderId } };
    return this.watched(this.client.POST('/api/orders/{orderId}/cancel', { params, body: {} }));
  }

  /** `before`: the `next` of the page before. */
  orders(before: string) {
    return this.watched(this.client.GET('/api/orders', { params: { query: { before } } }));
  }

  order(orderId: string) {
    const params = { path: { orderId } };
    return this.watched(this.client.GET('/api/orders/{orderId}', { params }));
  }

  timeline(orderId: string) {
    const params = { path: { orderId } };
    return this.watched(this.client.GET('/api/orders/{orderId}/timeline', { params }));
  }

  /** Asks PayPay anew; a repeat with the same key is the same question. */
  checkPayment(orderId: string, body: PaymentCheckBody, idempotencyKey: string) {
    const params = { path: { orderId }, header: keyed(idempotencyKey) };
    return this.watched(this.client.POST('/api/orders/{orderId}/payment/check', { params, body }));
  }

  payment(orderId: string) {
    const params = { path: { orderId } };
    return this.watched(this.client.GET('/api/orders/{orderId}/payment', { params }));
  }

  alerts(query: AlertQuery) {
    return this.watched(this.client.GET('/api/alerts', { params: { query } }));
  }

  alert(alertId: string) {
    const params = { path: { alertId } };
    return this.watched(this.client.GET('/api/alerts/{alertId}', { params }));
  }

  /** What the alert's rule offers, and what each action would change. */
  alertActions(alertId: string) {
    const params = { path: { alertId } };
    return this.watched(this.client.GET('/api/alerts/{alertId}/actions', { params }));
  }

  /** A repeat with the same key is the same command. */
  commandAlert<W extends keyof AlertCommands>(
    alertId: string,
    what: W,
    body: AlertCommands[W],
    idempotencyKey: string,
  ): Promise<Answer<CommandAccepted>> {
    const params = { path: { alertId }, header: keyed(idempotencyKey) };
    return this.watched(this.alertCommands[what]({ params, body }));
  }

  silence(body: SilenceBody, idempotencyKey: string) {
    const params = { header: keyed(idempotencyKey) };
    return this.watched(this.client.POST('/api/silences', { params, body }));
  }

  /** Before its time; a repeat with the same key is the same end. */
  endSilence(silenceId: string, body: SilenceEndBody, idempotencyKey: string) {
    const params = { path: { silenceId }, header: keyed(idempotencyKey) };
    return this.watched(this.client.POST('/api/silences/{silenceId}/end', { params, body }));
  }

  incidents() {
    return this.watched(this.client.GET('/api/incidents'));
  }

  webhooks(query: WebhookQuery) {
    return this.watched(this.client.GET('/api/webhooks', { params: { query } }));
  }

  /** As operators see them: withdrawn ones too, each with its version. */
  catalog(query: CatalogQuery) {
    return this.watched(this.client.GET('/api/admin/products', { params: { query } }));
  }

  productHistory(sku: string) {
    const params = { path: { sku } };
    return this.watched(this.client.GET('/api/admin/products/{sku}/changes', { params }));
  }

  /** Of this and the next, a repeat with the same key is the same change. */
  putProduct(body: ProductBody, idempotencyKey: string) {
    const params = { header: keyed(idempotencyKey) };
    return this.watched(this.client.POST('/api/admin/products', { params, body }));
  }

  withdrawProduct(sku: string, body: WithdrawalBody, idempotencyKey: string) {
    const params = { path: { sku }, header: keyed(idempotencyKey) };
    return this.watched(this.client.POST('/api/admin/products/{sku}/withdraw', { params, body }));
  }

  stock(query: StockQuery) {
    return this.watched(this.client.GET('/api/admin/stock', { params: { query } }));
  }

  stockHistory(sku: string) {
    const params = { path: { sku } };
    return this.watched(this.client.GET('/api/admin/stock/{sku}/adjustments', { params }));
  }

  /** Of this and the next two, a repeat with the same key is the same booking. */
  bookDelivery(body: StockBody, idempotencyKey: string) {
    const params = { header: keyed(idempotencyKey) };
    return this.watched(this.client.POST('/api/admin/stock', { params, body }));
  }

  correctStock(body: StockAdjustmentBody, idempotencyKey: string) {
    const params = { header: keyed(idempotencyKey) };
    return this.watched(this.client.POST('/api/admin/stock/adjustments', { params, body }));
  }

  setSpendingLimit(body: SpendingLimitBody, idempotencyKey: string) {
    const params = { header: keyed(idempotencyKey) };
    return this.watched(this.client.POST('/api/admin/spending-limits', { params, body }));
  }

  spendingLimitHistory(userId: string) {
    const params = { path: { userId } };
    return this.watched(this.client.GET('/api/admin/spending-limits/{userId}', { params }));
  }

  lag() {
    return this.watched(this.client.GET('/api/lag'));
  }

  /** The processes of the apps: up or not, what they restore, their transactions. */
  streamsProcesses() {
    return this.watched(this.client.GET('/api/streams-processes'));
  }

  topics() {
    return this.watched(this.client.GET('/api/topics'));
  }

  /** Where each partition begins and ends, and how far each app has come in it. */
  logOffsets() {
    return this.watched(this.client.GET('/api/log-offsets'));
  }

  /** Committed records of one partition: the newest, or those from a place or a time on. */
  messages(topic: string, query: MessageQuery) {
    const params = { path: { topic }, query };
    return this.watched(this.client.GET('/api/topics/{topic}/messages', { params }));
  }

  deadLetters(query: DeadLetterQuery) {
    return this.watched(this.client.GET('/api/dead-letters', { params: { query } }));
  }

  /** Writes records behind dead letters again, or says what would be; the same again writes nothing. */
  redrive(body: RedriveBody) {
    return this.watched(this.redriving.POST('/api/dead-letters/redrive', { body }));
  }

  /** One record of the log, whole. */
  message({ topic, partition, offset }: LogPlace) {
    const query = { partition: String(partition), offset: String(offset), limit: '1' };
    const params = { path: { topic }, query };
    return this.watched(this.client.GET('/api/topics/{topic}/messages', { params }));
  }

  private async watched<T>(request: Promise<ApiReply<T>>): Promise<Answer<T>> {
    const answer = await answerOf(request);
    if (answer.kind === 'refused' && answer.code === 'UNAUTHENTICATED') this.onSessionEnded();
    return answer;
  }
}
