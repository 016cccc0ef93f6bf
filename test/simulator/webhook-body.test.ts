import { movePayment, newPayment, type Payment } from '../../simulator/payment';
import {
  cancellableUntil,
  japaneseTime,
  webhookBody,
  webhookStateOf,
} from '../../simulator/webhook-body';

const CREATED_AT = Date.parse('2026-11-22T07:00:00Z');

const FACTS = { merchantId: 'merchant-1', at: CREATED_AT + 60_000 };

function created(): Payment {
  return newPayment({
    merchantPaymentId: 'order-1',
    paymentId: '041',
    codeId: '04-a',
    amount: 1_200,
    description: 'cake',
    isAuthorization: false,
    createdAt: CREATED_AT,
    expiresAt: CREATED_AT + 300_000,
  });
}

function paid(): Payment {
  const result = movePayment(created(), { kind: 'pay' }, CREATED_AT + 5_000);
  if (result.kind === 'illegal') throw new Error(result.message);
  return result.payment;
}

describe('the body of a webhook', () => {
  test('of a success names both ids, the amount and when it was paid, in Japanese time', () => {
    expect(webhookBody(paid(), 'COMPLETED', FACTS)).toEqual({
      notification_type: 'Transaction',
      merchant_id: 'merchant-1',
      store_id: null,
      pos_id: null,
      order_id: '041',
      merchant_order_id: 'order-1',
      authorized_at: '2026-11-22T16:00:05+09:00',
      expires_at: null,
      confirmation_expires_at: null,
      paid_at: '2026-11-22T16:00:05+09:00',
      order_amount: 1_200,
      state: 'COMPLETED',
    });
  });

  test('of an expiry has no time of payment and says when it ended', () => {
    const body = webhookBody(created(), 'EXPIRED', FACTS);
    expect(body).toMatchObject({ paid_at: null, expires_at: '2026-11-22T16:05:00+09:00' });
  });

  test('of a success that never was is dated with its writing', () => {
    const body = webhookBody(created(), 'COMPLETED', FACTS);
    expect(body.paid_at).toBe('2026-11-22T16:01:00+09:00');
  });

  test('of a failure after the success has no time of payment', () => {
    expect(webhookBody(paid(), 'FAILED', FACTS).paid_at).toBeNull();
  });

  test('can state a wrong amount', () => {
    expect(webhookBody(paid(), 'COMPLETED', { ...FACTS, amount: 1 }).order_amount).toBe(1);
  });

  test('is sent for results of a payment, not for its code and not for refunds', () => {
    expect(webhookStateOf('COMPLETED')).toBe('COMPLETED');
    expect(webhookStateOf('CREATED')).toBeUndefined();
    expect(webhookStateOf('REFUNDED')).toBeUndefined();
  });
});

describe('a payment', () => {
  test.each([
    ['2026-11-22T00:00:00+09:00', '2026-11-23T00:15:00+09:00'],
    ['2026-11-22T23:59:59+09:00', '2026-11-23T00:15:00+09:00'],
    ['2026-11-23T00:00:00+09:00', '2026-11-24T00:15:00+09:00'],
  ])('made at %s can be cancelled until %s', (paidAt, until) => {
    expect(japaneseTime(cancellableUntil(Date.parse(paidAt)))).toBe(until);
  });
});
