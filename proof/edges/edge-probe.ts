/**
 * What an edge answers at one moment, to whom: an order, a webhook, a read, a look into the log, and its
 * health; and what design.md promises of each while services are away.
 */
import { apiClient, keyed } from '../../edge/contract/api-client';
import type { ServiceName } from '../../local/services/service';
import { eventId } from '../../schemas/event-id';

/** Behind the edge; Firebase is asked at sign-in alone. */
export const DEPENDENCIES = ['redis', 'postgres', 'kafka', 'registry'] as const;
export type Dependency = (typeof DEPENDENCIES)[number] & ServiceName;

export const QUESTIONS = ['order', 'webhook', 'read', 'log', 'health', 'ready', 'live'] as const;
export type Question = (typeof QUESTIONS)[number];

export interface ProbeAnswer {
  readonly status: number;
  readonly tookMs: number;
  /** The edge's own code of a refusal. */
  readonly code: string | undefined;
  /** Of the health: those that it says are down. */
  readonly down: readonly string[];
}

export type ProbeAnswers = Readonly<Record<Question, ProbeAnswer>>;

/** What was answered with success, and must be in Kafka then. */
export interface Accepted {
  readonly orders: string[];
  readonly webhooks: string[];
}

/** Above every limit: what takes longer is no answer. */
const GIVE_UP_MS = 15_000;
const NO_ANSWER = 0;

/**
 * Within how long each is answered, whatever is away, ms: the limit of the edge (edge/limits.ts), for
 * what asks two services one after the other the sum, and a second for a machine that is busy.
 */
export const ANSWERED_WITHIN_MS: Readonly<Record<Question, number>> = {
  // The session, the former request under the key, Kafka.
  order: 1_000 + 500 + 4_000 + 1_000,
  // PayPay gives up after 1.5 to 2 s.
  webhook: 1_200 + 600,
  read: 1_000 + 3_000 + 2_000 + 1_000,
  log: 1_000 + 4_000 + 1_000,
  health: 1_500 + 1_000,
  ready: 1_500 + 1_000,
  live: 1_000,
};

/** The status of each, by design.md; undefined: not promised, as long as there is an answer in time. */
export function promisedStatus(
  question: Question,
  down: readonly Dependency[],
): number | undefined {
  const isDown = (name: Dependency) => down.includes(name);
  switch (question) {
    case 'order':
      return isDown('redis') || isDown('kafka') ? 503 : 202;
    case 'webhook':
      return isDown('kafka') ? 503 : 200;
    case 'read':
      return isDown('redis') || isDown('postgres') ? 503 : 200;
    case 'log':
      return isDown('redis') || isDown('kafka') ? 503 : 200;
    case 'health':
      return down.length > 0 ? 503 : 200;
    case 'ready':
      return isDown('kafka') ? 503 : 200;
    case 'live':
      return 200;
  }
}

export interface ProbedEdge {
  readonly url: string;
  /** Of an operator, who may also buy. */
  readonly cookie: string;
  readonly sku: string;
  /** Makes the ids of what is asked. */
  readonly run: string;
}

export class EdgeProbe {
  readonly accepted: Accepted = { orders: [], webhooks: [] };
  private asked = 0;

  constructor(private readonly edge: ProbedEdge) {}

  /** All at once. */
  async ask(): Promise<ProbeAnswers> {
    const answers = QUESTIONS.map(
      async (question) => [question, await this.one(question)] as const,
    );
    return Object.fromEntries(await Promise.all(answers)) as ProbeAnswers;
  }

  async one(question: Question): Promise<ProbeAnswer> {
    const began = performance.now();
    const { response, body } = await this.send(question);
    const fields = (body ?? {}) as {
      code?: string;
      orderId?: string;
      components?: Readonly<Record<string, { status: string }>>;
    };
    if (response?.status === 202 && fields.orderId !== undefined) {
      this.accepted.orders.push(fields.orderId);
    }
    const down = Object.entries(fields.components ?? {}).filter(
      ([, { status }]) => status !== 'UP',
    );
    return {
      status: response?.status ?? NO_ANSWER,
      tookMs: Math.round(performance.now() - began),
      code: fields.code,
      down: down.map(([name]) => name),
    };
  }

  private async send(
    question: Question,
  ): Promise<{ readonly response: Response | undefined; readonly body: unknown }> {
    const { url, cookie, sku, run } = this.edge;
    const api = apiClient({ url, answerWithinMs: GIVE_UP_MS, headers: { cookie, origin: url } });
    const id = eventId(run, String((this.asked += 1)));
    try {
      switch (question) {
        case 'order': {
          const params = { header: keyed(id) };
          const reply = await api.POST('/api/orders', {
            params,
            body: { items: [{ sku, quantity: 1 }] },
          });
          return { response: reply.response, body: reply.data ?? reply.error };
        }
        case 'webhook':
          return await this.webhook(id);
        case 'read':
          return { response: (await api.GET('/api/orders')).response, body: undefined };
        case 'log':
          return { response: (await api.GET('/api/log-offsets')).response, body: undefined };
        case 'health':
        case 'ready':
        case 'live':
          return await this.health(question);
      }
    } catch {
      return { response: undefined, body: undefined };
    }
  }

  /** As PayPay sends it, of an order that nobody placed: it is archived. */
  private async webhook(id: string) {
    const response = await fetch(`${this.edge.url}/webhooks/paypay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ notification_type: 'Transaction', merchant_order_id: `${id}-1`, order_id: 'pp' },
        ...{ order_amount: 1, state: 'COMPLETED', paid_at: '2026-11-22T16:00:00+09:00' },
      }),
      signal: AbortSignal.timeout(GIVE_UP_MS),
    });
    if (response.status === 200) this.accepted.webhooks.push(id);
    await response.body?.cancel();
    return { response, body: undefined };
  }

  private async health(question: 'health' | 'ready' | 'live') {
    const path = question === 'health' ? '/actuator/health' : `/health/${question}`;
    const signal = AbortSignal.timeout(GIVE_UP_MS);
    const response = await fetch(`${this.edge.url}${path}`, { signal });
    return { response, body: await response.json() };
  }
}
