import {
  attemptsOf,
  storyOf,
  withRecord,
  type OrderStory,
} from '../../../dashboard/orders/order-story';
import type { TimelineEntry } from '../../../edge/contract/api-types';
import type { EventOf, EventType } from '../../../schemas/event';

const unknown: OrderStory = storyOf({ order: null, payment: null, timeline: [] });

type Telling<T extends EventType> = Omit<
  EventOf<T>,
  'type' | 'eventId' | 'orderId' | 'occurredAt' | 'causationId' | 'correlationId'
>;

let offset = 0;

function record<T extends EventType>(type: T, fields: Telling<T>, loggedAt = 1_000): TimelineEntry {
  const place = { topic: topicOf(type), partition: 0, offset: offset++ };
  const eventId = `event-${String(place.offset)}`;
  const header = { eventId, orderId: 'order-1', occurredAt: loggedAt };
  return {
    ...place,
    type,
    eventId,
    occurredAt: loggedAt,
    loggedAt,
    payload: { ...header, ...fields },
  };
}

function topicOf(type: EventType): string {
  return type.startsWith('Order') ? 'orders.events.v1' : 'payments.events.v1';
}

function told(...entries: readonly TimelineEntry[]): OrderStory {
  return entries.reduce(withRecord, unknown);
}

const items = [{ sku: 'tea', quantity: 2 }];
const created = record('OrderCreated', { userId: 'hana', items });
const waiting = record('OrderWaitingPayment', {
  ...{ userId: 'hana', totalAmount: 2_400, currency: 'JPY' },
  items: [{ sku: 'tea', quantity: 2, unitPrice: 1_200 }],
});

function codeIssued(attempt: number) {
  return record('PaymentCodeIssued', {
    ...{
      attempt,
      merchantPaymentId: `order-1-${String(attempt)}`,
      codeId: `code-${String(attempt)}`,
    },
    ...{ url: `https://pay/${String(attempt)}`, deeplink: 'paypay://', amount: 2_400 },
    ...{ currency: 'JPY', expiresAt: 301_000 },
  });
}

function succeeded(attempt: number, loggedAt = 1_000) {
  return record(
    'PaymentSucceeded',
    {
      ...{ attempt, merchantPaymentId: `order-1-${String(attempt)}`, paymentId: 'pay-1' },
      ...{ amount: 2_400, currency: 'JPY', paidAt: 900, settledBy: 'POLL' },
    },
    loggedAt,
  );
}

const paid = record('OrderPaid', {
  ...{ userId: 'hana', paymentId: 'pay-1', amount: 2_400, currency: 'JPY', paidAt: 900 },
});

describe('an order that is watched from the start', () => {
  test('has prices and a total once stock and funds are held', () => {
    const before = told(created);
    expect(before.order).toMatchObject({ status: 'PENDING', totalAmount: null });
    expect(before.order?.items).toEqual([{ sku: 'tea', quantity: 2, unitPrice: null }]);
    const after = withRecord(before, waiting);
    expect(after.order).toMatchObject({ status: 'WAITING_PAYMENT', totalAmount: 2_400 });
    expect(after.order?.items).toEqual([{ sku: 'tea', quantity: 2, unitPrice: 1_200 }]);
  });

  test('turns to paid with its payment', () => {
    const { order, payment } = told(created, waiting, codeIssued(1), succeeded(1), paid);
    expect(order).toMatchObject({ status: 'PAID', paymentId: 'pay-1', paidAt: 900 });
    expect(payment).toMatchObject({ status: 'SUCCEEDED', settledBy: 'POLL', paidAmount: 2_400 });
  });

  test('comes out the same when the payment is heard of before the order', () => {
    const one = told(created, waiting, codeIssued(1), succeeded(1), paid);
    const other = told(codeIssued(1), succeeded(1), created, waiting, paid);
    expect({ order: other.order, payment: other.payment }).toEqual({
      order: one.order,
      payment: one.payment,
    });
  });

  test('says why it failed', () => {
    const failed = record('OrderFailed', {
      ...{ userId: 'hana', reason: 'OUT_OF_STOCK', detail: 'tea: 2 wanted, 1 left' },
    });
    expect(told(created, failed).order).toMatchObject({
      status: 'FAILED',
      failureReason: 'OUT_OF_STOCK',
      failureDetail: 'tea: 2 wanted, 1 left',
    });
  });

  test('is being cancelled only until PayPay has the last word', () => {
    const asked = record('OrderCancellationStarted', { userId: 'hana', reason: '' });
    const cancelling = told(created, waiting, asked);
    expect(cancelling.order?.cancelling).toBe(true);
    expect(withRecord(cancelling, paid).order).toMatchObject({ cancelling: false, status: 'PAID' });
  });
});

describe('a payment with several attempts', () => {
  test('shows the newest code and nothing of the one before', () => {
    const failed = record('PaymentFailed', {
      ...{ attempt: 1, merchantPaymentId: 'order-1-1', paymentId: null, reason: 'REJECTED' },
      ...{ observedAt: 950, detail: 'no code' },
    });
    const story = told(created, waiting, codeIssued(1), failed, codeIssued(2));
    expect(story.payment).toMatchObject({ codeUrl: 'https://pay/2', failureReason: null });
    expect(attemptsOf(story)).toBe(2);
  });

  test('stays with the attempt that was paid', () => {
    const story = told(created, waiting, codeIssued(1), codeIssued(2), succeeded(1), codeIssued(3));
    expect(story.payment).toMatchObject({ merchantPaymentId: 'order-1-1', status: 'SUCCEEDED' });
  });

  test('adds up what went back', () => {
    const refunded = record('PaymentRefunded', {
      ...{ merchantPaymentId: 'order-1-1', paymentId: 'pay-1', merchantRefundId: null },
      ...{ amount: 2_400, currency: 'JPY', requestedHere: true, observedAt: 2_000 },
      wasPending: false,
    });
    const { order, payment } = told(created, waiting, codeIssued(1), succeeded(1), paid, refunded);
    expect(payment).toMatchObject({ status: 'REFUNDED', refundedAmount: 2_400 });
    expect(order).toMatchObject({ status: 'PAID', refundedAmount: 2_400 });
  });
});

describe('the timeline', () => {
  test('is by log time, whatever came first', () => {
    const early = record('OrderCreated', { userId: 'hana', items }, 10);
    const late = succeeded(1, 20);
    expect(told(late, early).timeline).toEqual([early, late]);
  });

  test('keeps the order of a topic within one millisecond', () => {
    expect(told(waiting, created).timeline).toEqual([created, waiting]);
  });
});
