/**
 * Answers one request: waits for its turn, leaves out what is too old or what PayPay cannot answer
 * now, calls, and repeats a read that failed. Owns the circuit and the gate to PayPay, which all
 * partitions of a process share.
 */
import type { EventOf } from '../../schemas/event';
import type { Clock } from '../../platform/clock';
import { CallGate } from './call-gate';
import type { Waiting } from './call-queue';
import { answered, begun, CLOSED, failed, refuses, type Circuit } from './circuit-breaker';
import { ConditionReport } from './condition-report';
import type { RequestOutcome } from './paypay-health';
import type { PayPayClient, Rejected, Unavailable } from './paypay/client';
import {
  authorizationRevertResult,
  codeCreationResult,
  codeDeletionResult,
  refundResult,
  statusResult,
  type GatewayRequest,
  type GatewayResult,
  type NotCalled,
} from './result-event';
import type { GatewaySettings } from './settings';
import { urgencyOf, waitsSince, type Urgency } from './urgency';

export type Answer =
  | {
      readonly kind: 'result';
      readonly result: GatewayResult;
      /** How PayPay is, where this answer changed it. */
      readonly condition?: EventOf<'Condition'>;
    }
  /** Given up before PayPay was called; to be asked again. */
  | { readonly kind: 'not-begun' };

/** How it stands with PayPay, for people. */
export interface CallerState {
  readonly circuit: Circuit['kind'];
  /** Calls that wait to be made, and calls without an answer yet. */
  readonly waiting: number;
  readonly inFlight: number;
}

/** One way to ask PayPay. `O`: what it may say. */
interface Call<O extends { readonly kind: string }> {
  readonly waiting: Waiting;
  /** Past this it is not begun; ms since the epoch. */
  readonly notAfter: number;
  readonly triesMax: number;
  make(): Promise<O | Unavailable | Rejected>;
  /** `askedAt`: when the last try began. */
  result(outcome: O | Unavailable | Rejected | NotCalled, askedAt: number): GatewayResult;
}

export class PayPayCaller {
  private circuit: Circuit = CLOSED;
  private readonly gate: CallGate;
  private readonly report: ConditionReport;

  constructor(
    private readonly paypay: PayPayClient,
    private readonly settings: GatewaySettings,
    private readonly clock: Clock,
  ) {
    this.gate = new CallGate(settings, clock);
    this.report = new ConditionReport(settings);
  }

  get state(): CallerState {
    return { circuit: this.circuit.kind, ...this.gate.load };
  }

  /** How much of the merchant's budget is this process's; more than 0, up to 1. */
  takeShare(share: number): void {
    this.gate.takeShare(share);
  }

  /**
   * `signal`: nothing more is begun; what is in flight is finished. `urgency` is more than the
   * request's own when a more urgent one of its order waits behind it.
   */
  async answer(
    request: GatewayRequest,
    signal: AbortSignal,
    urgency: Urgency = urgencyOf(request),
  ): Promise<Answer> {
    const waiting = { urgency, since: waitsSince(request) };
    const answer = await this.ask(request, waiting, signal);
    if (answer.kind === 'not-begun') return answer;
    const condition = this.report.take(request, this.clock.now());
    return condition === undefined ? answer : { ...answer, condition };
  }

  /** An answer was lost before it was committed, and the condition perhaps with it. */
  tellConditionAgain(): void {
    this.report.tellAgain();
  }

  private ask(request: GatewayRequest, waiting: Waiting, signal: AbortSignal): Promise<Answer> {
    switch (request.type) {
      case 'CodeCreationRequested':
        return this.createCode(request, waiting, signal);
      case 'PaymentStatusRequested':
        return this.run(
          request.orderId,
          {
            waiting,
            notAfter: request.notAfter,
            triesMax: this.settings.readTriesMax,
            make: () => this.paypay.paymentDetails(request.merchantPaymentId),
            result: (outcome, askedAt) => statusResult(request, outcome, askedAt, this.clock.now()),
          },
          signal,
        );
      case 'CodeDeletionRequested':
        return this.run(
          request.orderId,
          {
            ...WRITE,
            waiting,
            make: () => this.paypay.deleteCode(request.codeId),
            result: (outcome) => codeDeletionResult(request, outcome, this.clock.now()),
          },
          signal,
        );
      case 'RefundRequested':
        return this.refund(request, waiting, signal);
      case 'RefundStatusRequested':
        return this.run(
          request.orderId,
          {
            waiting,
            notAfter: Infinity,
            triesMax: this.settings.readTriesMax,
            make: () => this.paypay.refundDetails(request.merchantRefundId),
            result: (outcome) => refundResult(request, outcome, this.clock.now()),
          },
          signal,
        );
      case 'AuthorizationRevertRequested':
        return this.run(
          request.orderId,
          {
            ...WRITE,
            waiting,
            make: () => this.paypay.revertAuthorization(request),
            result: (outcome) => authorizationRevertResult(request, outcome, this.clock.now()),
          },
          signal,
        );
    }
  }

  private async createCode(
    request: EventOf<'CodeCreationRequested'>,
    waiting: Waiting,
    signal: AbortSignal,
  ): Promise<Answer> {
    const { merchantPaymentId, amount, currency, description, notAfter } = request;
    const { orderPageUrl } = this.settings;
    const result = (outcome: Parameters<typeof codeCreationResult>[1]) =>
      codeCreationResult(request, outcome, this.clock.now());
    if (currency !== 'JPY') return resultOf(result({ kind: 'foreign-currency' }));
    const redirect =
      orderPageUrl === undefined ? {} : { redirectUrl: `${orderPageUrl}/${request.orderId}` };
    const code = { merchantPaymentId, amount, currency, description, ...redirect } as const;
    return this.run(
      request.orderId,
      { ...WRITE, waiting, notAfter, make: () => this.paypay.createCode(code), result },
      signal,
    );
  }

  private async refund(
    request: EventOf<'RefundRequested'>,
    waiting: Waiting,
    signal: AbortSignal,
  ): Promise<Answer> {
    const { merchantRefundId, paymentId, amount, currency, reason } = request;
    const result = (outcome: Parameters<typeof refundResult>[1]) =>
      refundResult(request, outcome, this.clock.now());
    if (currency !== 'JPY') return resultOf(result({ kind: 'foreign-currency' }));
    const refund = { merchantRefundId, paymentId, amount, currency, reason } as const;
    return this.run(
      request.orderId,
      { ...WRITE, waiting, make: () => this.paypay.refund(refund), result },
      signal,
    );
  }

  private async run<O extends { readonly kind: string }>(
    orderId: string,
    call: Call<O>,
    signal: AbortSignal,
  ): Promise<Answer> {
    const { answer, outcome } = await this.tryCall(orderId, call, signal);
    if (outcome !== undefined) {
      const isCircuitClosed = this.circuit.kind === 'closed';
      this.report.note({ orderId, outcome, isCircuitClosed }, this.clock.now());
    }
    return answer;
  }

  private async tryCall<O extends { readonly kind: string }>(
    orderId: string,
    call: Call<O>,
    signal: AbortSignal,
  ): Promise<Tried> {
    let last: Tried | undefined;
    for (let tries = 1; ; tries += 1) {
      // When a second try would be refused or too late, the first answer stands.
      const reason = this.reasonNotToCall(orderId, call.notAfter);
      if (reason !== undefined) return last ?? notTried(call.result(reason, this.clock.now()));
      if (!(await this.gate.enter(call.waiting, signal))) {
        return last ?? { answer: { kind: 'not-begun' } };
      }
      const { outcome, askedAt } = await this.callOnce(orderId, call);
      if (isNotCalled(outcome)) return last ?? notTried(call.result(outcome, askedAt));
      last = { answer: resultOf(call.result(outcome, askedAt)), outcome: requestOutcome(outcome) };
      if (!isUnavailable(outcome) || tries >= call.triesMax) return last;
      await this.clock.sleep(this.settings.readRetryPauseMs, signal);
    }
  }

  /** At the head of the queue: time has passed since it was queued, so it looks again. */
  private async callOnce<O extends { readonly kind: string }>(
    orderId: string,
    call: Call<O>,
  ): Promise<{ outcome: O | Unavailable | Rejected | NotCalled; askedAt: number }> {
    const askedAt = this.clock.now();
    const reason = this.reasonNotToCall(orderId, call.notAfter);
    if (reason !== undefined) {
      this.gate.leave('not-called');
      return { outcome: reason, askedAt };
    }
    try {
      this.circuit = begun(this.circuit, orderId, askedAt, this.settings);
      const outcome = await call.make();
      this.note(orderId, outcome);
      return { outcome, askedAt };
    } finally {
      this.gate.leave('called');
    }
  }

  private reasonNotToCall(orderId: string, notAfter: number): NotCalled | undefined {
    const now = this.clock.now();
    if (now > notAfter) return { kind: 'stale' };
    const isRefused = refuses(this.circuit, orderId, now, this.settings);
    return isRefused ? { kind: 'circuit-open' } : undefined;
  }

  private note(orderId: string, outcome: { readonly kind: string }): void {
    const now = this.clock.now();
    // PayPay is well; it is we who ask too much.
    if (isRateLimited(outcome)) this.gate.pause();
    const heard = requestOutcome(outcome);
    this.circuit =
      heard === 'answered'
        ? answered(this.circuit, orderId, now, this.settings)
        : failed(this.circuit, orderId, heard, now, this.settings);
  }
}

/** What came of a request, and of its last call if there was one. */
interface Tried {
  readonly answer: Answer;
  readonly outcome?: RequestOutcome;
}

function notTried(result: GatewayResult): Tried {
  return { answer: resultOf(result) };
}

/** A refusal is an answer, and so is that we ask too much. */
function requestOutcome(outcome: { readonly kind: string }): RequestOutcome {
  if (!isUnavailable(outcome) || isRateLimited(outcome)) return 'answered';
  return outcome.reason === 'garbage' ? 'unreadable' : 'unavailable';
}

/** A write that PayPay may have taken is not repeated here: payments decides what to ask next. */
const WRITE = { notAfter: Infinity, triesMax: 1 } as const;

function isNotCalled(outcome: { readonly kind: string }): outcome is NotCalled {
  return ['stale', 'circuit-open', 'foreign-currency'].includes(outcome.kind);
}

function isRateLimited(outcome: { readonly kind: string }): boolean {
  return isUnavailable(outcome) && outcome.reason === 'rate-limited';
}

function isUnavailable(outcome: { readonly kind: string }): outcome is Unavailable {
  return outcome.kind === 'unavailable';
}

function resultOf(result: GatewayResult): Answer {
  return { kind: 'result', result };
}
