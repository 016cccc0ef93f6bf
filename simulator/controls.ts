import {
  combinePlans,
  type CompleteWebhookPlan,
  type Operation,
  type Outage,
  type WebhookPlan,
} from './fault-plan';
import type { Settings } from './settings';

/** Plans and outages for single payments; the oldest is forgotten beyond this: a load has as many. */
const PAYMENT_PLANS_MAX = 10_000;

/**
 * What a developer has asked for: settings, webhook plans and the outage. Kept in memory only: a
 * restarted simulator behaves well.
 */
export class Controls {
  private readonly paymentPlans = new Map<string, WebhookPlan>();
  private readonly paymentOutages = new Map<string, Outage>();
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
    if (Object.keys(plan).length > 0) keepNewest(this.paymentPlans, merchantPaymentId, plan);
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

  /** For calls about one payment only, which need not exist yet. */
  breakApiOf(merchantPaymentId: string, outage: Outage): void {
    this.paymentOutages.delete(merchantPaymentId);
    keepNewest(this.paymentOutages, merchantPaymentId, outage);
  }

  repairApiOf(merchantPaymentId: string): void {
    this.paymentOutages.delete(merchantPaymentId);
  }

  outageAt(now: number): Outage | undefined {
    const { outage } = this.current;
    return outage !== undefined && now < outage.until ? outage : undefined;
  }

  /** The one for all goes before the payment's own. */
  outageOf(
    operation: Operation,
    merchantPaymentId: string | undefined,
    now: number,
  ): Outage | undefined {
    const own = this.paymentOutages.get(merchantPaymentId ?? '');
    return [this.outageAt(now), own].find(
      (outage) =>
        outage !== undefined && now < outage.until && outage.operations.includes(operation),
    );
  }
}

function keepNewest<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > PAYMENT_PLANS_MAX && oldest !== undefined) map.delete(oldest);
}
