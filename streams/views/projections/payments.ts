/**
 * `payments.events.v1` -> payments, refunds and the payment's word on orders;
 * `payments.notifications.v1` -> notifications.
 */
import type { EventOf } from '../../../schemas/event';
import { paymentsEvents, paymentsNotifications } from '../../../topics/payments';
import type { EventOn } from '../../../topics/topic';
import type { LogPosition } from '../../runtime/app';
import { projectEvents } from '../projection';
import { upsert, type Row, type RowChange } from '../table';
import { notifications, orders, payments, refunds } from '../tables';

type PaymentEvent = EventOn<typeof paymentsEvents>;

export const paymentsProjection = projectEvents(paymentsEvents, (event, position) => {
  switch (event.type) {
    case 'PaymentCodeIssued':
    case 'PaymentSucceeded':
    case 'PaymentFailed':
    case 'PaymentExpired':
      return paymentRows(event, position);
    case 'PaymentRefunded':
      return [...paymentRows(event, position), refundedRow(event, position)];
    case 'PaymentRefundFailed':
      // The money is still here, so the payment's own state stands.
      return [refundFailedRow(event, position)];
    case 'PaymentAuthorizationStuck':
      // Neither taken nor free: the payment still waits.
      return [];
  }
});

type PaymentNews = Exclude<
  PaymentEvent,
  EventOf<'PaymentRefundFailed' | 'PaymentAuthorizationStuck'>
>;

/** The payment and the order carry the same word, from the same topic. */
function paymentRows(event: PaymentNews, position: LogPosition): readonly RowChange[] {
  const columns = paymentColumns(event);
  return [
    upsert(payments, {
      merchant_payment_id: event.merchantPaymentId,
      order_id: event.orderId,
      ...columns,
      updated_at: position.timestamp,
    }),
    upsert(orders, { order_id: event.orderId, payment_status: columns.status }),
  ];
}

function paymentColumns(
  event: PaymentNews,
): Row<typeof payments> & { readonly status: PaymentStatus } {
  switch (event.type) {
    case 'PaymentCodeIssued':
      return {
        attempt: event.attempt,
        status: 'CODE_ISSUED',
        code_id: event.codeId,
        code_url: event.url,
        deeplink: event.deeplink,
        amount: event.amount,
        currency: event.currency,
        expires_at: event.expiresAt,
      };
    case 'PaymentSucceeded':
      return {
        attempt: event.attempt,
        status: 'SUCCEEDED',
        payment_id: event.paymentId,
        paid_amount: event.amount,
        paid_currency: event.currency,
        paid_at: event.paidAt,
        settled_by: event.settledBy,
      };
    case 'PaymentFailed':
      return {
        attempt: event.attempt,
        status: 'FAILED',
        failure_reason: event.reason,
        failure_detail: event.detail,
        failed_at: event.observedAt,
      };
    case 'PaymentExpired':
      return { attempt: event.attempt, status: 'EXPIRED', expired_at: event.expiredAt };
    case 'PaymentRefunded':
      return { status: 'REFUNDED', payment_id: event.paymentId };
  }
}

type PaymentStatus = 'CODE_ISSUED' | 'SUCCEEDED' | 'FAILED' | 'EXPIRED' | 'REFUNDED';

function refundedRow(event: EventOf<'PaymentRefunded'>, position: LogPosition): RowChange {
  return upsert(refunds, {
    ...refundColumns(event, position),
    status: 'COMPLETED',
    requested_here: event.requestedHere,
  });
}

function refundFailedRow(event: EventOf<'PaymentRefundFailed'>, position: LogPosition): RowChange {
  return upsert(refunds, {
    ...refundColumns(event, position),
    status: 'FAILED',
    // Only what was asked for here can fail here.
    requested_here: true,
    error_code: event.errorCode,
    detail: event.detail,
  });
}

function refundColumns(
  event: EventOf<'PaymentRefunded' | 'PaymentRefundFailed'>,
  position: LogPosition,
): Row<typeof refunds> {
  return {
    event_id: event.eventId,
    order_id: event.orderId,
    merchant_payment_id: event.merchantPaymentId,
    payment_id: event.paymentId,
    merchant_refund_id: event.merchantRefundId,
    amount: event.amount,
    currency: event.currency,
    logged_at: position.timestamp,
  };
}

export const notificationsProjection = projectEvents(paymentsNotifications, (event, position) => [
  upsert(notifications, {
    partition: position.partition,
    offset: position.offset,
    event_id: event.eventId,
    order_id: event.orderId,
    merchant_payment_id: event.merchantPaymentId,
    payment_id: event.paymentId,
    state: event.state,
    amount: event.amount,
    paid_at: event.paidAt,
    verdict: event.verdict,
    source_address: event.sourceAddress,
    received_at: event.receivedAt,
    body: event.body,
    logged_at: position.timestamp,
  }),
]);
