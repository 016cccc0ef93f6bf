/**
 * What the saga learns of a call: the client's outcome, or why there was none, as an event. Every
 * request has exactly one result, whose id derives from the request's, so a call that is repeated
 * after a crash has the same one.
 */
import type { EventOf } from '../../schemas/event';
import { orderHeader } from '../../schemas/header';
import type { paymentsGatewayRequests, paymentsGatewayResults } from '../../topics/payments';
import type { EventOn } from '../../topics/topic';
import type {
  AuthorizationRevert,
  CodeCreation,
  CodeDeletion,
  ObservedRefund,
  PaymentDetails,
  RefundDetails,
  Rejected,
  Unavailable,
} from './paypay/client';

export type GatewayRequest = EventOn<typeof paymentsGatewayRequests>;
export type GatewayResult = EventOn<typeof paymentsGatewayResults>;

/** PayPay was not called. */
export type NotCalled =
  | { readonly kind: 'stale' }
  | { readonly kind: 'circuit-open' }
  | { readonly kind: 'foreign-currency' };

/** A read that was not even to be called. */
export type SentAway =
  /** A later read of the same order supersedes it. */
  | { readonly kind: 'superseded' }
  /** More orders wait than there is room for. */
  | { readonly kind: 'crowded-out' };

type Failure = Rejected | Unavailable | NotCalled | SentAway;

export function codeCreationResult(
  request: EventOf<'CodeCreationRequested'>,
  outcome: CodeCreation | NotCalled,
  now: number,
): GatewayResult {
  const fields = { ...resultHeader(request, now), ...attemptOf(request) };
  const failed = (result: EventOf<'CodeCreationFailed'>['outcome'], failure: Failure) =>
    ({ type: 'CodeCreationFailed', ...fields, outcome: result, ...wordsOf(failure) }) as const;
  switch (outcome.kind) {
    case 'created': {
      const { codeId, url, deeplink, expiresAt } = outcome;
      if (!isLong(expiresAt)) return failed('UNKNOWN', NOT_A_LONG);
      return { type: 'CodeCreated', ...fields, codeId, url, deeplink, expiresAt };
    }
    case 'duplicate': {
      const detail = 'the id was used before';
      return {
        type: 'CodeCreationFailed',
        ...fields,
        outcome: 'DUPLICATE',
        errorCode: null,
        detail,
      };
    }
    case 'rejected':
    case 'foreign-currency':
      return failed('REJECTED', outcome);
    case 'unavailable':
      return failed('UNKNOWN', outcome);
    case 'stale':
    case 'circuit-open':
      return failed('SKIPPED', outcome);
  }
}

export function codeDeletionResult(
  request: EventOf<'CodeDeletionRequested'>,
  outcome: CodeDeletion | NotCalled,
  now: number,
): GatewayResult {
  const { codeId } = request;
  const fields = { ...resultHeader(request, now), ...attemptOf(request), codeId };
  const failed = (result: EventOf<'CodeDeletionFailed'>['outcome'], failure: Failure) =>
    ({ type: 'CodeDeletionFailed', ...fields, outcome: result, ...wordsOf(failure) }) as const;
  switch (outcome.kind) {
    case 'deleted':
    case 'not-found':
      return { type: 'CodeDeleted', ...fields };
    case 'already-paid': {
      const detail = 'the shopper has paid';
      return {
        type: 'CodeDeletionFailed',
        ...fields,
        outcome: 'ALREADY_PAID',
        errorCode: null,
        detail,
      };
    }
    case 'rejected':
      return failed('REJECTED', outcome);
    case 'unavailable':
    case 'stale':
    case 'circuit-open':
    case 'foreign-currency':
      return failed('UNKNOWN', outcome);
  }
}

/** `askedAt`: when PayPay was asked, which is what orders observations. */
export function statusResult(
  request: EventOf<'PaymentStatusRequested'>,
  outcome: PaymentDetails | NotCalled | SentAway,
  askedAt: number,
  now: number,
): GatewayResult {
  const { purpose } = request;
  const fields = { ...resultHeader(request, now), ...attemptOf(request), purpose };
  const nothing = {
    paymentId: null,
    amount: null,
    currency: null,
    paidAt: null,
    refundedAmount: 0,
    refunds: [],
  };
  switch (outcome.kind) {
    case 'observed': {
      const seen = { type: 'PaymentStatusObserved', ...fields, observedAt: askedAt } as const;
      if (!('amount' in outcome)) {
        const { status, paymentId = null } = outcome;
        return { ...seen, status, ...nothing, paymentId };
      }
      const { paymentId, amount, currency, paidAt } = outcome;
      const status = outcome.status === 'REAUTHORIZING' ? 'AUTHORIZED' : outcome.status;
      const refunds = outcome.refunds.map(refundOf);
      const refundedAmount = completedAmountOf(refunds);
      const numbers = [amount, paidAt, refundedAmount, ...refunds.map((refund) => refund.amount)];
      if (!numbers.every(isLong)) {
        return statusResult(request, NOT_A_LONG, askedAt, now);
      }
      return { ...seen, status, paymentId, amount, currency, paidAt, refundedAmount, refunds };
    }
    case 'not-found':
      return {
        type: 'PaymentStatusObserved',
        ...fields,
        status: 'NOT_FOUND',
        ...nothing,
        observedAt: askedAt,
      };
    default:
      return {
        type: 'PaymentStatusUnavailable',
        ...fields,
        reason: reasonOf(outcome),
        ...wordsOf(outcome),
      };
  }
}

/** Of a refund that was asked for, and of one whose status was asked for. */
export function refundResult(
  request: EventOf<'RefundRequested' | 'RefundStatusRequested'>,
  outcome: RefundDetails | NotCalled,
  now: number,
): GatewayResult {
  const { merchantPaymentId, paymentId, merchantRefundId, amount, currency } = request;
  const refund = { merchantPaymentId, paymentId, merchantRefundId, amount, currency };
  const fields = { ...resultHeader(request, now), ...refund };
  const failed = (result: EventOf<'RefundFailed'>['outcome'], failure: Failure) =>
    ({ type: 'RefundFailed', ...fields, outcome: result, ...wordsOf(failure) }) as const;
  switch (outcome.kind) {
    case 'accepted':
      return { type: 'RefundAccepted', ...fields, reportedStatus: outcome.status };
    case 'completed':
      return { type: 'RefundCompleted', ...fields };
    case 'failed': {
      const detail = 'PayPay accepted the refund, and it failed';
      return { type: 'RefundFailed', ...fields, outcome: 'REJECTED', errorCode: null, detail };
    }
    case 'not-found': {
      const detail = 'PayPay knows no such refund';
      return { type: 'RefundFailed', ...fields, outcome: 'NOT_FOUND', errorCode: null, detail };
    }
    case 'rejected':
      // That a refund cannot be looked at does not say that it failed.
      return failed(request.type === 'RefundRequested' ? 'REJECTED' : 'UNKNOWN', outcome);
    case 'foreign-currency':
      return failed('REJECTED', outcome);
    case 'unavailable':
    case 'stale':
    case 'circuit-open':
      return failed('UNKNOWN', outcome);
  }
}

export function authorizationRevertResult(
  request: EventOf<'AuthorizationRevertRequested'>,
  outcome: AuthorizationRevert | NotCalled,
  now: number,
): GatewayResult {
  const { paymentId, merchantRevertId } = request;
  const fields = {
    ...resultHeader(request, now),
    ...attemptOf(request),
    paymentId,
    merchantRevertId,
  };
  const failed = (
    result: EventOf<'AuthorizationRevertFailed'>['outcome'],
    failure: Failure,
  ): GatewayResult => ({
    type: 'AuthorizationRevertFailed',
    ...fields,
    outcome: result,
    ...wordsOf(failure),
  });
  switch (outcome.kind) {
    case 'reverted':
      return { type: 'AuthorizationReverted', ...fields };
    case 'rejected':
      return failed('REJECTED', outcome);
    case 'unavailable':
    case 'stale':
    case 'circuit-open':
    case 'foreign-currency':
      return failed('UNKNOWN', outcome);
  }
}

/** A number that no event can carry is no more believable than an answer that is not JSON. */
const NOT_A_LONG: Unavailable = {
  kind: 'unavailable',
  reason: 'garbage',
  message: 'a number is out of range',
};

/** The range that the codec takes leaves out the outermost safe integers. */
function isLong(value: number): boolean {
  return Number.isSafeInteger(value) && Math.abs(value) < Number.MAX_SAFE_INTEGER;
}

function resultHeader(request: GatewayRequest, now: number) {
  return orderHeader({ id: request.eventId, at: now }, 'result', request.orderId);
}

function attemptOf({
  attempt,
  merchantPaymentId,
}: Exclude<GatewayRequest, EventOf<'RefundRequested' | 'RefundStatusRequested'>>) {
  return { attempt, merchantPaymentId };
}

type ListedRefund = EventOf<'PaymentStatusObserved'>['refunds'][number];

function refundOf({ merchantRefundId, amount, status }: ObservedRefund): ListedRefund {
  const stage = REFUND_STAGES[status] ?? 'UNKNOWN';
  return { merchantRefundId, amount, stage, reportedStatus: status };
}

const REFUND_STAGES: Readonly<Partial<Record<string, ListedRefund['stage']>>> = {
  CREATED: 'PENDING',
  REFUNDED: 'COMPLETED',
  FAILED: 'FAILED',
};

function completedAmountOf(refunds: readonly ListedRefund[]): number {
  return refunds
    .filter(({ stage }) => stage === 'COMPLETED')
    .reduce((sum, { amount }) => sum + amount, 0);
}

const UNAVAILABLE_REASONS = {
  timeout: 'TIMEOUT',
  'server-error': 'SERVER_ERROR',
  'rate-limited': 'RATE_LIMITED',
  garbage: 'GARBAGE',
  unreachable: 'UNREACHABLE',
  unauthorized: 'UNAUTHORIZED',
} as const satisfies Record<Unavailable['reason'], string>;

function reasonOf(failure: Failure): EventOf<'PaymentStatusUnavailable'>['reason'] {
  switch (failure.kind) {
    case 'unavailable':
      return UNAVAILABLE_REASONS[failure.reason];
    case 'rejected':
    case 'foreign-currency':
      return 'REJECTED';
    case 'stale':
    case 'superseded':
    case 'crowded-out':
      return 'STALE';
    case 'circuit-open':
      return 'CIRCUIT_OPEN';
  }
}

function wordsOf(failure: Failure): { readonly errorCode: string | null; readonly detail: string } {
  switch (failure.kind) {
    case 'rejected':
      return { errorCode: failure.code, detail: failure.message };
    case 'unavailable':
      return {
        errorCode: failure.code ?? null,
        detail: `${UNAVAILABLE_REASONS[failure.reason]}: ${failure.message}`,
      };
    case 'stale':
      return { errorCode: null, detail: 'PayPay was not called: the request had expired' };
    case 'superseded':
      return { errorCode: null, detail: 'PayPay was not called: a later request supersedes it' };
    case 'crowded-out':
      return { errorCode: null, detail: 'PayPay was not called: too many orders are queued' };
    case 'circuit-open':
      return { errorCode: null, detail: 'PayPay was not called: the circuit breaker is open' };
    case 'foreign-currency':
      return { errorCode: null, detail: 'PayPay was not called: it takes yen only' };
  }
}
