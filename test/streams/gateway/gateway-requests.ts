import type { EventOf } from '../../../schemas/event';
import { orderHeader } from '../../../schemas/header';

/** Past any time that a test gets to. */
const FAR_FUTURE = 10_000_000_000_000;

/** Requests to the gateway as payments makes them; `id` tells apart those of one order. */
export function statusRequested(
  orderId: string,
  change: Partial<EventOf<'PaymentStatusRequested'>> & { readonly id?: string } = {},
): EventOf<'PaymentStatusRequested'> {
  const { id = 'status', ...fields } = change;
  return {
    type: 'PaymentStatusRequested',
    ...orderHeader({ id: orderId, at: 1_000 }, id, orderId),
    attempt: 1,
    merchantPaymentId: `${orderId}-1`,
    purpose: 'POLL',
    notAfter: FAR_FUTURE,
    waitingSince: 1_000,
    ...fields,
  };
}

export function codeRequested(
  orderId: string,
  change: Partial<EventOf<'CodeCreationRequested'>> = {},
): EventOf<'CodeCreationRequested'> {
  return {
    type: 'CodeCreationRequested',
    ...orderHeader({ id: orderId, at: 1_000 }, 'code', orderId),
    attempt: 1,
    merchantPaymentId: `${orderId}-1`,
    amount: 1_200,
    currency: 'JPY',
    description: 'Order',
    notAfter: FAR_FUTURE,
    ...change,
  };
}

export function deletionRequested(orderId: string): EventOf<'CodeDeletionRequested'> {
  return {
    type: 'CodeDeletionRequested',
    ...orderHeader({ id: orderId, at: 1_000 }, 'deletion', orderId),
    attempt: 1,
    merchantPaymentId: `${orderId}-1`,
    codeId: `code-${orderId}`,
  };
}

export function revertRequested(orderId: string): EventOf<'AuthorizationRevertRequested'> {
  return {
    type: 'AuthorizationRevertRequested',
    ...orderHeader({ id: orderId, at: 1_000 }, 'revert', orderId),
    attempt: 1,
    merchantPaymentId: `${orderId}-1`,
    paymentId: `payment-${orderId}`,
    merchantRevertId: `revert-${orderId}`,
    reason: 'the order is over',
  };
}

export function refundRequested(
  orderId: string,
  change: Partial<EventOf<'RefundRequested'>> = {},
): EventOf<'RefundRequested'> {
  return {
    type: 'RefundRequested',
    ...orderHeader({ id: orderId, at: 1_000 }, 'refund', orderId),
    merchantPaymentId: `${orderId}-1`,
    paymentId: `payment-${orderId}`,
    merchantRefundId: `refund-${orderId}`,
    amount: 1_200,
    currency: 'JPY',
    reason: 'rule C',
    ...change,
  };
}

export function refundStatusRequested(orderId: string): EventOf<'RefundStatusRequested'> {
  const { reason, ...asked } = refundRequested(orderId);
  return { ...asked, type: 'RefundStatusRequested', eventId: `status of ${reason}` };
}
