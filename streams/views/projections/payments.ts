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
    // The payment's own word stands: what it is after refunds follows from them (payment_ledgers).
    case 'PaymentRefundPending':
      return [
        refundRow(event, position, { status: 'PENDING', reported_status: event.reportedStatus }),
      ];
    case 'PaymentRefunded':
      return [refundRow(event, position, { status: 'COMPLETED', reported_status: null })];
    case 'PaymentRefundFailed': {
      const { errorCode, detail } = event;
      const ended = { status: 'FAILED', reported_status: null, error_code: errorCode, detail };
      return [refundRow(event, position, ended)];
    }
    case 'PaymentAuthorizationStuck':
      // Neither taken nor free: the payment still waits.
      return [];
  }
});

type RefundEvent = EventOf<'PaymentRefundPending' | 'PaymentRefunded' | 'PaymentRefundFailed'>;
type PaymentNews = Exclude<PaymentEvent, RefundEvent | EventOf<'PaymentAuthorizationStuck'>>;

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
  }
}

type PaymentStatus = 'CODE_ISSUED' | 'SUCCEEDED' | 'FAILED' | 'EXPIRED';

/** One that PayPay named is one row from its beginning to its end. */
function refundRow(
  event: RefundEvent,
  position: LogPosition,
  columns: Row<typeof refunds>,
): RowChange {
  return upsert(refunds, {
    refund_id: event.merchantRefundId ?? event.eventId,
    order_id: event.orderId,
    merchant_payment_id: event.merchantPaymentId,
    payment_id: event.paymentId,
    merchant_refund_id: event.merchantRefundId,
    amount: event.amount,
    currency: event.currency,
    requested_here: event.requestedHere,
    logged_at: position.timestamp,
    ...columns,
  });
}

export const notificationsProjection = projectEvents(paymentsNotifications, (event, position) => [
  upsert(notifications, {
    partition: position.partition,
    offset: position.offset,
    event_id: event.eventId,
    verdict: event.verdict,
    source_address: event.sourceAddress,
    received_at: event.receivedAt,
    logged_at: position.timestamp,
    ...(event.type === 'WebhookSetAside' ? asideColumns(event) : notificationColumns(event)),
  }),
]);

function notificationColumns(event: EventOf<'PaymentNotificationReceived'>) {
  return {
    order_id: event.orderId,
    merchant_payment_id: event.merchantPaymentId,
    payment_id: event.paymentId,
    state: event.state,
    amount: event.amount,
    paid_at: event.paidAt,
    body: event.body,
    reason: null,
  };
}

/** Postgres' text takes no byte zero; the log has the body as it was. */
function asideColumns({ body, reason }: EventOf<'WebhookSetAside'>) {
  return {
    order_id: null,
    merchant_payment_id: null,
    payment_id: null,
    state: null,
    amount: null,
    paid_at: null,
    body: body.toString('utf8').replaceAll('\u0000', '\ufffd'),
    reason,
  };
}
