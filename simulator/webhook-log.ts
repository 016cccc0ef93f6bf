import type { CompleteWebhookPlan } from './fault-plan';

/** Webhooks kept for the page and the scenarios; the oldest are dropped beyond this. */
const WEBHOOKS_MAX = 500;
/** Payments whose deliveries are counted; as many as the ledger keeps. */
const COUNTED_MAX = 100_000;

export type DeliveryResult =
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'unreachable'; readonly message: string };

export interface DeliveryAttempt {
  /** From 1; above 1 only for a doubled webhook. */
  readonly copy: number;
  /** From 1; above 1 is a retry. */
  readonly attempt: number;
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly result: DeliveryResult;
}

export type WebhookPhase =
  /** Delayed, or about to be sent. */
  | 'waiting'
  /** Until the payment's next webhook has been sent. */
  | 'held'
  | 'sending'
  /** Every copy was answered with 2xx. */
  | 'delivered'
  /** At least one copy was given up after its retries. */
  | 'undelivered'
  /** Not sent, as planned. */
  | 'lost'
  /** Not sent: too many were waiting, or the simulator stopped. */
  | 'dropped';

/** Who caused it: the payment, a developer who sent it once more, or one who made it up. */
export type WebhookOrigin = 'payment' | 'resent' | 'forged';

export interface Webhook {
  readonly webhookId: string;
  readonly origin: WebhookOrigin;
  readonly merchantPaymentId: string;
  readonly body: unknown;
  /** Sent instead of the body: what is not JSON. */
  readonly text?: string;
  readonly plan: CompleteWebhookPlan;
  readonly createdAt: number;
  readonly phase: WebhookPhase;
  readonly attempts: readonly DeliveryAttempt[];
}

/** How often anything was sent about a payment, and how often that was answered with 2xx. */
export interface DeliveryCount {
  readonly sent: number;
  readonly accepted: number;
}

const NONE: DeliveryCount = { sent: 0, accepted: 0 };

/** What was sent and how it was answered: a bounded memory, lost on restart. */
export class WebhookLog {
  private readonly webhooks = new Map<string, Webhook>();
  private readonly counts = new Map<string, DeliveryCount>();

  /** `changed` is called after every change. */
  constructor(private readonly changed: () => void) {}

  add(webhook: Webhook): void {
    this.webhooks.set(webhook.webhookId, webhook);
    dropOldest(this.webhooks, WEBHOOKS_MAX);
    this.changed();
  }

  enter(webhookId: string, phase: WebhookPhase): void {
    this.update(webhookId, (webhook) => ({ ...webhook, phase }));
  }

  addAttempt(webhookId: string, merchantPaymentId: string, attempt: DeliveryAttempt): void {
    const { sent, accepted } = this.countOf(merchantPaymentId);
    const count = { sent: sent + 1, accepted: accepted + (isAccepted(attempt.result) ? 1 : 0) };
    this.counts.set(merchantPaymentId, count);
    dropOldest(this.counts, COUNTED_MAX);
    this.update(webhookId, (webhook) => ({
      ...webhook,
      attempts: [...webhook.attempts, attempt],
    }));
  }

  find(webhookId: string): Webhook | undefined {
    return this.webhooks.get(webhookId);
  }

  countOf(merchantPaymentId: string): DeliveryCount {
    return this.counts.get(merchantPaymentId) ?? NONE;
  }

  /** Newest first. */
  newest(limit: number, merchantPaymentId?: string): readonly Webhook[] {
    return [...this.webhooks.values()]
      .reverse()
      .filter(
        (webhook) =>
          merchantPaymentId === undefined || webhook.merchantPaymentId === merchantPaymentId,
      )
      .slice(0, limit);
  }

  private update(webhookId: string, change: (webhook: Webhook) => Webhook): void {
    const webhook = this.webhooks.get(webhookId);
    if (webhook !== undefined) this.webhooks.set(webhookId, change(webhook));
    this.changed();
  }
}

export function isAccepted(result: DeliveryResult): boolean {
  return result.kind === 'answered' && result.status >= 200 && result.status < 300;
}

function dropOldest(map: Map<string, unknown>, max: number): void {
  const [oldest] = map.keys();
  if (map.size > max && oldest !== undefined) map.delete(oldest);
}
