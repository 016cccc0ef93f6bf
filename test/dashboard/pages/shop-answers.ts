/** What an edge answers of a shop in which one order went wrong. */
import type { OrderSnapshot } from '../../../edge/contract/api-types';
import { sampleAlert } from '../alerts/sample-alert';
import type { EdgeAnswers } from './open-page';

export const ORDER_ID = '0a8fca11-3a57-5bd6-9c7f-6f2f3f0b7a01';
export const ALERT_ID = '1b8fca11-3a57-5bd6-9c7f-6f2f3f0b7a02';
const AT = 1_700_000_000_000;

const alert = sampleAlert({
  ...{ alertId: ALERT_ID, orderId: ORDER_ID, rule: 'RULE_C', detectedAt: AT, raisedAt: AT },
  ...{ observed: 'Customer paid ¥1,200, order is FAILED (PAYMENT_EXPIRED)' },
  ...{ expected: 'No money taken for a FAILED order' },
});

function entry(topic: string, type: string, offset: number, payload: Record<string, unknown> = {}) {
  const at = AT + offset * 700;
  return {
    ...{ topic, partition: 1, offset, eventId: `${type}-${String(offset)}`, type },
    ...{ occurredAt: at, loggedAt: at, payload: { orderId: ORDER_ID, ...payload } },
  };
}

const timeline = [
  entry('orders.events.v1', 'OrderCreated', 1),
  entry('inventory.events.v1', 'StockReserved', 2, { causationId: 'OrderCreated-1' }),
  entry('payments.events.v1', 'PaymentExpired', 3),
  entry('orders.events.v1', 'OrderFailed', 4, { causationId: 'PaymentExpired-3' }),
  entry('inventory.events.v1', 'StockReleased', 5, { causationId: 'OrderFailed-4' }),
  entry('payments.events.v1', 'PaymentSucceeded', 6),
  entry('alerts.order_payment_inconsistency.v1', 'AlertRaised', 7, {
    ...{ alertId: ALERT_ID, observed: alert.observed },
  }),
];

const payment = {
  ...{ orderId: ORDER_ID, status: 'SUCCEEDED', merchantPaymentId: `${ORDER_ID}-1`, codeUrl: null },
  ...{ deeplink: null, amount: 1_200, currency: 'JPY', expiresAt: AT, paymentId: 'p-1' },
  ...{ paidAmount: 1_200, paidAt: AT, settledBy: 'POLL', failureReason: null },
  ...{ failureDetail: null, refundedAmount: 0, refundPendingAmount: 0, refunds: [] },
  ...{ otherPayments: [], updatedAt: AT },
};

const order = {
  ...{ orderId: ORDER_ID, userId: 'u-1', status: 'FAILED', cancelling: false, currency: 'JPY' },
  ...{ items: [{ sku: 'matcha-30g', quantity: 1, unitPrice: 1_200 }], totalAmount: 1_200 },
  ...{ failureReason: 'PAYMENT_EXPIRED', failureDetail: 'the payment deadline has passed' },
  ...{ paymentId: null, paidAt: null, refundedAmount: 0, refundPendingAmount: 0 },
  ...{ createdAt: AT, updatedAt: AT },
};

const product = {
  ...{ sku: 'matcha-30g', name: 'Ceremonial matcha, 30 g', nameJa: '抹茶 30g' },
  ...{ description: 'Stone-ground.', descriptionJa: '石臼で挽いた抹茶です。', unitPrice: 1_200 },
  ...{ currency: 'JPY', imageUrl: null, available: 9 },
};

const stockLevel = { sku: 'matcha-30g', total: 10, available: 9, reserved: 1, sold: 0 };

const account = {
  ...{ userId: 'u-1', limit: 100_000, available: 98_800, held: 1_200, used: 0, currency: 'JPY' },
};

const message = {
  ...{ topic: 'orders.events.v1', partition: 0, offset: 4, loggedAt: AT, key: ORDER_ID },
  ...{ headers: { trace: 't-1' }, schemaId: 12, valueBytes: 90, type: 'OrderFailed' },
  ...{ payload: { orderId: ORDER_ID }, problem: null, outcome: 'COMMITTED' },
};

const catalogProduct = {
  ...{ sku: 'matcha-30g', version: 3, name: 'Matcha', nameJa: '抹茶', description: 'Green.' },
  ...{ descriptionJa: '緑。', unitPrice: 1_200, currency: 'JPY', imageUrl: null, active: true },
};

/** Everything that the pages ask for. */
const BODIES: EdgeAnswers['bodies'] = {
  '/auth/status': {
    user: {
      ...{ userId: 'u-1', email: 'ops@example.com', roles: ['ops'] },
      expiresAt: Date.now() + 3_600_000,
    },
  },
  '/api/alerts': {
    ...{ alerts: [alert], total: 1, next: null },
    moneyAtRisk: [{ currency: 'JPY', amount: 1_200 }],
  },
  [`/api/alerts/${ALERT_ID}`]: {
    ...{ alert, history: [], timeline },
    evidence: [{ ...timeline[5], payload: undefined }],
  },
  [`/api/alerts/${ALERT_ID}/actions`]: {
    ...{ alertId: ALERT_ID, version: 1 },
    actions: [
      {
        ...{ action: 'REFUND', possible: true, movesMoney: true },
        changes: ['¥1,200 of payment p-1 is refunded to the customer.'],
        refundable: { amount: 1_200, currency: 'JPY' },
      },
    ],
  },
  '/api/incidents': {
    incidents: [
      {
        ...{ incidentId: 'i-1', rule: 'RULE_C', severity: 'P1', startedAt: AT, count: 1 },
        ...{ lastDetectedAt: AT, moneyAtRisk: 1_200, currency: 'JPY', alertIds: [ALERT_ID] },
        ...{ explainedBy: null, quiet: false },
      },
    ],
    conditions: [{ condition: 'PAYPAY_DEGRADED', since: AT, detail: 'slow' }],
    silences: [
      {
        ...{ silenceId: 's-1', rule: 'RULE_D', orderId: null, until: Date.now() + 60_000 },
        ...{ author: 'ops@example.com', reason: 'maintenance' },
      },
    ],
  },
  '/api/lag': { apps: [{ app: 'orders', lagRecords: 900 }] },
  '/api/orders': { orders: [order], next: null },
  [`/api/orders/${ORDER_ID}`]: order,
  [`/api/orders/${ORDER_ID}/payment`]: payment,
  [`/api/orders/${ORDER_ID}/timeline`]: { orderId: ORDER_ID, entries: timeline },
  '/api/products': { products: [product], next: null },
  '/api/account': account,
  '/api/webhooks': {
    webhooks: [
      {
        ...{ partition: 0, offset: 1, eventId: 'w-1', verdict: 'HINT', reason: null },
        ...{ orderId: ORDER_ID, merchantPaymentId: `${ORDER_ID}-1`, state: 'COMPLETED' },
        ...{ sourceAddress: '127.0.0.1', receivedAt: AT, loggedAt: AT, body: '{}' },
      },
    ],
    next: null,
  },
  '/api/admin/products': { products: [{ ...catalogProduct, updatedAt: AT }], next: null },
  '/api/admin/products/matcha-30g/changes': {
    product: { ...catalogProduct, updatedAt: AT },
    changes: [
      {
        ...{ ...catalogProduct, eventId: 'p-2', change: 'CHANGED', changed: ['unitPrice'] },
        ...{ actor: 'u-1', reason: '', changedAt: AT },
      },
    ],
    next: null,
  },
  '/api/admin/stock': { lines: [{ ...stockLevel, name: 'Matcha' }], next: null },
  '/api/admin/stock/matcha-30g/adjustments': {
    ...{ sku: 'matcha-30g', level: stockLevel, adjustments: [], next: null },
  },
  '/api/admin/spending-limits/u-1': { userId: 'u-1', account, changes: [], next: null },
  '/api/topics': {
    ...{ brokers: '127.0.0.1:9092', registryUrl: 'http://127.0.0.1:8081', partitions: 1 },
    topics: [{ name: 'orders.events.v1', types: ['OrderCreated', 'OrderFailed'] }],
  },
  '/api/log-offsets': {
    at: AT,
    topics: [{ name: 'orders.events.v1', partitions: [{ partition: 0, start: 0, end: 5 }] }],
    apps: [
      {
        app: 'orders',
        positions: [{ topic: 'orders.events.v1', partition: 0, offset: 3 }],
      },
      { app: 'views', positions: null },
    ],
  },
  '/api/topics/orders.events.v1/messages': { messages: [message], next: 5 },
  '/api/topics/payments.events.v1/messages': {
    messages: [{ ...message, type: 'PaymentSucceeded', payload: { settledBy: 'POLL' } }],
    next: 5,
  },
  '/api/topics/payments.notifications.v1/messages': {
    messages: [{ ...message, type: 'PaymentNotificationReceived', loggedAt: AT - 42 }],
    next: 5,
  },
  '/api/dead-letters': {
    deadLetters: [
      {
        ...{ app: 'orders', topic: 'orders.requests.v1', partition: 0, offset: 3 },
        ...{ key: btoa('order-1'), value: null, valueBytes: 7, errorCode: 'UNDECODABLE' },
        ...{ reason: 'no schema', occurredAt: AT, loggedAt: AT },
      },
    ],
    next: null,
  },
  '/api/streams-processes': {
    at: AT,
    processes: [
      {
        ...{ address: '127.0.0.1:8090', status: 'UP' },
        apps: [
          {
            ...{ app: 'orders', state: 'running', detail: null, tasks: 6 },
            restoring: [
              { partition: 1, percent: 25, secondsLeft: 9 },
              { partition: 2, percent: 0, secondsLeft: null },
            ],
            transactions: { committed: 1_204, aborted: 2 },
          },
        ],
      },
      { address: '127.0.0.1:8091', status: 'SILENT', apps: [] },
    ],
  },
  '/actuator/health': {
    status: 'DOWN',
    components: {
      kafka: { status: 'UP' },
      redis: { status: 'DOWN', details: { reason: 'SESSIONS_UNAVAILABLE' } },
    },
  },
};

const risk = [{ currency: 'JPY', amount: 1_200 }];

export const FULL: EdgeAnswers = {
  bodies: BODIES,
  ops: { kind: 'ops', alerts: [alert], total: 1, moneyAtRisk: risk, positions: [] },
  order: { kind: 'order', order, payment, timeline, positions: [] } as unknown as OrderSnapshot,
};

const NONE = { next: null };

/** The same edge on its first day. */
export const EMPTY: EdgeAnswers = {
  ...FULL,
  ops: { kind: 'ops', alerts: [], total: 0, moneyAtRisk: [], positions: [] },
  bodies: {
    ...BODIES,
    '/api/alerts': { ...NONE, alerts: [], total: 0, moneyAtRisk: [] },
    '/api/incidents': { incidents: [], conditions: [], silences: [] },
    '/api/orders': { ...NONE, orders: [] },
    '/api/products': { ...NONE, products: [] },
    '/api/webhooks': { ...NONE, webhooks: [] },
    '/api/admin/products': { ...NONE, products: [] },
    '/api/admin/stock': { ...NONE, lines: [] },
    '/api/topics/orders.events.v1/messages': { messages: [], next: 0 },
    '/api/topics/payments.events.v1/messages': { messages: [], next: 0 },
    '/api/topics/payments.notifications.v1/messages': { messages: [], next: 0 },
    '/api/dead-letters': { ...NONE, deadLetters: [] },
  },
};

/** Only who is signed in is still known. */
export const GONE: EdgeAnswers = {
  bodies: { '/auth/status': BODIES['/auth/status'] },
  ops: undefined,
  order: undefined,
};
