/** What a refund makes of a payment, by the same rules as the read models (payment_ledgers). */
import type { EventOf } from '../../schemas/event';
import type { PaymentView } from '../../edge/contract/api-types';

type Refund = PaymentView['refunds'][number];
export type RefundNews = EventOf<
  'PaymentRefundPending' | 'PaymentRefunded' | 'PaymentRefundFailed'
>;

type Charged = Pick<
  PaymentView,
  'status' | 'paidAmount' | 'refunds' | 'refundedAmount' | 'refundPendingAmount'
>;

export function isRefundNews(event: { readonly type: string }): event is RefundNews {
  return (
    event.type === 'PaymentRefundPending' ||
    event.type === 'PaymentRefunded' ||
    event.type === 'PaymentRefundFailed'
  );
}

export function afterRefund<P extends Charged>(payment: P, event: RefundNews): P {
  const refund = refundOf(event);
  const isKnown = payment.refunds.some(({ refundId }) => refundId === refund.refundId);
  const refunds = isKnown
    ? payment.refunds.map((each) => (each.refundId === refund.refundId ? refund : each))
    : [...payment.refunds, refund];
  const sum = (status: Refund['status']) =>
    refunds
      .filter((each) => each.status === status)
      .reduce((total, { amount }) => total + amount, 0);
  const totals = { refundedAmount: sum('COMPLETED'), refundPendingAmount: sum('PENDING') };
  return { ...payment, refunds, ...totals, status: statusOf({ ...payment, ...totals }) };
}

function refundOf(event: RefundNews): Refund {
  const { amount, requestedHere } = event;
  const refund = {
    amount,
    requestedHere,
    reportedStatus: null,
    detail: null,
  };
  switch (event.type) {
    case 'PaymentRefundPending': {
      const { merchantRefundId: refundId, reportedStatus } = event;
      return { ...refund, refundId, status: 'PENDING', reportedStatus };
    }
    case 'PaymentRefunded':
      return { ...refund, refundId: event.merchantRefundId ?? event.eventId, status: 'COMPLETED' };
    case 'PaymentRefundFailed': {
      const { merchantRefundId: refundId, detail } = event;
      return { ...refund, refundId, status: 'FAILED', detail };
    }
  }
}

/** The payment's own word, unless it succeeded: then its refunds tell. */
function statusOf({
  status,
  paidAmount,
  refundedAmount,
  refundPendingAmount,
}: Charged): PaymentView['status'] {
  switch (status) {
    case 'NOT_STARTED':
    case 'CODE_ISSUED':
    case 'FAILED':
    case 'EXPIRED':
      return status;
    case 'SUCCEEDED':
    case 'PARTIALLY_REFUNDED':
    case 'REFUND_PENDING':
    case 'REFUNDED':
      if (paidAmount !== null && refundedAmount >= paidAmount) return 'REFUNDED';
      if (refundPendingAmount > 0) return 'REFUND_PENDING';
      return refundedAmount > 0 ? 'PARTIALLY_REFUNDED' : 'SUCCEEDED';
  }
}
