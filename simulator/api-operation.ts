import type { CreateCodeRequest, RefundRequest, RevertAuthorizationRequest } from './api-request';
import { hasLapsed, moneyOf, refundStatus, wasCharged, type Money, type Payment } from './payment';
import { answerOf, type Answer, type ResultCode } from './result-code';
import type { SimulatedPayPay } from './simulated-paypay';
import { cancellableUntil } from './webhook-body';

/**
 * The operations of PayPay's API that a shop with QR codes uses: each takes a checked request
 * and gives PayPay's answer, result code and all. PayPay counts time in seconds here.
 */

export function createCode(
  paypay: SimulatedPayPay,
  request: CreateCodeRequest,
  publicUrl: string,
): Answer {
  const { merchantPaymentId, amount, orderDescription, redirectUrl } = request;
  if (paypay.ledger.find(merchantPaymentId) !== undefined) {
    return answerOf('DUPLICATE_DYNAMIC_QR_REQUEST');
  }
  const payment = paypay.createCode({
    merchantPaymentId,
    amount: amount.amount,
    description: orderDescription ?? '',
    isAuthorization: request.isAuthorization ?? false,
    ...(redirectUrl === undefined ? {} : { redirectUrl }),
  });
  const url = `${publicUrl}/pay/${payment.codeId}`;
  const data = {
    ...request,
    codeId: payment.codeId,
    url,
    deeplink: `paypay://payment?link_key=${encodeURIComponent(url)}`,
    expiryDate: seconds(payment.expiresAt),
  };
  return { ...answerOf('SUCCESS', data), status: 201 };
}

export function deleteCode(paypay: SimulatedPayPay, codeId: string): Answer {
  const payment = paypay.ledger.findByCode(codeId);
  if (payment === undefined || payment.code === 'deleted') return answerOf('DYNAMIC_QR_NOT_FOUND');
  if (wasCharged(payment)) return answerOf('DYNAMIC_QR_ALREADY_PAID');
  paypay.move(payment, { kind: 'delete-code' });
  return answerOf('SUCCESS');
}

export function codePaymentDetails(paypay: SimulatedPayPay, merchantPaymentId: string): Answer {
  return readPayment(paypay, merchantPaymentId, 'DYNAMIC_QR_PAYMENT_NOT_FOUND');
}

/** The same payment asked for as any payment: only the error for an unknown one differs. */
export function paymentDetails(paypay: SimulatedPayPay, merchantPaymentId: string): Answer {
  return readPayment(paypay, merchantPaymentId, 'RESOURCE_NOT_FOUND');
}

export function cancelPayment(paypay: SimulatedPayPay, merchantPaymentId: string): Answer {
  const payment = paypay.ledger.find(merchantPaymentId);
  if (payment === undefined) return answerOf('RESOURCE_NOT_FOUND');
  if (!isReversible(payment, paypay.now)) return answerOf('ORDER_NOT_REVERSIBLE');
  paypay.move(payment, { kind: 'reverse' });
  return answerOf('REQUEST_ACCEPTED');
}

/** What was given free once is free: a repeat is answered as the first one. */
export function revertAuthorization(
  paypay: SimulatedPayPay,
  { merchantRevertId, paymentId, reason }: RevertAuthorizationRequest,
): Answer {
  const payment = paypay.ledger.findByPaymentId(paymentId);
  if (payment === undefined) return answerOf('RESOURCE_NOT_FOUND');
  const { status, charge } = payment;
  const isFree = status === 'CANCELED' && charge.kind === 'authorized';
  if (!isFree) {
    const isRefused = status !== 'AUTHORIZED' || paypay.controls.settings.refuseReverts;
    if (isRefused) return answerOf('ORDER_NOT_REVERSIBLE');
    paypay.move(payment, { kind: 'reverse' });
  }
  const acceptedAt = seconds(paypay.now);
  const data = { status: 'CANCELED', acceptedAt, merchantRevertId, paymentId, reason };
  return answerOf('SUCCESS', data);
}

export function refundPayment(paypay: SimulatedPayPay, request: RefundRequest): Answer {
  const { merchantRefundId, paymentId, amount, reason } = request;
  const payment = paypay.ledger.findByPaymentId(paymentId);
  if (payment === undefined) return answerOf('RESOURCE_NOT_FOUND');
  if (payment.refund.kind === 'refunded') {
    const isRepeat =
      payment.refund.merchantRefundId === merchantRefundId &&
      payment.refund.amount === amount.amount;
    return isRepeat ? refundAnswer(payment, paypay.now) : answerOf('MULTIPLE_REFUND');
  }
  // The id belongs to the refund of another payment.
  if (paypay.ledger.findByRefund(merchantRefundId) !== undefined) {
    return answerOf('INVALID_REQUEST_PARAMS');
  }
  if (payment.status !== 'COMPLETED' || paypay.controls.settings.refuseRefunds) {
    return answerOf('ORDER_NOT_REFUNDABLE');
  }
  if (amount.amount > moneyOf(payment).amount) return answerOf('INVALID_REFUND_AMOUNT');
  const refunded = paypay.move(payment, {
    kind: 'refund',
    merchantRefundId,
    amount: amount.amount,
    reason: reason ?? '',
    completesAt: paypay.now + paypay.controls.settings.refundDelayMs,
  });
  return refundAnswer(refunded, paypay.now);
}

export function refundDetails(paypay: SimulatedPayPay, merchantRefundId: string): Answer {
  const payment = paypay.ledger.findByRefund(merchantRefundId);
  return payment === undefined
    ? answerOf('NO_SUCH_REFUND_ORDER')
    : refundAnswer(payment, paypay.now);
}

function isReversible(payment: Payment, now: number): boolean {
  switch (payment.status) {
    case 'CREATED':
      return !hasLapsed(payment, now);
    case 'AUTHORIZED':
      return true;
    case 'COMPLETED':
      return payment.charge.kind === 'paid' && now < cancellableUntil(payment.charge.paidAt);
    case 'REFUNDED':
    case 'FAILED':
    case 'EXPIRED':
    case 'CANCELED':
      return false;
  }
}

function refundAnswer(payment: Payment, now: number): Answer {
  return answerOf('SUCCESS', refundOf(payment, now));
}

function readPayment(
  paypay: SimulatedPayPay,
  merchantPaymentId: string,
  unknown: ResultCode,
): Answer {
  const payment = paypay.ledger.find(merchantPaymentId);
  if (payment === undefined) return answerOf(unknown);
  paypay.plays.statusRead(merchantPaymentId, payment.status);
  return answerOf('SUCCESS', detailsOf(payment, paypay.now));
}

function detailsOf(payment: Payment, now: number) {
  const refund = refundOf(payment, now);
  return {
    status: payment.status,
    merchantPaymentId: payment.merchantPaymentId,
    amount: moneyOf(payment),
    requestedAt: seconds(payment.createdAt),
    orderDescription: payment.description,
    refunds: { data: refund === undefined ? [] : [refund] },
    ...(payment.status === 'CREATED' ? {} : { paymentId: payment.paymentId }),
    ...acceptance(payment),
  };
}

function acceptance({ charge }: Payment): { acceptedAt?: number } {
  switch (charge.kind) {
    case 'none':
      return {};
    case 'authorized':
      return { acceptedAt: seconds(charge.authorizedAt) };
    case 'paid':
      return { acceptedAt: seconds(charge.paidAt) };
  }
}

function refundOf(payment: Payment, now: number) {
  const { refund, paymentId } = payment;
  if (refund.kind === 'none') return undefined;
  const amount: Money = { ...moneyOf(payment), amount: refund.amount };
  return {
    status: refundStatus(refund, now),
    acceptedAt: seconds(refund.acceptedAt),
    merchantRefundId: refund.merchantRefundId,
    paymentId,
    amount,
    requestedAt: seconds(refund.acceptedAt),
    reason: refund.reason,
  };
}

function seconds(at: number): number {
  return Math.floor(at / 1000);
}
