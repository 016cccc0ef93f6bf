/** Events of one order as the apps write them, for the tests of the views. */
import { header, orderHeader } from '../../../schemas/header';
import type { AnyEvent, EventOf, EventType, EventWithout } from '../../../schemas/event';
import type { LogPosition } from '../../../streams/runtime/app';

export const DECIDED_AT = Date.parse('2026-11-22T01:00:00.000Z');
export const LOGGED_AT = Date.parse('2026-11-22T01:00:00.250Z');

/** Fields that are the same in every event of an order. */
type OrderFields = 'eventId' | 'orderId' | 'occurredAt' | 'causationId' | 'correlationId';

/** An event of `orderId`; `role` tells apart events of one type. */
export function ofOrder<E extends Extract<AnyEvent, { orderId: string; eventId: string }>>(
  orderId: string,
  fields: EventWithout<E, OrderFields>,
  role = 'sample',
): E {
  const cause = { id: `${orderId}/${fields.type}`, at: DECIDED_AT };
  return { ...orderHeader(cause, role, orderId), ...fields } as unknown as E;
}

/** An event that belongs to no order. */
export function ofThing<T extends EventType>(
  fields: EventWithout<EventOf<T>, Exclude<OrderFields, 'orderId'>>,
  id: string,
): EventOf<T> {
  return {
    ...header({ id, at: DECIDED_AT }, 'sample', id),
    ...fields,
  } as unknown as EventOf<T>;
}

export function at(topic: string, offset = 7, partition = 3): LogPosition {
  return { topic, partition, offset, timestamp: LOGGED_AT };
}

export function orderCreated(orderId: string): EventOf<'OrderCreated'> {
  return ofOrder(orderId, {
    type: 'OrderCreated',
    userId: 'user-1',
    items: [
      { sku: 'tea', quantity: 2 },
      { sku: 'cup', quantity: 1 },
    ],
  });
}

export function orderWaitingPayment(orderId: string): EventOf<'OrderWaitingPayment'> {
  return ofOrder(orderId, {
    type: 'OrderWaitingPayment',
    userId: 'user-1',
    items: [
      { sku: 'tea', quantity: 2, unitPrice: 500 },
      { sku: 'cup', quantity: 1, unitPrice: 1_200 },
    ],
    totalAmount: 2_200,
    currency: 'JPY',
  });
}

export function orderPaid(orderId: string): EventOf<'OrderPaid'> {
  return ofOrder(orderId, {
    type: 'OrderPaid',
    userId: 'user-1',
    paymentId: 'paypay-1',
    amount: 2_200,
    currency: 'JPY',
    paidAt: DECIDED_AT,
  });
}

export function stockReserved(orderId: string, sku: string): EventOf<'StockReserved'> {
  return ofOrder(
    orderId,
    { type: 'StockReserved', sku, quantity: 1, unitPrice: 500, currency: 'JPY' },
    sku,
  );
}

export function fundsHeld(orderId: string): EventOf<'FundsHeld'> {
  return ofOrder(orderId, {
    type: 'FundsHeld',
    userId: 'user-1',
    amount: 2_200,
    currency: 'JPY',
  });
}

export function paymentCodeIssued(orderId: string): EventOf<'PaymentCodeIssued'> {
  return ofOrder(orderId, {
    type: 'PaymentCodeIssued',
    attempt: 1,
    merchantPaymentId: `${orderId}-1`,
    codeId: 'code-1',
    url: 'https://qr.example/code-1',
    deeplink: 'paypay://code-1',
    amount: 2_200,
    currency: 'JPY',
    expiresAt: DECIDED_AT + 300_000,
  });
}

export function paymentSucceeded(orderId: string): EventOf<'PaymentSucceeded'> {
  return ofOrder(orderId, {
    type: 'PaymentSucceeded',
    attempt: 1,
    merchantPaymentId: `${orderId}-1`,
    paymentId: 'paypay-1',
    amount: 2_200,
    currency: 'JPY',
    paidAt: DECIDED_AT,
    settledBy: 'NOTIFICATION',
  });
}

export function paymentRefunded(orderId: string): EventOf<'PaymentRefunded'> {
  return ofOrder(orderId, {
    type: 'PaymentRefunded',
    merchantPaymentId: `${orderId}-1`,
    paymentId: 'paypay-1',
    merchantRefundId: 'refund-1',
    amount: 2_200,
    currency: 'JPY',
    requestedHere: true,
    wasPending: false,
    observedAt: DECIDED_AT,
  });
}

export function paymentNotification(
  orderId: string,
  body = '{"state":"COMPLETED"}',
): EventOf<'PaymentNotificationReceived'> {
  return ofOrder(orderId, {
    type: 'PaymentNotificationReceived',
    merchantPaymentId: `${orderId}-1`,
    paymentId: 'paypay-1',
    state: 'COMPLETED',
    amount: 2_200,
    paidAt: DECIDED_AT,
    verdict: 'HINT',
    sourceAddress: '52.68.128.8',
    receivedAt: DECIDED_AT,
    body,
    replayOf: null,
  });
}

export function webhookSetAside(body: Buffer): EventOf<'WebhookSetAside'> {
  return {
    type: 'WebhookSetAside',
    eventId: 'webhook-1',
    occurredAt: DECIDED_AT,
    causationId: 'request-1',
    correlationId: 'request-1',
    verdict: 'FOREIGN_ORDER',
    reason: 'merchant_order_id is "POS-0042", which no order of ours has',
    field: 'merchant_order_id',
    status: 200,
    sourceAddress: '52.68.128.8',
    receivedAt: DECIDED_AT,
    body,
    bodyBytes: body.length,
    replayOf: null,
  };
}

export function alertRaised(orderId: string): EventOf<'AlertRaised'> {
  return ofOrder(orderId, {
    type: 'AlertRaised',
    alertId: `alert-of-${orderId}`,
    rule: 'RULE_A',
    severity: 'P1',
    detectedAt: DECIDED_AT,
    deadline: DECIDED_AT,
    moneyAtRisk: 2_200,
    currency: 'JPY',
    expected: 'the order is PAID',
    observed: 'the order waits',
    evidence: [
      {
        topic: 'payments.events.v1',
        partition: 3,
        offset: 12,
        eventId: 'event-1',
        type: 'PaymentSucceeded',
        occurredAt: DECIDED_AT,
        loggedAt: LOGGED_AT,
      },
    ],
  });
}

export function alertAcknowledged(orderId: string): EventOf<'AlertAcknowledged'> {
  return ofOrder(orderId, {
    type: 'AlertAcknowledged',
    alertId: `alert-of-${orderId}`,
    version: 2,
    owner: 'ops@example.com',
  });
}

export function alertResolved(orderId: string): EventOf<'AlertResolved'> {
  return ofOrder(orderId, {
    type: 'AlertResolved',
    alertId: `alert-of-${orderId}`,
    rule: 'RULE_A',
    version: 3,
    resolvedBy: 'OPERATOR',
    actor: 'ops@example.com',
    detail: 'the order was driven again',
    evidence: [],
  });
}

export function stockLevel(sku: string, available: number): EventOf<'StockLevel'> {
  return ofThing<'StockLevel'>(
    { type: 'StockLevel', sku, total: 10, available, reserved: 10 - available, sold: 0 },
    `${sku}/${available}`,
  );
}
