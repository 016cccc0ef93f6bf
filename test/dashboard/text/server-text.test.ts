import { en } from '../../../dashboard/i18n/en';
import { ja } from '../../../dashboard/i18n/ja';
import { speak } from '../../../dashboard/i18n/translate';
import { isKnownSentence, serverText } from '../../../dashboard/text/server-text';
import { previewsOf } from '../../../edge/alert-preview';
import type { OrderView } from '../../../edge/contract/api-types';
import { alertRules } from '../../../edge/contract/alert-rule';

const order: OrderView = {
  ...{ orderId: 'o-1', userId: 'u-1', status: 'FAILED', cancelling: false, currency: 'JPY' },
  ...{ items: [{ sku: 'matcha-30g', quantity: 2, unitPrice: 1_200 }], totalAmount: 2_400 },
  ...{ failureReason: 'PAYMENT_EXPIRED', failureDetail: null, paymentId: null, paidAt: null },
  ...{ refundedAmount: 0, refundPendingAmount: 0, createdAt: null, updatedAt: 0 },
};

const payment = {
  ...{ merchantPaymentId: 'o-1-1', paymentId: 'p-1', amount: 1_500, currency: 'JPY' },
  ...{ returnedAmount: 0, pendingAmount: 0, paidAt: 0 },
};

test('every sentence of a preview is known in every language', () => {
  const statuses = ['PENDING', 'WAITING_PAYMENT', 'PAID', 'FAILED'] as const;
  const sentences = alertRules.flatMap((rule) =>
    statuses.flatMap((status) =>
      [[payment], [payment, { ...payment, paymentId: 'p-2', amount: 2_400 }], []].flatMap(
        (payments) =>
          [null, { ...order, status }].flatMap((known) =>
            previewsOf(rule, { order: known, payments, isRolledBack: false }, null).flatMap(
              ({ changes }) => changes,
            ),
          ),
      ),
    ),
  );
  expect(sentences.filter((sentence) => !isKnownSentence(sentence))).toEqual([]);
});

test.each([
  'Customer paid ¥1,200, order still WAITING_PAYMENT',
  'Customer paid ¥1,200, order is FAILED (PAYMENT_EXPIRED)',
  'Order is PAID, PayPay refunded ¥500, which nobody here asked for',
  'Order PAID or FAILED within 30 s of the payment',
])('the sentence "%s" is known', (sentence) => {
  expect(isKnownSentence(sentence)).toBe(true);
});

test('what somebody typed is not taken for a sentence', () => {
  expect(isKnownSentence('called the shopper')).toBe(false);
});

describe('to a reader of 日本語', () => {
  beforeAll(() => speak('ja', ja));
  afterAll(() => speak('en', en));

  test('a sentence is told in it, with its values', () => {
    const told = serverText('Customer paid ¥1,200, order is FAILED (PAYMENT_EXPIRED)');
    expect(told).toBe('購入者は ¥1,200 を支払いましたが、注文は失敗しています（PAYMENT_EXPIRED）');
  });

  test('what is not known is shown as it was written', () => {
    expect(serverText('called the shopper')).toBe('called the shopper');
  });
});
