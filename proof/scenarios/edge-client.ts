/** The edge's HTTP API as one signed-in person sees it. */
import { systemClock } from '../../platform/clock';
import { apiClient, keyed, type ApiClient, type ApiReply } from '../../edge/contract/api-client';
import type {
  AccountView,
  AlertDetail,
  AlertList,
  AlertQuery,
  OrderView,
  PaymentView,
  ProductBody,
  ProductList,
  SpendingLimitBody,
  StockBody,
  Timeline,
} from '../../edge/contract/api-types';

export interface Purchase {
  readonly sku: string;
  readonly quantity: number;
}

const TIMEOUT_MS = 10_000;

/** The edge said no. */
export class EdgeRefusedError extends Error {
  override readonly name = 'EdgeRefusedError';
  readonly status: number;

  constructor({ response, error }: ApiReply<unknown>) {
    const { status, url } = response;
    super(`${new URL(url).pathname} was answered ${String(status)}: ${JSON.stringify(error)}`);
    this.status = status;
  }
}

/** Hundreds of shoppers sign in at once before a load. */
const SIGN_IN_WITHIN_MS = 60_000;
/** A schema that nobody knows on the catalog's topic is waited for that long. */
const CATALOG_WITHIN_MS = 30_000;
const LOOK_AGAIN_MS = 200;

export class EdgeClient {
  /** `api`: any request, whatever its answer. */
  private constructor(readonly api: ApiClient) {}

  /** Turns a Firebase ID token into a session; retried while Firebase is too busy to say whose it is. */
  static async open(url: string, idToken: string): Promise<EdgeClient> {
    const answerWithinMs = TIMEOUT_MS;
    const nobody = apiClient({ url, answerWithinMs, headers: { origin: url } });
    const until = systemClock.now() + SIGN_IN_WITHIN_MS;
    const signIn = () => nobody.POST('/auth/session', { body: { idToken } });
    let reply = await signIn();
    while (reply.response.status === 503 && systemClock.now() < until) {
      await systemClock.sleep(LOOK_AGAIN_MS);
      reply = await signIn();
    }
    if (!reply.response.ok) throw new EdgeRefusedError(reply);
    const cookies = reply.response.headers.getSetCookie().map((set) => set.split(';')[0] ?? '');
    const headers = { origin: url, cookie: cookies.join('; ') };
    return new EdgeClient(apiClient({ url, answerWithinMs, headers }));
  }

  /** An edge that has just started reads its catalog first; until then the same is asked again. */
  async placeOrder(items: readonly Purchase[], idempotencyKey: string): Promise<string> {
    const until = systemClock.now() + CATALOG_WITHIN_MS;
    const params = { header: keyed(idempotencyKey) };
    for (;;) {
      const reply = await this.api.POST('/api/orders', { params, body: { items: [...items] } });
      if (reply.data !== undefined) return reply.data.orderId;
      const isLoading = reply.error.code === 'CATALOG_LOADING' && systemClock.now() < until;
      if (!isLoading) throw new EdgeRefusedError(reply);
      await systemClock.sleep(LOOK_AGAIN_MS);
    }
  }

  /** Undefined until the read model has it. */
  order(orderId: string): Promise<OrderView | undefined> {
    return found(this.api.GET('/api/orders/{orderId}', { params: { path: { orderId } } }));
  }

  payment(orderId: string): Promise<PaymentView | undefined> {
    return found(this.api.GET('/api/orders/{orderId}/payment', { params: { path: { orderId } } }));
  }

  timeline(orderId: string): Promise<Timeline | undefined> {
    return found(this.api.GET('/api/orders/{orderId}/timeline', { params: { path: { orderId } } }));
  }

  cancel(orderId: string, reason: string): Promise<unknown> {
    const params = { path: { orderId } };
    return done(this.api.POST('/api/orders/{orderId}/cancel', { params, body: { reason } }));
  }

  account(): Promise<AccountView> {
    return done(this.api.GET('/api/account'));
  }

  products(): Promise<ProductList> {
    return done(this.api.GET('/api/products'));
  }

  alerts(query: AlertQuery = {}): Promise<AlertList> {
    return done(this.api.GET('/api/alerts', { params: { query } }));
  }

  alert(alertId: string): Promise<AlertDetail | undefined> {
    return found(this.api.GET('/api/alerts/{alertId}', { params: { path: { alertId } } }));
  }

  /** Of this and the next two, which only operators may: a repeat with the same key is the same. */
  putProduct(body: ProductBody, idempotencyKey: string): Promise<unknown> {
    const params = { header: keyed(idempotencyKey) };
    return done(this.api.POST('/api/admin/products', { params, body }));
  }

  bookDelivery(body: StockBody, idempotencyKey: string): Promise<unknown> {
    const params = { header: keyed(idempotencyKey) };
    return done(this.api.POST('/api/admin/stock', { params, body }));
  }

  setSpendingLimit(body: SpendingLimitBody, idempotencyKey: string): Promise<unknown> {
    const params = { header: keyed(idempotencyKey) };
    return done(this.api.POST('/api/admin/spending-limits', { params, body }));
  }
}

async function done<T>(request: Promise<ApiReply<T>>): Promise<T> {
  const reply = await request;
  if (reply.data === undefined) throw new EdgeRefusedError(reply);
  return reply.data;
}

async function found<T>(request: Promise<ApiReply<T>>): Promise<T | undefined> {
  const { data, error, response } = await request;
  if (response.status === 404) return undefined;
  if (!response.ok) throw new EdgeRefusedError({ error, response });
  return data;
}
