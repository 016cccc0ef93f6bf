/**
 * Events of one order as orders and payments write them, and the log they stand in. The eventId is
 * a short name, so that an alert's cause can be read in a failed test.
 */
import type { EventOf } from '../../../schemas/event';
import { ordersEvents } from '../../../topics/orders';
import { paymentsEvents } from '../../../topics/payments';
import { factOf, withFact, type Fact, type OrderFacts } from '../../../streams/alerts/order-facts';
import type { AlertsSettings } from '../../../streams/alerts/settings';
import type { LogPosition } from '../../../streams/runtime/app';

export const ORDER_ID = '5d0f6c1e-3a3b-5a0f-9a55-8c1f0b7a2d41';
export const TOTAL = 1_200;
/** Round figures for timelines. */
export const SETTINGS: AlertsSettings = { ruleAGraceMs: 30, ruleBGraceMs: 30, retentionMs: 10_000 };

/** Refunds that are under way or failed are no facts of the rules that the oracle knows. */
export type SampleEvent = EventOf<
  Exclude<Fact['type'], 'PaymentRefundPending' | 'PaymentRefundFailed'>
>;

export interface Logged {
  readonly event: SampleEvent;
  readonly position: LogPosition;
}

function header(eventId: string) {
  return {
    eventId,
    orderId: ORDER_ID,
    occurredAt: 1,
    causationId: `cause of ${eventId}`,
    correlationId: ORDER_ID,
  };
}

function payment(number: number) {
  return {
    attempt: number,
    merchantPaymentId: `${ORDER_ID}-${String(number)}`,
    paymentId: `paypay-${String(number)}`,
  };
}

export function orderWaiting(eventId = 'waiting'): EventOf<'OrderWaitingPayment'> {
  return {
    type: 'OrderWaitingPayment',
    ...header(eventId),
    userId: 'user-1',
    items: [{ sku: 'TEA', quantity: 2, unitPrice: TOTAL / 2 }],
    totalAmount: TOTAL,
    currency: 'JPY',
  };
}

export function orderPaid(paidAt: number, eventId = 'paid'): EventOf<'OrderPaid'> {
  return {
    type: 'OrderPaid',
    ...header(eventId),
    userId: 'user-1',
    paymentId: payment(1).paymentId,
    amount: TOTAL,
    currency: 'JPY',
    paidAt,
  };
}

export function orderFailed(eventId = 'failed'): EventOf<'OrderFailed'> {
  return {
    type: 'OrderFailed',
    ...header(eventId),
    userId: 'user-1',
    reason: 'PAYMENT_EXPIRED',
    detail: 'the payment deadline has passed',
  };
}

export function succeeded(
  eventId: string,
  change: Partial<EventOf<'PaymentSucceeded'>> & { readonly payment?: number } = {},
): EventOf<'PaymentSucceeded'> {
  const { payment: number = 1, ...fields } = change;
  return {
    type: 'PaymentSucceeded',
    ...header(eventId),
    ...payment(number),
    amount: TOTAL,
    currency: 'JPY',
    paidAt: 100,
    settledBy: 'POLL',
    ...fields,
  };
}

export function paymentFailed(
  eventId: string,
  observedAt: number,
  number = 1,
): EventOf<'PaymentFailed'> {
  return {
    type: 'PaymentFailed',
    ...header(eventId),
    ...payment(number),
    reason: 'REVERSED',
    observedAt,
    detail: 'PayPay says so',
  };
}

export function authorizationStuck(eventId: string): EventOf<'PaymentAuthorizationStuck'> {
  const { attempt, merchantPaymentId, paymentId } = payment(1);
  return {
    type: 'PaymentAuthorizationStuck',
    ...header(eventId),
    attempt,
    merchantPaymentId,
    paymentId,
    amount: 1_200,
    currency: 'JPY',
    since: 0,
    detail: 'asked 8 times',
  };
}

export function paymentExpired(eventId: string, expiredAt: number): EventOf<'PaymentExpired'> {
  const { attempt, merchantPaymentId } = payment(1);
  return {
    type: 'PaymentExpired',
    ...header(eventId),
    attempt,
    merchantPaymentId,
    expiredAt,
  };
}

export function refunded(
  eventId: string,
  change: Partial<EventOf<'PaymentRefunded'>> & { readonly payment?: number } = {},
): EventOf<'PaymentRefunded'> {
  const { payment: number = 1, ...fields } = change;
  const { merchantPaymentId, paymentId } = payment(number);
  return {
    type: 'PaymentRefunded',
    ...header(eventId),
    merchantPaymentId,
    paymentId,
    merchantRefundId: `refund-${eventId}`,
    amount: TOTAL,
    currency: 'JPY',
    requestedHere: true,
    observedAt: 500,
    wasPending: false,
    ...fields,
  };
}

/** The log that holds `events` in this order, the nth of them appended at the nth of `times`. */
export function logOf(events: readonly SampleEvent[], times: readonly number[]): readonly Logged[] {
  const ends = new Map<string, number>();
  return events.map((event, index) => {
    const { name } = isOrderEvent(event) ? ordersEvents : paymentsEvents;
    const offset = ends.get(name) ?? 0;
    ends.set(name, offset + 1);
    const timestamp = times[index];
    if (timestamp === undefined) throw new Error(`no log time for ${event.eventId}`);
    return { event, position: { topic: name, partition: 0, offset, timestamp } };
  });
}

/** What is known once these were handled, in this order, and a timer proved `readUntil`. */
export function knownFacts(log: readonly Logged[], readUntil = 0): OrderFacts {
  const facts = log.reduce(
    (known, { event, position }) => withFact(known, factOf(event, position)),
    noFacts(ORDER_ID),
  );
  return { ...facts, readUntil };
}

export function isOrderEvent(event: SampleEvent): boolean {
  return event.type.startsWith('Order');
}

/** An order of which nothing is known. */
export function noFacts(orderId: string): OrderFacts {
  return { orderId, waiting: null, paid: null, failed: null, payments: [], readUntil: 0 };
}
