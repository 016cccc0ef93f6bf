import type { CreateCodeRequest, RefundRequest, RevertAuthorizationRequest } from './api-request';
import {
  hasLapsed,
  moneyOf,
  refundableOf,
  refundStatus,
  wasCharged,
  type Money,
  type Payment,
  type Refund,
} from './payment';
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

/** What was reverted once is reverted: a repeat is answered as the first one. */
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
  const known = payment.refunds.find((refund) => refund.merchantRefundId === merchantRefundId);
  if (known !== undefined) {
    const isRepeat = known.amount === amount.amount;
    return isRepeat ? refundAnswer(payment, known, paypay.now) : answerOf('INVALID_REQUEST_PARAMS');
  }
  // The id belongs to the refund of another payment.
  if (paypay.ledger.findByRefund(merchantRefundId) !== undefined) {
    return answerOf('INVALID_REQUEST_PARAMS');
  }
  const { refuseRefunds } = paypay.controls.settings;
  if (refuseRefunds || (payment.status !== 'COMPLETED' && payment.status !== 'REFUNDED')) {
    return answerOf('ORDER_NOT_REFUNDABLE');
  }
  const left = refundableOf(payment, paypay.now);
  if (left === 0) return answerOf('MULTIPLE_REFUND');
  if (amount.amount > left) return answerOf('INVALID_REFUND_AMOUNT');
  paypay.refund(payment, { merchantRefundId, amount: amount.amount, reason: reason ?? '' });
  return refundDetails(paypay, merchantRefundId);
}

export function refundDetails(paypay: SimulatedPayPay, merchantRefundId: string): Answer {
  const payment = paypay.ledger.findByRefund(merchantRefundId);
  const refund = payment?.refunds.find((each) => each.merchantRefundId === merchantRefundId);
  return payment === undefined || refund === undefined
    ? answerOf('NO_SUCH_REFUND_ORDER')
    : refundAnswer(payment, refund, paypay.now);
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

function refundAnswer(payment: Payment, refund: Refund, now: number): Answer {
  return answerOf('SUCCESS', refundData(payment, refund, now));
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
  return {
    status: payment.status,
    merchantPaymentId: payment.merchantPaymentId,
    amount: moneyOf(payment),
    requestedAt: seconds(payment.createdAt),
    orderDescription: payment.description,
    refunds: { data: payment.refunds.map((refund) => refundData(payment, refund, now)) },
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

function refundData(payment: Payment, refund: Refund, now: number) {
  const { paymentId } = payment;
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
