import type { Order } from '../../../streams/orders/order';
import { takePaymentNews } from '../../../streams/orders/payment';
import type { PaymentNews } from '../../../streams/orders/payment-facts';
import { expiry, failure, refund, success } from '../saga/sample-event';
import { CAUSE, FAILED, PAID, PENDING, TOTAL, WAITING } from './sample-order';

const CANCELLING = { ...WAITING, cancelling: true };
const RELEASES = [
  { type: 'StockReleaseRequested', sku: 'a' },
  { type: 'StockReleaseRequested', sku: 'b' },
  { type: 'FundsReleaseRequested', amount: TOTAL },
];

describe('an order that waits for its payment', () => {
  it.each([WAITING, CANCELLING])(
    'is paid by the right amount (cancelling: $cancelling)',
    (order) => {
      expect(takePaymentNews(order, success(TOTAL), CAUSE)).toMatchObject({
        order: {
          type: 'PaidOrderState',
          totalAmount: TOTAL,
          payment: { successes: PAID.payment.successes },
        },
      });
    },
  );

  it('that is paid has its stock confirmed and its funds captured', () => {
    expect(takePaymentNews(WAITING, success(TOTAL), CAUSE)).toMatchObject({
      outputs: [
        { type: 'OrderPaid', paymentId: 'paypay-1', amount: TOTAL, currency: 'JPY', paidAt: 100 },
        { type: 'StockConfirmationRequested', sku: 'a', quantity: 2 },
        { type: 'StockConfirmationRequested', sku: 'b', quantity: 3 },
        { type: 'FundsCaptureRequested', amount: TOTAL, currency: 'JPY' },
      ],
    });
  });

  it.each([
    ['amount', success(TOTAL - 1)],
    ['currency', success(TOTAL, { currency: 'USD' })],
  ])('goes on waiting after a success of another %s', (_what, news) => {
    expect(takePaymentNews(WAITING, news, CAUSE)).toMatchObject({
      order: { type: 'WaitingOrderState', payment: { successes: [{ paymentId: 'paypay-1' }] } },
      outputs: [
        {
          type: 'OrderPaymentRecorded',
          orderStatus: 'WAITING_PAYMENT',
          paymentEventId: news.eventId,
          paymentEventType: 'PaymentSucceeded',
        },
      ],
    });
  });

  it.each<[PaymentNews, Order, string]>([
    [failure('FAILED', 90), WAITING, 'PAYMENT_FAILED'],
    [failure('REJECTED', 90), WAITING, 'PAYMENT_FAILED'],
    [failure('CANCELLED', 90), WAITING, 'PAYMENT_FAILED'],
    [failure('CANCELLED', 90), CANCELLING, 'CANCELLED'],
    [failure('FAILED', 90), CANCELLING, 'PAYMENT_FAILED'],
    [expiry(90), WAITING, 'PAYMENT_EXPIRED'],
    [expiry(90), CANCELLING, 'PAYMENT_EXPIRED'],
  ])('fails after $type $reason', (news, order, reason) => {
    expect(takePaymentNews(order, news, CAUSE)).toMatchObject({
      order: { type: 'FailedOrderState', payment: { lastFailureAt: 90 } },
      outputs: [{ type: 'OrderFailed', reason }, ...RELEASES],
    });
  });
});

describe('an order that has ended', () => {
  it.each<[string, Order, PaymentNews]>([
    ['a success after the failure', FAILED, success(TOTAL)],
    ['another failure', FAILED, failure('FAILED', 90)],
    ['a reversal', PAID, failure('REVERSED', 110)],
    ['an expiry', PAID, expiry(110)],
    ['a second payment', PAID, success(TOTAL, { paymentId: 'paypay-2' })],
  ])('records %s, once, and stays as it is', (_what, order, news) => {
    const first = takePaymentNews(order, news, CAUSE);
    expect(first).toMatchObject({
      order: { type: order.type },
      outputs: [{ type: 'OrderPaymentRecorded', paymentEventId: news.eventId }],
    });
    const after = first.kind === 'decided' ? first.order : PENDING;
    expect(takePaymentNews(after, news, CAUSE)).toEqual({ kind: 'absorbed' });
  });

  it('does not hear of the success that paid it again, nor of a failure before it', () => {
    for (const news of [success(TOTAL, {}, 2), failure('FAILED', 90), expiry(99)]) {
      expect(takePaymentNews(PAID, news, CAUSE)).toEqual({ kind: 'absorbed' });
    }
  });
});

describe('a refund', () => {
  it.each<Order>([WAITING, PAID, FAILED])('is a fact on the order, once: $type', (order) => {
    const first = takePaymentNews(order, refund(600), CAUSE);
    expect(first).toMatchObject({
      order: { type: order.type, payment: { refunds: [{ amount: 600 }] } },
      outputs: [
        { type: 'OrderRefunded', paymentId: 'paypay-1', merchantRefundId: null, amount: 600 },
      ],
    });
    const after = first.kind === 'decided' ? first.order : PENDING;
    expect(takePaymentNews(after, refund(600), CAUSE)).toEqual({ kind: 'absorbed' });
  });
});

describe('payment news that cannot be', () => {
  it('before the order asked for a payment is kept for people to look at', () => {
    expect(takePaymentNews(PENDING, success(TOTAL), CAUSE)).toMatchObject({
      kind: 'rejected',
      code: 'PAYMENT_TOO_EARLY',
    });
  });

  it('in a number that no payment has is kept for people to look at', () => {
    const refunds = Array.from({ length: 100 }, (_, n) => {
      return { eventId: `refund-${n}`, paymentId: 'paypay-1', amount: 1 };
    });
    const order = { ...PAID, payment: { ...PAID.payment, refunds } };
    expect(takePaymentNews(order, refund(1), CAUSE)).toMatchObject({
      kind: 'rejected',
      code: 'TOO_MUCH_PAYMENT_NEWS',
    });
  });
});
