import type { SecondOfCalls } from './call-count';
import { FAULTS_BY_KIND } from './fault-mix';
import type { CompleteWebhookPlan, Operation, Outage, WebhookPlan } from './fault-plan';
import type { MixSource, PlayView } from './fault-plays';
import { hasLapsed, possibleActions, type Payment, type PossibleAction } from './payment';
import type { Settings } from './settings';
import type { SimulatedPayPay } from './simulated-paypay';
import type { DeliveryCount, Webhook } from './webhook-log';

/** What the control API answers, shared by the routes and the client. */
export interface PaymentView extends Payment {
  /** The code is past its time, whatever the status reads. */
  readonly lapsed: boolean;
  readonly actions: readonly PossibleAction[];
  /** Webhook requests made about this payment, retries counted, and how many got a 2xx. */
  readonly deliveries: DeliveryCount;
  /** A restart forgets deliveries: what was sent about this payment before it is not known. */
  readonly isOlderThanLog: boolean;
  /** The payment's own plan, empty unless one was set. */
  readonly webhookPlan: WebhookPlan;
  /** What is played with its order; null when nothing is. */
  readonly play: PlayView | null;
}

export interface StateView {
  readonly revision: number;
  /** The simulator's clock, milliseconds since the epoch. */
  readonly now: number;
  readonly merchantId: string;
  readonly payments: number;
  readonly settings: Settings;
  /** What holds for every webhook whose payment has no plan of its own. */
  readonly webhookPlan: CompleteWebhookPlan;
  readonly outage: Outage | null;
  /** Where the faults of new orders come from. */
  readonly faultMix: MixSource;
  /** All that may go wrong with an order; of one kind one at a time. */
  readonly faultsByKind: typeof FAULTS_BY_KIND;
}

export interface CallsView {
  /** Since the simulator was started. */
  readonly totals: Readonly<Record<Operation, number>>;
  /** Oldest first; seconds without a call are left out. */
  readonly seconds: readonly SecondOfCalls[];
}

export interface PaymentList {
  readonly payments: readonly PaymentView[];
}

export interface WebhookList {
  readonly webhooks: readonly Webhook[];
}

export function viewPayment(paypay: SimulatedPayPay, payment: Payment): PaymentView {
  return {
    ...payment,
    lapsed: hasLapsed(payment, paypay.now),
    actions: possibleActions(payment, paypay.now),
    deliveries: paypay.log.countOf(payment.merchantPaymentId),
    isOlderThanLog: payment.createdAt < paypay.startedAt,
    webhookPlan: paypay.controls.webhookPlanOf(payment.merchantPaymentId),
    play: paypay.plays.of(payment.merchantPaymentId) ?? null,
  };
}

export function viewState(paypay: SimulatedPayPay): StateView {
  const { changes, controls, ledger, merchantId, now } = paypay;
  return {
    revision: changes.revision,
    now,
    merchantId,
    payments: ledger.size,
    settings: controls.settings,
    webhookPlan: controls.effectivePlan('', {}),
    outage: controls.outageAt(now) ?? null,
    faultMix: paypay.plays.source,
    faultsByKind: FAULTS_BY_KIND,
  };
}
