import type { EventOf } from '../../../../schemas/event';
import {
  notificationsProjection,
  paymentsProjection,
} from '../../../../streams/views/projections/payments';
import { projected } from '../projected';
import {
  DECIDED_AT,
  LOGGED_AT,
  ofOrder,
  paymentCodeIssued,
  paymentNotification,
  paymentRefunded,
  paymentSucceeded,
} from '../sample-events';

const payment = {
  table: 'payments',
  merchant_payment_id: 'o1-1',
  order_id: 'o1',
  updated_at: LOGGED_AT,
};

function onOrder(payment_status: string) {
  return { table: 'orders', order_id: 'o1', payment_status };
}

describe('the row of a payment', () => {
  it('has the code until it is paid, and the order says so', () => {
    expect(projected(paymentsProjection, paymentCodeIssued('o1'))).toEqual([
      {
        ...payment,
        attempt: 1,
        status: 'CODE_ISSUED',
        code_id: 'code-1',
        code_url: 'https://qr.example/code-1',
        deeplink: 'paypay://code-1',
        amount: 2_200,
        currency: 'JPY',
        expires_at: DECIDED_AT + 300_000,
      },
      onOrder('CODE_ISSUED'),
    ]);
  });

  it('says what PayPay took and what brought it to light', () => {
    expect(projected(paymentsProjection, paymentSucceeded('o1'))).toEqual([
      {
        ...payment,
        attempt: 1,
        status: 'SUCCEEDED',
        payment_id: 'paypay-1',
        paid_amount: 2_200,
        paid_currency: 'JPY',
        paid_at: DECIDED_AT,
        settled_by: 'NOTIFICATION',
      },
      onOrder('SUCCEEDED'),
    ]);
  });

  it('says why it failed, also when there never was a code', () => {
    const failed = ofOrder<EventOf<'PaymentFailed'>>('o1', {
      type: 'PaymentFailed',
      attempt: 1,
      merchantPaymentId: 'o1-1',
      paymentId: null,
      reason: 'REJECTED',
      observedAt: DECIDED_AT,
      detail: 'no code could be had',
    });
    expect(projected(paymentsProjection, failed)).toEqual([
      {
        ...payment,
        attempt: 1,
        status: 'FAILED',
        failure_reason: 'REJECTED',
        failure_detail: 'no code could be had',
        failed_at: DECIDED_AT,
      },
      onOrder('FAILED'),
    ]);
  });

  it('says when it expired', () => {
    const expired = ofOrder<EventOf<'PaymentExpired'>>('o1', {
      type: 'PaymentExpired',
      attempt: 1,
      merchantPaymentId: 'o1-1',
      expiredAt: DECIDED_AT,
    });
    expect(projected(paymentsProjection, expired)).toEqual([
      { ...payment, attempt: 1, status: 'EXPIRED', expired_at: DECIDED_AT },
      onOrder('EXPIRED'),
    ]);
  });
});

describe('a refund', () => {
  const money = {
    merchantPaymentId: 'o1-1',
    paymentId: 'paypay-1',
    merchantRefundId: 'refund-1',
    amount: 2_200,
    currency: 'JPY',
  };
  const refund = {
    table: 'refunds',
    order_id: 'o1',
    merchant_payment_id: 'o1-1',
    payment_id: 'paypay-1',
    merchant_refund_id: 'refund-1',
    amount: 2_200,
    currency: 'JPY',
    requested_here: true,
    logged_at: LOGGED_AT,
  };

  it('is one row by its id, and leaves the payment’s own word as it was', () => {
    expect(projected(paymentsProjection, paymentRefunded('o1'))).toEqual([
      { ...refund, refund_id: 'refund-1', status: 'COMPLETED', reported_status: null },
    ]);
  });

  it('that PayPay did not name is a row by its event', () => {
    const event = { ...paymentRefunded('o1'), merchantRefundId: null, requestedHere: false };
    expect(projected(paymentsProjection, event)).toMatchObject([
      { refund_id: event.eventId, merchant_refund_id: null, requested_here: false },
    ]);
  });

  it('that is under way is the same row, with PayPay’s word', () => {
    const event = ofOrder<EventOf<'PaymentRefundPending'>>('o1', {
      type: 'PaymentRefundPending',
      ...money,
      reportedStatus: 'CREATED',
      requestedHere: true,
      observedAt: 500,
    });
    expect(projected(paymentsProjection, event)).toEqual([
      { ...refund, refund_id: 'refund-1', status: 'PENDING', reported_status: 'CREATED' },
    ]);
  });

  it('that failed leaves the payment as it was', () => {
    const event = ofOrder<EventOf<'PaymentRefundFailed'>>('o1', {
      type: 'PaymentRefundFailed',
      ...money,
      errorCode: 'REFUND_LIMIT_EXCEEDED',
      detail: 'PayPay refused it',
      requestedHere: true,
      wasPending: false,
    });
    expect(projected(paymentsProjection, event)).toEqual([
      {
        ...refund,
        refund_id: 'refund-1',
        status: 'FAILED',
        reported_status: null,
        error_code: 'REFUND_LIMIT_EXCEEDED',
        detail: 'PayPay refused it',
      },
    ]);
  });
});

describe('a webhook', () => {
  it('is a row of claims and changes nothing of the payment', () => {
    expect(projected(notificationsProjection, paymentNotification('o1'))).toMatchObject([
      {
        table: 'notifications',
        partition: 3,
        offset: 7,
        order_id: 'o1',
        state: 'COMPLETED',
        verdict: 'HINT',
        body: '{"state":"COMPLETED"}',
      },
    ]);
  });
});
