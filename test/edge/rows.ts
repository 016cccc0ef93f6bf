/** Rows of the read models for tests, whole and plausible. */
import type {
  AlertDetail,
  OrderView,
  PaymentView,
  TimelineEntry,
  WebhookView,
} from '../../edge/contract/api-types';

export const ORDER_ID = '0a8fca11-3a57-5bd6-9c7f-6f2f3f0b7a01';
export const OTHER_ORDER_ID = '0a8fca11-3a57-5bd6-9c7f-6f2f3f0b7a02';
export const ALERT_ID = '5a8fca11-3a57-5bd6-9c7f-6f2f3f0b7a09';

export function orderRow(over: Partial<OrderView> = {}): OrderView {
  return {
    orderId: ORDER_ID,
    userId: 'shopper-1',
    status: 'WAITING_PAYMENT',
    cancelling: false,
    items: [{ sku: 'TEA-001', quantity: 2, unitPrice: 400 }],
    totalAmount: 800,
    currency: 'JPY',
    failureReason: null,
    failureDetail: null,
    paymentId: null,
    paidAt: null,
    refundedAmount: 0,
    refundPendingAmount: 0,
    createdAt: 1_000,
    updatedAt: 2_000,
    ...over,
  };
}

export function paymentRow(over: Partial<PaymentView> = {}): PaymentView {
  return {
    orderId: ORDER_ID,
    status: 'CODE_ISSUED',
    merchantPaymentId: `${ORDER_ID}-1`,
    codeUrl: 'https://qr.example/1',
    deeplink: 'paypay://1',
    amount: 800,
    currency: 'JPY',
    expiresAt: 9_000,
    paymentId: null,
    paidAmount: null,
    paidAt: null,
    settledBy: null,
    failureReason: null,
    failureDetail: null,
    refundedAmount: 0,
    refundPendingAmount: 0,
    refunds: [],
    otherPayments: [],
    updatedAt: 2_000,
    ...over,
  };
}

export function timelineRow(topic: string, type: string, offset: number): TimelineEntry {
  return {
    topic,
    partition: 0,
    offset,
    eventId: `${topic}-${String(offset)}`,
    type,
    occurredAt: 1_000,
    loggedAt: 1_001,
    payload: { orderId: ORDER_ID },
  };
}

export function alertRow(): AlertDetail {
  return {
    alert: {
      alertId: ALERT_ID,
      rule: 'RULE_A',
      orderId: ORDER_ID,
      severity: 'P1',
      status: 'OPEN',
      version: 1,
      count: 1,
      owner: null,
      detectedAt: 31_000,
      deadline: 31_000,
      moneyAtRisk: 800,
      currency: 'JPY',
      expected: 'Order PAID within 30 s',
      observed: 'Customer paid ¥800, order still WAITING_PAYMENT',
      raisedAt: 31_010,
      acknowledgedAt: null,
      resolvedAt: null,
      resolvedBy: null,
      resolution: null,
      action: null,
      actionStatus: null,
      actionDetail: null,
    },
    evidence: [],
    history: [],
    timeline: [],
  };
}

export function webhookRow(): WebhookView {
  return {
    partition: 0,
    offset: 7,
    eventId: 'webhook-1',
    verdict: 'FOREIGN_ORDER',
    reason: 'merchant_order_id is absent, which no order of ours has',
    orderId: null,
    merchantPaymentId: null,
    state: null,
    sourceAddress: '192.0.2.1',
    receivedAt: 31_000,
    loggedAt: 31_010,
    body: '{"notification_type":"Transaction"}',
  };
}
