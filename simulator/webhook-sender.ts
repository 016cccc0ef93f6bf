import type { Clock } from '../platform/clock';
import { deliver } from './webhook-delivery';
import { isAccepted, type Webhook, type WebhookLog } from './webhook-log';

/** PayPay's habits for transaction webhooks: three more tries, a tenth of a second apart. */
const RETRIES_MAX = 3;
const RETRY_PAUSE_MS = 100;

/** Webhooks waiting, held or being sent at once; what comes on top is dropped, and logged so. */
const PENDING_MAX = 10_000;

/** A held webhook goes out in the end, should the next one never come. */
const HOLD_MAX_MS = 60_000;

export interface WebhookSenderOptions {
  readonly clock: Clock;
  readonly log: WebhookLog;
  /** Asked for each attempt, so that a changed address holds at once. */
  readonly url: () => string;
}

/**
 * Sends webhooks as PayPay does, and worse on request. Sending goes on behind the back of whoever
 * caused it; the log says what became of it. A held webhook is released when the payment's next
 * one is over and done with, so the two arrive in the wrong order for certain.
 *
 *   t=0 ms      FAILED is held                        COMPLETED is sent, answered: FAILED follows
 *   ("a held webhook arrives after the payment's next one", webhook-sender.test.ts)
 */
export class WebhookSender {
  private readonly closing = new AbortController();
  private readonly pending = new Set<Promise<void>>();
  private readonly held = new Map<string, Set<AbortController>>();

  constructor(private readonly options: WebhookSenderOptions) {}

  send(webhook: Webhook): void {
    const { log } = this.options;
    log.add(webhook);
    if (webhook.plan.lose) {
      log.enter(webhook.webhookId, 'lost');
    } else if (this.pending.size >= PENDING_MAX) {
      log.enter(webhook.webhookId, 'dropped');
    } else {
      const run = this.run(webhook).finally(() => this.pending.delete(run));
      this.pending.add(run);
    }
  }

  /** Ends what is on its way; resolves once nothing is. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.pending);
  }

  private async run(webhook: Webhook): Promise<void> {
    const { webhookId, merchantPaymentId, plan } = webhook;
    const { clock, log } = this.options;
    if (plan.delayMs > 0) await clock.sleep(plan.delayMs, this.closing.signal);
    if (plan.hold) await this.hold(webhook);
    if (this.closing.signal.aborted) {
      log.enter(webhookId, 'dropped');
      return;
    }
    log.enter(webhookId, 'sending');
    const copies = Array.from({ length: plan.copies }, (_, index) => index + 1);
    const accepted = await Promise.all(copies.map((copy) => this.sendCopy(webhook, copy)));
    log.enter(webhookId, accepted.every(Boolean) ? 'delivered' : 'undelivered');
    if (!plan.hold) this.release(merchantPaymentId);
  }

  /** Whether it was accepted in the end. */
  private async sendCopy(webhook: Webhook, copy: number): Promise<boolean> {
    const { clock, log, url } = this.options;
    for (let attempt = 1; attempt <= 1 + RETRIES_MAX; attempt += 1) {
      if (attempt > 1) await clock.sleep(RETRY_PAUSE_MS, this.closing.signal);
      if (this.closing.signal.aborted) return false;
      const sentAt = clock.now();
      const text = webhook.text ?? JSON.stringify(webhook.body);
      const result = await deliver(url(), text, clock, this.closing.signal);
      const answeredAt = clock.now();
      log.addAttempt(webhook.webhookId, webhook.merchantPaymentId, {
        copy,
        attempt,
        sentAt,
        answeredAt,
        result,
      });
      if (isAccepted(result)) return true;
    }
    return false;
  }

  private async hold(webhook: Webhook): Promise<void> {
    const { clock, log } = this.options;
    const { webhookId, merchantPaymentId } = webhook;
    const released = new AbortController();
    const holds = this.held.get(merchantPaymentId) ?? new Set();
    this.held.set(merchantPaymentId, holds.add(released));
    log.enter(webhookId, 'held');
    const wake = AbortSignal.any([released.signal, this.closing.signal]);
    await clock.sleep(HOLD_MAX_MS, wake);
    holds.delete(released);
    if (holds.size === 0) this.held.delete(merchantPaymentId);
  }

  private release(merchantPaymentId: string): void {
    for (const released of this.held.get(merchantPaymentId) ?? []) released.abort();
  }
}
