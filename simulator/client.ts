import type {
  ActionRequest,
  FaultDrawRequest,
  OutageRequest,
  SettingsRequest,
} from './control-schema';
import type { CallsView, PaymentList, PaymentView, StateView, WebhookList } from './control-view';
import type { SimulatorErrorCode } from './error';
import type { Fault } from './fault-mix';
import type { Outage, WebhookPlan } from './fault-plan';
import type { PlayView } from './fault-plays';
import type { WebhookState } from './webhook-body';
import type { Webhook } from './webhook-log';

/** The control API said no; `code` and `field` are its own. */
export class SimulatorRefusedError extends Error {
  override readonly name = 'SimulatorRefusedError';

  constructor(
    readonly status: number,
    readonly code: SimulatorErrorCode,
    message: string,
    readonly field: string | undefined,
  ) {
    super(message);
  }
}

/** Longer than any answer of a process on this machine takes. */
const TIMEOUT_MS = 10_000;

/** The control API for scripts, scenarios and tests. `baseUrl` is such as http://127.0.0.1:4010. */
export class SimulatorClient {
  constructor(private readonly baseUrl: string) {}

  state(): Promise<StateView> {
    return this.call('GET', '/state');
  }

  /** Newest first; `prefix` picks the attempts of one order. */
  async payments(query: { limit?: number; prefix?: string } = {}): Promise<readonly PaymentView[]> {
    const list: PaymentList = await this.call('GET', `/payments${queryString(query)}`);
    return list.payments;
  }

  payment(merchantPaymentId: string): Promise<PaymentView> {
    return this.call('GET', `/payments/${encodeURIComponent(merchantPaymentId)}`);
  }

  act(merchantPaymentId: string, request: ActionRequest): Promise<PaymentView> {
    return this.call('POST', `/payments/${encodeURIComponent(merchantPaymentId)}/actions`, request);
  }

  /** What happens to all webhooks of one payment; an empty plan ends it. */
  planWebhooksOf(merchantPaymentId: string, plan: WebhookPlan): Promise<WebhookPlan> {
    return this.call(
      'PUT',
      `/payments/${encodeURIComponent(merchantPaymentId)}/webhook-plan`,
      plan,
    );
  }

  /** Breaks the API for calls about one payment, which need not exist yet. */
  breakApiOf(merchantPaymentId: string, outage: OutageRequest): Promise<Outage> {
    return this.call('PUT', `/payments/${encodeURIComponent(merchantPaymentId)}/outage`, outage);
  }

  repairApiOf(merchantPaymentId: string): Promise<unknown> {
    return this.call('DELETE', `/payments/${encodeURIComponent(merchantPaymentId)}/outage`);
  }

  /** What is to go wrong with an order; before its first code is asked for. */
  assignFaults(orderId: string, faults: readonly Fault[]): Promise<PlayView> {
    return this.call('PUT', `/orders/${encodeURIComponent(orderId)}/faults`, { faults });
  }

  faultsOf(orderId: string): Promise<PlayView> {
    return this.call('GET', `/orders/${encodeURIComponent(orderId)}/faults`);
  }

  /** Every new order gets a mix of faults of its own. */
  drawFaults(draw: FaultDrawRequest): Promise<StateView> {
    return this.call('PUT', '/fault-mix', draw);
  }

  stopFaults(): Promise<StateView> {
    return this.call('DELETE', '/fault-mix');
  }

  /** The revision now and at each change, until `signal` is aborted. Rejects when it breaks off. */
  async *changes(signal: AbortSignal): AsyncGenerator<number> {
    const response = await fetch(`${this.baseUrl}/simulator/events`, { signal });
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body ?? []) {
        const text = decoder.decode(chunk as Uint8Array, { stream: true });
        // Only that something changed matters: of events that came together the last one will do.
        const last = text.match(/^data: \d+/gm)?.at(-1);
        if (last !== undefined) yield Number(last.slice('data: '.length));
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** How often the API was called; seconds from `since` on, ms since the epoch. */
  calls(since = 0): Promise<CallsView> {
    return this.call('GET', `/calls${queryString({ since })}`);
  }

  /** What happens to all webhooks; an empty plan ends it. */
  planAllWebhooks(plan: WebhookPlan): Promise<StateView> {
    return this.call('PUT', '/webhook-plan', plan);
  }

  breakApi(outage: OutageRequest): Promise<StateView> {
    return this.call('PUT', '/outage', outage);
  }

  repairApi(): Promise<StateView> {
    return this.call('DELETE', '/outage');
  }

  change(settings: SettingsRequest): Promise<StateView> {
    return this.call('PATCH', '/settings', settings);
  }

  /** Newest first. */
  async webhooks(
    query: { limit?: number; merchantPaymentId?: string } = {},
  ): Promise<readonly Webhook[]> {
    const list: WebhookList = await this.call('GET', `/webhooks${queryString(query)}`);
    return list.webhooks;
  }

  resend(webhookId: string, webhook: WebhookPlan = {}): Promise<Webhook> {
    return this.call('POST', `/webhooks/${encodeURIComponent(webhookId)}/resend`, { webhook });
  }

  /** A webhook about a payment that exists, in a state that it need not be in. */
  forge(
    merchantPaymentId: string,
    state: WebhookState,
    webhook: WebhookPlan = {},
  ): Promise<Webhook> {
    return this.call('POST', '/webhooks', { merchantPaymentId, state, webhook });
  }

  /** A webhook with any body whatever, about a payment that need not exist. */
  forgeBody(merchantPaymentId: string, body: unknown, webhook: WebhookPlan = {}): Promise<Webhook> {
    return this.call('POST', '/webhooks', { merchantPaymentId, body, webhook });
  }

  /** A webhook that is not even JSON. */
  forgeText(merchantPaymentId: string, text: string): Promise<Webhook> {
    return this.call('POST', '/webhooks', { merchantPaymentId, text });
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.baseUrl}/simulator${path}`, {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (response.ok) return answer as T;
    const { code, message, field } = answer as {
      code: SimulatorErrorCode;
      message: string;
      field?: string;
    };
    throw new SimulatorRefusedError(response.status, code, message, field);
  }
}

function queryString(query: Readonly<Record<string, string | number | undefined>>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) given.set(name, String(value));
  }
  return given.size === 0 ? '' : `?${given.toString()}`;
}
