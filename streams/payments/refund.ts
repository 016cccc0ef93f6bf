/**
 * Refunds that were asked for here, by merchantRefundId. PayPay takes one refund id once, so an
 * unknown outcome leaves the refund as it is, to be asked for again under the same id.
 */
import { orderHeader } from '../../schemas/header';
import type { EventOf } from '../../schemas/event';
import type { Payment } from './payment';
import type { Turn } from './turn';

type RefundResult = EventOf<'RefundAccepted' | 'RefundCompleted' | 'RefundFailed'>;
type Refund = Payment['refunds'][number];

/** Of a refund that is not ours, or has ended, nothing is concluded. */
export function refundAnswered(payment: Payment, event: RefundResult, turn: Turn): Payment {
  const refund = payment.refunds.find((each) => each.merchantRefundId === event.merchantRefundId);
  if (refund === undefined || refund.stage === 'COMPLETED' || refund.stage === 'FAILED') {
    return payment;
  }
  switch (event.type) {
    case 'RefundAccepted':
      return withStage(payment, refund, 'ACCEPTED');
    case 'RefundCompleted':
      turn.tell({
        type: 'PaymentRefunded',
        ...orderHeader(turn.cause, 'refunded', payment.orderId),
        ...refundFields(event),
        requestedHere: true,
        observedAt: event.occurredAt,
      });
      return withStage(payment, refund, 'COMPLETED');
    case 'RefundFailed':
      if (event.outcome === 'UNKNOWN') return payment;
      turn.tell({
        type: 'PaymentRefundFailed',
        ...orderHeader(turn.cause, 'refund-failed', payment.orderId),
        ...refundFields(event),
        errorCode: event.errorCode,
        detail: event.detail,
      });
      return withStage(payment, refund, 'FAILED');
  }
}

function withStage(payment: Payment, refund: Refund, stage: Refund['stage']): Payment {
  const refunds = payment.refunds.map((each) => (each === refund ? { ...refund, stage } : each));
  return { ...payment, refunds };
}

function refundFields({
  merchantPaymentId,
  paymentId,
  merchantRefundId,
  amount,
  currency,
}: RefundResult) {
  return { merchantPaymentId, paymentId, merchantRefundId, amount, currency };
}
