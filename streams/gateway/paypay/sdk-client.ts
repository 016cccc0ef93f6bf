import { Conf, PayPayRestSDK } from '@paypayopa/paypayopa-sdk-node';
import type { Static } from '@sinclair/typebox';
import type { Clock } from '../../../platform/clock';
import { CodeData, NoData, PaymentData, readAnswer, RefundData, type Answer } from './answer';
import type {
  AuthorizationRevert,
  CodeCreation,
  CodeDeletion,
  CodeRequest,
  ObservedRefund,
  PaymentCancellation,
  PaymentDetails,
  PayPayClient,
  RefundDetails,
  RefundOutcome,
  RefundRequest,
  RevertRequest,
} from './client';
import type { PayPayConfiguration } from './configuration';
import { PayPayTransport } from './transport';

/**
 * The port over PayPay's official SDK, which knows the paths and signs the requests. The SDK's
 * documented functions share one configuration per process; this client makes an instance of the
 * class behind them, so that two clients (two merchants, two tests) do not disturb each other.
 */
export function payPaySdkClient(configuration: PayPayConfiguration, clock: Clock): PayPayClient {
  const { endpoint, apiKey, apiSecret, merchantId, timeoutMs } = configuration;
  const transport = new PayPayTransport({ endpoint, timeoutMs, clock });
  const sdk = new PayPayRestSDK();
  sdk.setHttpsClient(transport);
  sdk.configure({
    clientId: apiKey,
    clientSecret: apiSecret,
    merchantId,
    conf: new Conf({ hostName: endpoint.host, portNumber: endpoint.port }),
  });
  return {
    createCode: async (request) =>
      codeCreation(readAnswer(CodeData, await sdk.qrCodeCreate(codePayload(request)))),
    deleteCode: async (codeId) =>
      codeDeletion(readAnswer(NoData, await sdk.qrCodeDelete([pathPart(codeId)]))),
    paymentDetails: async (merchantPaymentId) =>
      paymentDetails(
        readAnswer(PaymentData, await sdk.getCodePaymentDetails([pathPart(merchantPaymentId)])),
      ),
    cancelPayment: async (merchantPaymentId) =>
      cancellation(readAnswer(NoData, await sdk.paymentCancel([pathPart(merchantPaymentId)]))),
    revertAuthorization: async (request) =>
      authorizationRevert(readAnswer(NoData, await sdk.paymentAuthRevert(revertPayload(request)))),
    refund: async (request) =>
      refundOutcome(readAnswer(RefundData, await sdk.paymentRefund(refundPayload(request)))),
    refundDetails: async (merchantRefundId) =>
      refundDetails(
        readAnswer(RefundData, await sdk.getRefundDetails([pathPart(merchantRefundId)])),
      ),
    close: () => transport.close(),
  };
}

/** The SDK pastes ids into the path as they are, and signs what it pasted. */
function pathPart(id: string): string {
  return encodeURIComponent(id);
}

/** A fresh object each time: the SDK writes `requestedAt` into it. */
function codePayload(request: CodeRequest) {
  return {
    merchantPaymentId: request.merchantPaymentId,
    amount: { amount: request.amount, currency: request.currency },
    codeType: 'ORDER_QR',
    orderDescription: request.description,
    isAuthorization: false,
    ...(request.redirectUrl === undefined
      ? {}
      : { redirectUrl: request.redirectUrl, redirectType: 'WEB_LINK' }),
  };
}

function refundPayload(request: RefundRequest) {
  return {
    merchantRefundId: request.merchantRefundId,
    paymentId: request.paymentId,
    amount: { amount: request.amount, currency: request.currency },
    reason: request.reason,
  };
}

function revertPayload({ merchantRevertId, paymentId, reason }: RevertRequest) {
  return { merchantRevertId, paymentId, reason };
}

function codeCreation(answer: Answer<Static<typeof CodeData>>): CodeCreation {
  if (answer.kind === 'success') {
    const { codeId, url, deeplink, expiryDate } = answer.data;
    return { kind: 'created', codeId, url, deeplink, expiresAt: expiryDate * 1000 };
  }
  if (answer.kind === 'rejected' && answer.code === 'DUPLICATE_DYNAMIC_QR_REQUEST') {
    return { kind: 'duplicate' };
  }
  return answer;
}

function codeDeletion(answer: Answer<unknown>): CodeDeletion {
  if (answer.kind === 'success') return { kind: 'deleted' };
  if (answer.kind === 'rejected') {
    if (answer.code === 'DYNAMIC_QR_ALREADY_PAID') return { kind: 'already-paid' };
    if (answer.code === 'DYNAMIC_QR_NOT_FOUND') return { kind: 'not-found' };
  }
  return answer;
}

function paymentDetails(answer: Answer<Static<typeof PaymentData>>): PaymentDetails {
  if (answer.kind === 'success') return observed(answer.data);
  if (answer.kind === 'rejected' && answer.code === 'DYNAMIC_QR_PAYMENT_NOT_FOUND') {
    return { kind: 'not-found' };
  }
  return answer;
}

function observed(data: Static<typeof PaymentData>): PaymentDetails {
  switch (data.status) {
    case 'CREATED':
    case 'FAILED':
    case 'CANCELED':
    case 'EXPIRED':
      return typeof data.paymentId === 'string'
        ? { kind: 'observed', status: data.status, paymentId: data.paymentId }
        : { kind: 'observed', status: data.status };
    default:
      return {
        kind: 'observed',
        status: data.status,
        paymentId: data.paymentId,
        amount: data.amount.amount,
        currency: data.amount.currency,
        paidAt: data.acceptedAt * 1000,
        refunds: (data.refunds?.data ?? []).map(observedRefund),
      };
  }
}

function observedRefund(refund: Static<typeof RefundData>): ObservedRefund {
  const { merchantRefundId, status, amount } = refund;
  return { merchantRefundId, status, amount: amount.amount, currency: amount.currency };
}

function cancellation(answer: Answer<unknown>): PaymentCancellation {
  if (answer.kind === 'success') return { kind: 'accepted' };
  if (answer.kind === 'rejected') {
    if (answer.code === 'ORDER_NOT_REVERSIBLE') return { kind: 'not-reversible' };
    if (answer.code === 'RESOURCE_NOT_FOUND') return { kind: 'not-found' };
  }
  return answer;
}

function authorizationRevert(answer: Answer<unknown>): AuthorizationRevert {
  return answer.kind === 'success' ? { kind: 'reverted' } : answer;
}

function refundOutcome(answer: Answer<Static<typeof RefundData>>): RefundOutcome {
  if (answer.kind !== 'success') return answer;
  switch (answer.data.status) {
    case 'REFUNDED':
      return { kind: 'completed' };
    case 'FAILED':
      return { kind: 'failed' };
    default:
      return { kind: 'accepted', status: answer.data.status };
  }
}

function refundDetails(answer: Answer<Static<typeof RefundData>>): RefundDetails {
  if (answer.kind === 'rejected' && answer.code === 'NO_SUCH_REFUND_ORDER') {
    return { kind: 'not-found' };
  }
  return refundOutcome(answer);
}
