/** The edge's HTTP API as one signed-in person sees it. */
import { systemClock } from '../../platform/clock';
import type {
  AccountView,
  AlertDetail,
  AlertList,
  OrderView,
  PaymentView,
  Timeline,
} from '../../edge/contract/api-types';

export interface Purchase {
  readonly sku: string;
  readonly quantity: number;
}

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

const TIMEOUT_MS = 10_000;

/** The edge said no. */
export class EdgeRefusedError extends Error {
  override readonly name = 'EdgeRefusedError';

  constructor(
    readonly status: number,
    path: string,
    readonly body: unknown,
  ) {
    super(`${path} was answered ${String(status)}: ${JSON.stringify(body)}`);
  }
}

/** Hundreds of shoppers sign in at once before a load. */
const SIGN_IN_WITHIN_MS = 60_000;
/** A schema that nobody knows on the catalog's topic is waited for that long. */
const CATALOG_WITHIN_MS = 30_000;
const LOOK_AGAIN_MS = 200;

export class EdgeClient {
  private constructor(
    private readonly url: string,
    /** Of the session; for a socket as well. */
    readonly cookie: string,
  ) {}

  /** Turns a Firebase ID token into a session; retried while Firebase is too busy to say whose it is. */
  static async open(url: string, idToken: string): Promise<EdgeClient> {
    const until = systemClock.now() + SIGN_IN_WITHIN_MS;
    let response = await send(url, 'POST', '/auth/session', { idToken }, {});
    while (response.status === 503 && systemClock.now() < until) {
      await systemClock.sleep(LOOK_AGAIN_MS);
      response = await send(url, 'POST', '/auth/session', { idToken }, {});
    }
    if (response.status >= 300) {
      throw new EdgeRefusedError(response.status, '/auth/session', await response.json());
    }
    const cookie = response.headers.getSetCookie().map((set) => set.split(';')[0] ?? '');
    return new EdgeClient(url, cookie.join('; '));
  }

  /** An edge that has just started reads its catalog first; until then the same is asked again. */
  async placeOrder(items: readonly Purchase[], idempotencyKey: string): Promise<string> {
    const until = systemClock.now() + CATALOG_WITHIN_MS;
    for (;;) {
      const answer = await this.request('POST', '/api/orders', { items }, idempotencyKey);
      const { error, orderId } = answer.body as { error?: { code: string }; orderId: string };
      if (answer.status < 300) return orderId;
      const isLoading = error?.code === 'CATALOG_LOADING' && systemClock.now() < until;
      if (!isLoading) throw new EdgeRefusedError(answer.status, '/api/orders', answer.body);
      await systemClock.sleep(LOOK_AGAIN_MS);
    }
  }

  /** Undefined until the read model has it. */
  order(orderId: string): Promise<OrderView | undefined> {
    return this.find(`/api/orders/${orderId}`);
  }

  payment(orderId: string): Promise<PaymentView | undefined> {
    return this.find(`/api/orders/${orderId}/payment`);
  }

  timeline(orderId: string): Promise<Timeline | undefined> {
    return this.find(`/api/orders/${orderId}/timeline`);
  }

  cancel(orderId: string, reason: string): Promise<unknown> {
    return this.must('POST', `/api/orders/${orderId}/cancel`, { reason });
  }

  account(): Promise<AccountView> {
    return this.must('GET', '/api/account');
  }

  alerts(query = ''): Promise<AlertList> {
    return this.must('GET', `/api/alerts${query}`);
  }

  alert(alertId: string): Promise<AlertDetail | undefined> {
    return this.find(`/api/alerts/${alertId}`);
  }

  /** Of an operator: `products`, `stock` or `spending-limits`. */
  administer(what: string, body: object, idempotencyKey: string): Promise<unknown> {
    return this.must('POST', `/api/admin/${what}`, body, idempotencyKey);
  }

  /** Any request, whatever its answer. */
  async request(
    method: string,
    path: string,
    body?: unknown,
    idempotencyKey?: string,
  ): Promise<Answer<unknown>> {
    const key = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
    const headers = { cookie: this.cookie, ...key };
    const response = await send(this.url, method, path, body, headers);
    return { status: response.status, body: await response.json() };
  }

  private async must<T>(method: string, path: string, body?: unknown, key?: string): Promise<T> {
    const answer = await this.request(method, path, body, key);
    if (answer.status >= 300) throw new EdgeRefusedError(answer.status, path, answer.body);
    return answer.body as T;
  }

  private async find<T>(path: string): Promise<T | undefined> {
    const answer = await this.request('GET', path);
    if (answer.status === 404) return undefined;
    if (answer.status >= 300) throw new EdgeRefusedError(answer.status, path, answer.body);
    return answer.body as T;
  }
}

function send(
  url: string,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Response> {
  return fetch(`${url}${path}`, {
    method,
    headers: {
      origin: url,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}
