/**
 * What the log says of the shop, counted as it is written to the read models: each record once, by
 * the one instance that holds its partition. All times are the log's, so a reader that lags tells
 * the same latencies, only later.
 *
 *   webhook (log) ───────────────▶ OrderPaid (log)     orders_webhook_to_paid_seconds
 *   paid at PayPay ──────────────▶ OrderPaid (log)     orders_payment_to_paid_seconds
 *   paid at PayPay, never PAID                         counted as succeeded, in no bucket of 60 s
 *
 * The two ends may be read in either order: they stand on topics of their own.
 */
import { LRUCache } from 'lru-cache';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { WrittenEvent } from './batch-writer';
import { VIEW_LIMITS } from './limits';

/** The objective is 60 s; what is usual is well under a second. */
const PAID_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900];

export class ViewMetrics {
  private readonly events: Counter<'topic' | 'type'>;
  private readonly alerts: Counter<'rule'>;
  private readonly deadLetters: Counter<'app' | 'error_code'>;
  private readonly succeeded: Counter;
  private readonly fromPayment: Histogram;
  private readonly fromWebhook: Histogram;
  private readonly succeededOrders = remembered<true>();
  /** Log times by order, until the other end is read. */
  private readonly webhookAt = remembered<number>();
  private readonly paidAt = remembered<number>();

  constructor(registry: Registry) {
    const registers = [registry];
    this.events = new Counter({
      name: 'views_events_total',
      help: 'Events that were written to the read models.',
      labelNames: ['topic', 'type'],
      registers,
    });
    this.alerts = new Counter({
      name: 'alerts_raised_total',
      help: 'Alerts that were raised, by rule.',
      labelNames: ['rule'],
      registers,
    });
    this.deadLetters = new Counter({
      name: 'dead_letters_total',
      help: 'Records that an app could not process, by app and reason.',
      labelNames: ['app', 'error_code'],
      registers,
    });
    this.succeeded = new Counter({
      name: 'orders_payments_succeeded_total',
      help: 'Orders whose payment PayPay took; each once.',
      registers,
    });
    this.fromPayment = new Histogram({
      name: 'orders_payment_to_paid_seconds',
      help: 'From PayPay taking the money, by its clock in whole seconds, to the order being PAID.',
      buckets: PAID_SECONDS,
      registers,
    });
    this.fromWebhook = new Histogram({
      name: 'orders_webhook_to_paid_seconds',
      help: 'From the first webhook of a completed payment to the order being PAID.',
      buckets: PAID_SECONDS,
      registers,
    });
  }

  /** News alone: a rebuild reads years of history, which must not be counted again. */
  written(events: readonly WrittenEvent[]): void {
    for (const written of events) this.count(written);
  }

  private count({ record, event }: WrittenEvent): void {
    this.events.inc({ topic: record.topic, type: event.type });
    if (event.type === 'AlertRaised') this.alerts.inc({ rule: event.rule });
    if (event.type === 'DeadLetter') {
      this.deadLetters.inc({ app: event.app, error_code: event.errorCode });
    }
    if (event.type === 'PaymentSucceeded') this.paymentSucceeded(event.orderId);
    if (event.type === 'PaymentNotificationReceived' && event.state === 'COMPLETED') {
      this.webhook(event.orderId, record.timestamp);
    }
    if (event.type === 'OrderPaid') {
      this.fromPayment.observe(secondsBetween(event.paidAt, record.timestamp));
      this.orderPaid(event.orderId, record.timestamp);
    }
  }

  /** A second payment of an order is an alert, and no second chance to be in time. */
  private paymentSucceeded(orderId: string): void {
    if (this.succeededOrders.has(orderId)) return;
    this.succeededOrders.set(orderId, true);
    this.succeeded.inc();
  }

  private webhook(orderId: string, at: number): void {
    const paidAt = this.paidAt.get(orderId);
    if (paidAt === undefined) {
      if (!this.webhookAt.has(orderId)) this.webhookAt.set(orderId, at);
      return;
    }
    this.paidAt.delete(orderId);
    // A poll was faster: this webhook made nothing PAID.
    if (at <= paidAt) this.fromWebhook.observe(secondsBetween(at, paidAt));
  }

  private orderPaid(orderId: string, at: number): void {
    const webhookAt = this.webhookAt.get(orderId);
    if (webhookAt === undefined) {
      this.paidAt.set(orderId, at);
      return;
    }
    this.webhookAt.delete(orderId);
    this.fromWebhook.observe(secondsBetween(webhookAt, at));
  }
}

function remembered<T extends number | true>(): LRUCache<string, T> {
  return new LRUCache({ max: VIEW_LIMITS.countedOrdersMax });
}

/** PayPay's clock may be ahead of the log's. */
function secondsBetween(from: number, to: number): number {
  return Math.max(0, to - from) / 1_000;
}
