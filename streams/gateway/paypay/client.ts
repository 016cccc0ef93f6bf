/**
 * The port to PayPay: what the gateway may ask, and every outcome the saga tells apart.
 *
 * No call ever throws or rejects. `unavailable` means that the outcome is unknown: the call may
 * have taken effect, so the caller reads the status, or asks anew under another id, and never
 * takes it for a failure of the payment. `rejected` means that PayPay understood the request,
 * refused it and changed nothing.
 */
export interface PayPayClient {
  /** A QR code that a shopper can pay; one per `merchantPaymentId`, for ever. */
  createCode(request: CodeRequest): Promise<CodeCreation>;
  /** Ends a code. A deleted code cannot be paid any more, an expired one can still read CREATED. */
  deleteCode(codeId: string): Promise<CodeDeletion>;
  /** What PayPay holds to be true about the payment of a code. */
  paymentDetails(merchantPaymentId: string): Promise<PaymentDetails>;
  /** Reverses a payment on the day it was made, whether or not its outcome is known. */
  cancelPayment(merchantPaymentId: string): Promise<PaymentCancellation>;
  /**
   * Reverts an authorization that was not captured, whether or not it was asked for before; the
   * status says when it is reverted.
   */
  revertAuthorization(request: RevertRequest): Promise<AuthorizationRevert>;
  /** Refunds. A payment takes several refunds; a repeated id is the same refund. */
  refund(request: RefundRequest): Promise<RefundOutcome>;
  refundDetails(merchantRefundId: string): Promise<RefundDetails>;
  /** Drops the kept-alive connections; calls in flight end as `unavailable`. */
  close(): void;
}

export interface CodeRequest {
  /** At most 64 characters. */
  readonly merchantPaymentId: string;
  /** Whole yen. */
  readonly amount: number;
  readonly currency: 'JPY';
  /** Shown to the shopper in PayPay's app; at most 255 characters. */
  readonly description: string;
  /** Where PayPay's app sends the shopper afterwards. */
  readonly redirectUrl?: string;
}

export interface RefundRequest {
  /** At most 64 characters; derives from the cause, so that a repeat is the same refund. */
  readonly merchantRefundId: string;
  /** PayPay's id of the payment. */
  readonly paymentId: string;
  /** Whole yen. */
  readonly amount: number;
  readonly currency: 'JPY';
  readonly reason: string;
}

export interface RevertRequest {
  /** At most 64 characters; derives from the payment, so that a repeat is the same revert. */
  readonly merchantRevertId: string;
  /** PayPay's id of the payment. */
  readonly paymentId: string;
  readonly reason: string;
}

export type UnavailableReason =
  /** No complete answer within the timeout. */
  | 'timeout'
  /** PayPay says 5xx: "treat as unknown payment status" in its own words. */
  | 'server-error'
  | 'rate-limited'
  /** An answer that is not PayPay's format, too long, or contradicts itself. */
  | 'garbage'
  /** No connection, or it broke before the answer was complete. */
  | 'unreachable'
  /** Our key, secret, merchant or clock is wrong: nothing is known about any payment. */
  | 'unauthorized';

export interface Unavailable {
  readonly kind: 'unavailable';
  readonly reason: UnavailableReason;
  /** PayPay's result code, when it gave one. */
  readonly code?: string;
  readonly message: string;
}

export interface Rejected {
  readonly kind: 'rejected';
  /** PayPay's result code, for instance INVALID_REQUEST_PARAMS. */
  readonly code: string;
  readonly message: string;
}

export type CodeCreation =
  | {
      readonly kind: 'created';
      readonly codeId: string;
      /** What the QR code shows. */
      readonly url: string;
      /** Opens PayPay's app on a phone. */
      readonly deeplink: string;
      /** Milliseconds since the epoch. */
      readonly expiresAt: number;
    }
  /** The id was used before; its code and url are not told again. */
  | { readonly kind: 'duplicate' }
  | Rejected
  | Unavailable;

export type CodeDeletion =
  | { readonly kind: 'deleted' }
  /** The shopper was faster; read the status. */
  | { readonly kind: 'already-paid' }
  | { readonly kind: 'not-found' }
  | Rejected
  | Unavailable;

/** Money has been captured or authorized. */
export type ChargedStatus = 'AUTHORIZED' | 'REAUTHORIZING' | 'COMPLETED' | 'REFUNDED';
/** No money is held: not yet, or no more. */
export type UnchargedStatus = 'CREATED' | 'FAILED' | 'CANCELED' | 'EXPIRED';
export type PaymentStatus = ChargedStatus | UnchargedStatus;

export interface ObservedRefund {
  readonly merchantRefundId: string;
  /** CREATED: accepted, not done yet. REFUNDED, FAILED; or a word that is not known here. */
  readonly status: string;
  readonly amount: number;
  readonly currency: string;
}

export interface ChargedPayment {
  readonly kind: 'observed';
  readonly status: ChargedStatus;
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: string;
  /** When PayPay accepted it; milliseconds since the epoch, from whole seconds. */
  readonly paidAt: number;
  readonly refunds: readonly ObservedRefund[];
}

export interface UnchargedPayment {
  readonly kind: 'observed';
  readonly status: UnchargedStatus;
  /** Only there once somebody has tried to pay. */
  readonly paymentId?: string;
}

export type PaymentDetails =
  ChargedPayment | UnchargedPayment | { readonly kind: 'not-found' } | Rejected | Unavailable;

export type PaymentCancellation =
  /** PayPay will reverse it; the status says when it has. */
  | { readonly kind: 'accepted' }
  /** Too late, or nothing left to reverse: refund instead. */
  | { readonly kind: 'not-reversible' }
  | { readonly kind: 'not-found' }
  | Rejected
  | Unavailable;

/** Rejected: it was captured meanwhile, or is reverted already; read the status. */
export type AuthorizationRevert = { readonly kind: 'reverted' } | Rejected | Unavailable;

export type RefundOutcome =
  /** In flight; read its details until it is completed. `status`: PayPay's word. */
  | { readonly kind: 'accepted'; readonly status: string }
  | { readonly kind: 'completed' }
  /** PayPay accepted the request, and it failed. */
  | { readonly kind: 'failed' }
  | Rejected
  | Unavailable;

export type RefundDetails = RefundOutcome | { readonly kind: 'not-found' };
