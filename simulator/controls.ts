import {
  combinePlans,
  type CompleteWebhookPlan,
  type Operation,
  type Outage,
  type WebhookPlan,
} from './fault-plan';
import type { Settings } from './settings';

/** Plans for single payments; the oldest is forgotten beyond this, as no one works with more. */
const PAYMENT_PLANS_MAX = 1_000;

/**
 * What a developer has asked for: settings, webhook plans and the outage. Kept in memory only: a
 * restarted simulator behaves well.
 */
export class Controls {
  private readonly paymentPlans = new Map<string, WebhookPlan>();
  private current: { settings: Settings; webhookPlan: WebhookPlan; outage: Outage | undefined };

  constructor(settings: Settings) {
    this.current = { settings, webhookPlan: {}, outage: undefined };
  }

  get settings(): Settings {
    return this.current.settings;
  }

  get webhookPlan(): WebhookPlan {
    return this.current.webhookPlan;
  }

  change(settings: Partial<Settings>): void {
    this.current.settings = { ...this.current.settings, ...settings };
  }

  planAllWebhooks(plan: WebhookPlan): void {
    this.current.webhookPlan = plan;
  }

  planWebhooksOf(merchantPaymentId: string, plan: WebhookPlan): void {
    this.paymentPlans.delete(merchantPaymentId);
    if (Object.keys(plan).length === 0) return;
    this.paymentPlans.set(merchantPaymentId, plan);
    const [oldest] = this.paymentPlans.keys();
    if (this.paymentPlans.size > PAYMENT_PLANS_MAX && oldest !== undefined) {
      this.paymentPlans.delete(oldest);
    }
  }

  webhookPlanOf(merchantPaymentId: string): WebhookPlan {
    return this.paymentPlans.get(merchantPaymentId) ?? {};
  }

  /** All plans that meet in one webhook, the narrowest last. */
  effectivePlan(merchantPaymentId: string, own: WebhookPlan): CompleteWebhookPlan {
    return combinePlans(this.webhookPlan, this.webhookPlanOf(merchantPaymentId), own);
  }

  breakApi(outage: Outage): void {
    this.current.outage = outage;
  }

  repairApi(): void {
    this.current.outage = undefined;
  }

  outageAt(now: number): Outage | undefined {
    const { outage } = this.current;
    return outage !== undefined && now < outage.until ? outage : undefined;
  }

  outageOf(operation: Operation, now: number): Outage | undefined {
    const outage = this.outageAt(now);
    return outage?.operations.includes(operation) === true ? outage : undefined;
  }
}
