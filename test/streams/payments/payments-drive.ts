/**
 * Drives the payments app through the topology test driver, with the test in the place of orders,
 * of the edge and of the gateway.
 */
import { recordTypes } from '../../../schemas/avro-types';
import { eventId } from '../../../schemas/event-id';
import type { AnyEvent, EventOf, EventType } from '../../../schemas/event';
import { header, orderHeader } from '../../../schemas/header';
import { alertsActionResults, alertsLifecycle } from '../../../topics/alerts';
import { ordersEvents } from '../../../topics/orders';
import {
  paymentsEvents,
  paymentsGatewayRequests,
  paymentsGatewayResults,
  paymentsNotifications,
} from '../../../topics/payments';
import type { EventOn } from '../../../topics/topic';
import { paymentsDefaults, type PaymentsSettings } from '../../../streams/payments/settings';
import { paymentsApp } from '../../../streams/payments/topology';
import { TopologyTestDriver } from '../../../streams/runtime/test-driver';

export const ORDER_ID = '0b5c1d3e-94a6-5c2f-8f57-5a4f6d0c9e21';
export const START_AT = 1_000_000;
export const AMOUNT = 1_200;

type Request = EventOn<typeof paymentsGatewayRequests>;
type Observation = EventOf<'PaymentStatusObserved'>;

export class PaymentsDrive {
  private drawn = 0;

  private constructor(readonly driver: TopologyTestDriver) {}

  static async start(settings: Partial<PaymentsSettings> = {}): Promise<PaymentsDrive> {
    // Without jitter the times in the tests are round.
    const app = paymentsApp({ ...paymentsDefaults, jitterShare: 0, ...settings });
    return new PaymentsDrive(
      await TopologyTestDriver.start([app], { records: recordTypes, startAt: START_AT }),
    );
  }

  get now(): number {
    return this.driver.clock.now();
  }

  advance(ms: number): Promise<void> {
    return this.driver.advance(ms);
  }

  /** The requests to the gateway since the last look. */
  requests(): readonly Request[] {
    return this.driver.take(paymentsGatewayRequests);
  }

  /** The only request since the last look. */
  request<T extends Request['type']>(type: T): EventOf<T> {
    const [request, ...others] = this.requests();
    expect(others).toEqual([]);
    expect(request).toMatchObject({ type });
    return request as EventOf<T>;
  }

  /** What payments said since the last look. */
  told(): readonly EventOn<typeof paymentsEvents>[] {
    return this.driver.take(paymentsEvents);
  }

  async state(): Promise<unknown> {
    return this.driver.state('payments', ORDER_ID);
  }

  async orderWaits(): Promise<void> {
    await this.driver.pipe(ordersEvents, {
      type: 'OrderWaitingPayment',
      ...this.header(),
      userId: 'user-1',
      items: [{ sku: 'TEA', quantity: 2, unitPrice: 600 }],
      totalAmount: AMOUNT,
      currency: 'JPY',
    });
  }

  async cancel(): Promise<void> {
    await this.driver.pipe(ordersEvents, {
      type: 'OrderCancellationStarted',
      ...this.header(),
      userId: 'user-1',
      reason: '',
    });
  }

  /** An order whose first code was just issued; all that was said so far has been taken. */
  async waitingShopper(): Promise<EventOf<'CodeCreationRequested'>> {
    await this.orderWaits();
    const request = this.request('CodeCreationRequested');
    await this.codeCreated(request);
    this.told();
    return request;
  }

  async paidShopper(): Promise<void> {
    await this.waitingShopper();
    await this.advance(4_000);
    await this.observed(this.request('PaymentStatusRequested'), 'COMPLETED');
    this.told();
  }

  /** An operator's action begins on an alert of this order. */
  async actionStarted(
    action: EventOf<'AlertActionStarted'>['action'],
    change: Partial<EventOf<'AlertActionStarted'>> = {},
  ): Promise<void> {
    await this.driver.pipe(alertsLifecycle, {
      type: 'AlertActionStarted',
      ...this.header(),
      alertId: 'alert-1',
      version: 2,
      actor: 'ops@example.com',
      action,
      reason: 'paid twice',
      idempotencyKey: 'key-1',
      payments: [],
      ...change,
    });
  }

  /** What the alerts were told of actions since the last look. */
  actionAnswers(): readonly EventOn<typeof alertsActionResults>[] {
    return this.driver.take(alertsActionResults);
  }

  async codeCreated(request: EventOf<'CodeCreationRequested'>): Promise<void> {
    await this.answer({
      type: 'CodeCreated',
      ...this.header(request),
      ...attemptOf(request),
      codeId: `code-${request.attempt}`,
      url: 'https://qr.example/1',
      deeplink: 'paypay://1',
      expiresAt: this.now + 300_000,
    });
  }

  async codeFailed(
    request: EventOf<'CodeCreationRequested'>,
    outcome: EventOf<'CodeCreationFailed'>['outcome'],
  ): Promise<void> {
    await this.answer({
      type: 'CodeCreationFailed',
      ...this.header(request),
      ...attemptOf(request),
      outcome,
      errorCode: null,
      detail: outcome,
    });
  }

  async codeDeleted(request: EventOf<'CodeDeletionRequested'>): Promise<void> {
    const { codeId } = request;
    await this.answer({
      type: 'CodeDeleted',
      ...this.header(request),
      ...attemptOf(request),
      codeId,
    });
  }

  async codeDeletionFailed(
    request: EventOf<'CodeDeletionRequested'>,
    outcome: EventOf<'CodeDeletionFailed'>['outcome'],
  ): Promise<void> {
    await this.answer({
      type: 'CodeDeletionFailed',
      ...this.header(request),
      ...attemptOf(request),
      codeId: request.codeId,
      outcome,
      errorCode: null,
      detail: outcome,
    });
  }

  async reverted(request: EventOf<'AuthorizationRevertRequested'>): Promise<void> {
    const { paymentId, merchantRevertId } = request;
    await this.answer({
      type: 'AuthorizationReverted',
      ...this.header(request),
      ...attemptOf(request),
      paymentId,
      merchantRevertId,
    });
  }

  async revertFailed(
    request: EventOf<'AuthorizationRevertRequested'>,
    outcome: EventOf<'AuthorizationRevertFailed'>['outcome'],
  ): Promise<void> {
    const { paymentId, merchantRevertId } = request;
    await this.answer({
      type: 'AuthorizationRevertFailed',
      ...this.header(request),
      ...attemptOf(request),
      paymentId,
      merchantRevertId,
      outcome,
      errorCode: null,
      detail: outcome,
    });
  }

  async observed(
    request: EventOf<'PaymentStatusRequested'>,
    status: Observation['status'],
    change: Partial<Observation> = {},
  ): Promise<void> {
    const isCharged = status === 'COMPLETED' || status === 'REFUNDED';
    await this.answer({
      type: 'PaymentStatusObserved',
      ...this.header(request),
      ...attemptOf(request),
      purpose: request.purpose,
      status,
      paymentId: isCharged ? `payment-${request.attempt}` : null,
      amount: isCharged ? AMOUNT : null,
      currency: isCharged ? 'JPY' : null,
      paidAt: isCharged ? this.now - 1_000 : null,
      refundedAmount: 0,
      refunds: [],
      observedAt: this.now,
      ...change,
    });
  }

  async unavailable(request: EventOf<'PaymentStatusRequested'>): Promise<void> {
    await this.answer({
      type: 'PaymentStatusUnavailable',
      ...this.header(request),
      ...attemptOf(request),
      purpose: request.purpose,
      reason: 'TIMEOUT',
      errorCode: null,
      detail: 'no response within 5,000 ms',
    });
  }

  async notified(change: Partial<EventOf<'PaymentNotificationReceived'>> = {}): Promise<void> {
    await this.driver.pipe(paymentsNotifications, {
      type: 'PaymentNotificationReceived',
      ...this.header(),
      merchantPaymentId: `${ORDER_ID}-1`,
      paymentId: 'payment-1',
      state: 'COMPLETED',
      amount: AMOUNT,
      paidAt: this.now - 1_000,
      verdict: 'HINT',
      sourceAddress: '203.0.113.9',
      receivedAt: this.now,
      body: '{}',
      replayOf: null,
      ...change,
    });
  }

  async setAside(change: Partial<EventOf<'WebhookSetAside'>>): Promise<void> {
    await this.driver.pipe(paymentsNotifications, {
      type: 'WebhookSetAside',
      ...header({ id: 'request-1', at: this.now }, 'notification', 'request-1'),
      verdict: 'FOREIGN_ORDER',
      reason: 'merchant_order_id is absent, which no order of ours has',
      field: 'merchant_order_id',
      status: 200,
      sourceAddress: '203.0.113.9',
      receivedAt: this.now,
      body: Buffer.from('{}'),
      bodyBytes: 2,
      replayOf: null,
      ...change,
    });
  }

  /** Writes an answer of the gateway; the same one again is a duplicate. */
  async answer(event: EventOn<typeof paymentsGatewayResults>): Promise<void> {
    await this.driver.pipe(paymentsGatewayResults, event);
  }

  private header(request?: Request) {
    this.drawn += 1;
    const id = request?.eventId ?? eventId(ORDER_ID, `outside-${this.drawn}`);
    return orderHeader({ id, at: this.now }, 'result', ORDER_ID);
  }
}

function attemptOf({
  attempt,
  merchantPaymentId,
}: Exclude<Request, EventOf<'RefundRequested' | 'RefundStatusRequested'>>) {
  return { attempt, merchantPaymentId };
}

/** Names of what was written, for a test that asks for the order of things. */
export function typesOf(events: readonly AnyEvent[]): readonly EventType[] {
  return events.map(({ type }) => type);
}
