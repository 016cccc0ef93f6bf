/**
 * A whole shop on the test driver: orders, inventory, accounts, payments and alerts on the
 * production task code, with a scripted PayPay behind them and one order of two skus in it.
 */
import { recordTypes } from '../../../schemas/avro-types';
import type { EventOf } from '../../../schemas/event';
import { eventId } from '../../../schemas/event-id';
import { UNMARKED } from '../../../schemas/request-marks';
import { accountsDefaults } from '../../../streams/accounts/settings';
import { accountsApp } from '../../../streams/accounts/topology';
import { alertsDefaults } from '../../../streams/alerts/settings';
import { alertsApp } from '../../../streams/alerts/topology';
import { inventoryDefaults } from '../../../streams/inventory/settings';
import { inventoryApp } from '../../../streams/inventory/topology';
import { ordersDefaults } from '../../../streams/orders/settings';
import { ordersApp } from '../../../streams/orders/topology';
import { paymentsDefaults } from '../../../streams/payments/settings';
import { paymentsApp } from '../../../streams/payments/topology';
import type { StreamApp } from '../../../streams/runtime/app';
import { TopologyTestDriver } from '../../../streams/runtime/test-driver';
import { accountsBalances, accountsRequests } from '../../../topics/accounts';
import { alertsLifecycle, alertsRaised, alertsRequests } from '../../../topics/alerts';
import { catalogProducts } from '../../../topics/catalog';
import { inventoryLevels, inventoryRequests } from '../../../topics/inventory';
import { ordersEvents, ordersRequests } from '../../../topics/orders';
import {
  paymentsEvents,
  paymentsGatewayRequests,
  paymentsGatewayResults,
  paymentsNotifications,
} from '../../../topics/payments';
import { ORDER_ID, limitChanged, product, purchase, sample, stockReceived } from './sample-event';
import { ScriptedPayPay } from './scripted-paypay';

const ITEMS = [
  { sku: 'a', quantity: 2 },
  { sku: 'b', quantity: 3 },
];
export const TOTAL = 2 * 500 + 3 * 200;
export const OPERATOR = 'ops@example.com';

type Action = EventOf<'AlertActionRequested'>['action'];
type LifecycleEvent = EventOf<(typeof alertsLifecycle.types)[number]>;

/** Settings and apps that a test changes. */
export interface ShopOptions {
  readonly orders?: StreamApp;
  readonly inventory?: StreamApp;
}

export class Shop {
  readonly paypay = new ScriptedPayPay();
  private commands = 0;
  private answered = 0;

  private constructor(readonly driver: TopologyTestDriver) {}

  /** An order waits for its payment. */
  static async open(options: ShopOptions = {}): Promise<Shop> {
    const apps = [
      options.orders ?? ordersApp(ordersDefaults),
      options.inventory ?? inventoryApp(inventoryDefaults),
      accountsApp(accountsDefaults),
      // Without jitter the times in the tests are round.
      paymentsApp({ ...paymentsDefaults, jitterShare: 0 }),
      alertsApp(alertsDefaults),
    ];
    const shop = new Shop(
      await TopologyTestDriver.start(apps, { records: recordTypes, startAt: 1_000_000 }),
    );
    await shop.driver.pipe(catalogProducts, product('a', 500), product('b', 200));
    await shop.driver.pipe(inventoryRequests, stockReceived('a', 10), stockReceived('b', 10));
    await shop.driver.pipe(accountsRequests, limitChanged(10_000));
    return shop;
  }

  async order(): Promise<void> {
    await this.driver.pipe(ordersRequests, purchase(ITEMS));
    await this.answerGateway();
  }

  /** Moves time in steps, so that PayPay answers soon after it was asked. */
  async advance(ms: number): Promise<void> {
    const stepMs = 1_000;
    for (let passed = 0; passed < ms; passed += stepMs) {
      await this.driver.advance(Math.min(stepMs, ms - passed));
      await this.answerGateway();
    }
  }

  /** The shopper pays, and PayPay's webhook comes. */
  async pay(amount = TOTAL, attempt = 1): Promise<void> {
    this.paypay.pay(merchantPaymentIdOf(attempt), amount, this.driver.clock.now());
    await this.notify(attempt);
  }

  /** A webhook that names the attempt: payments asks PayPay. */
  async notify(attempt = 1): Promise<void> {
    const now = this.driver.clock.now();
    const event = sample(
      'PaymentNotificationReceived',
      {
        orderId: ORDER_ID,
        merchantPaymentId: merchantPaymentIdOf(attempt),
        paymentId: null,
        state: 'COMPLETED',
        amount: null,
        paidAt: null,
        verdict: 'HINT',
        sourceAddress: '203.0.113.9',
        receivedAt: now,
        body: '{}',
        replayOf: null,
      },
      now,
    );
    await this.driver.pipe(paymentsNotifications, event);
    await this.answerGateway();
  }

  /** The alerts of a rule, oldest first. */
  raised(rule: EventOf<'AlertRaised'>['rule']): readonly EventOf<'AlertRaised'>[] {
    return this.driver.events(alertsRaised).filter((alert) => alert.rule === rule);
  }

  /** The only alert of a rule. */
  alert(rule: EventOf<'AlertRaised'>['rule']): EventOf<'AlertRaised'> {
    const [alert, ...others] = this.raised(rule);
    if (alert === undefined || others.length > 0) throw new Error(`not one alert of ${rule}`);
    return alert;
  }

  /** What happened to an alert since it was raised. */
  history({ alertId }: { readonly alertId: string }): readonly LifecycleEvent[] {
    return this.driver.events(alertsLifecycle).filter((event) => event.alertId === alertId);
  }

  versionOf(alert: EventOf<'AlertRaised'>): number {
    const versions = this.history(alert).map((event) => ('version' in event ? event.version : 1));
    return Math.max(1, ...versions);
  }

  /** An operator asks for an action, having seen the alert as it stands. */
  /** `amount`: of a refund of a part. */
  async act(
    alert: EventOf<'AlertRaised'>,
    action: Action,
    amount: number | null = null,
  ): Promise<void> {
    await this.request({ ...this.command(alert, action), amount });
  }

  async reopen(alert: EventOf<'AlertRaised'>): Promise<void> {
    const seen = this.seen(alert.alertId, this.versionOf(alert));
    await this.request({ type: 'AlertReopenRequested', ...seen, reason: 'not over yet' });
  }

  command(
    alert: EventOf<'AlertRaised'>,
    action: Action,
    expectedVersion = this.versionOf(alert),
  ): EventOf<'AlertActionRequested'> {
    const seen = this.seen(alert.alertId, expectedVersion);
    const idempotencyKey = `key-${this.commands}`;
    const reason = 'to make it right';
    return { type: 'AlertActionRequested', ...seen, action, reason, idempotencyKey, amount: null };
  }

  async request(...requests: EventOf<(typeof alertsRequests.types)[number]>[]): Promise<void> {
    await this.driver.pipe(alertsRequests, ...requests);
    await this.answerGateway();
  }

  orderEvents(): readonly string[] {
    return this.driver.events(ordersEvents).map(({ type }) => type);
  }

  paymentEvents(): readonly EventOf<(typeof paymentsEvents.types)[number]>[] {
    return this.driver.events(paymentsEvents);
  }

  /** Where the pieces and the yen are now: [available, reserved, sold] of a and b, [held, used]. */
  holdings(): unknown {
    const levels = this.driver.events(inventoryLevels);
    const [a, b] = ['a', 'b'].map((sku) => levels.findLast((level) => level.sku === sku));
    const account = this.driver.events(accountsBalances).at(-1);
    return [
      [a?.available, a?.reserved, a?.sold],
      [b?.available, b?.reserved, b?.sold],
      [account?.held, account?.used],
    ];
  }

  /** Answers what payments asked until it asks nothing more. */
  private async answerGateway(): Promise<void> {
    for (;;) {
      const requests = this.driver.events(paymentsGatewayRequests).slice(this.answered);
      if (requests.length === 0) return;
      this.answered += requests.length;
      const now = this.driver.clock.now();
      const results = requests.map((request) => this.paypay.answer(request, now));
      await this.driver.pipe(paymentsGatewayResults, ...results);
    }
  }

  /** What every request of the operator says but what is asked for. */
  private seen(alertId: string, expectedVersion: number) {
    this.commands += 1;
    const id = eventId(JSON.stringify([OPERATOR, `key-${this.commands}`]), 'alert-request');
    const header = { eventId: id, occurredAt: 0, causationId: id, correlationId: ORDER_ID };
    const about = { orderId: ORDER_ID, alertId, actor: OPERATOR, expectedVersion };
    return { ...header, ...about, ...UNMARKED };
  }
}

export function merchantPaymentIdOf(attempt: number): string {
  return `${ORDER_ID}-${attempt}`;
}

export const FREE = [
  [10, 0, 0],
  [10, 0, 0],
  [0, 0],
];
export const RESERVED = [
  [8, 2, 0],
  [7, 3, 0],
  [TOTAL, 0],
];
export const SOLD = [
  [8, 0, 2],
  [7, 0, 3],
  [0, TOTAL],
];
