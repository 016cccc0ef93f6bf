/**
 * PayPay, on the payments' own state machine of the simulator: its ledger, its webhooks, and its
 * API as the gateway's port knows it. It tells times in whole seconds, and of codes and refunds it
 * sends nothing, as the real one does.
 *
 * What always holds: the ledger is the truth about money; an answer may be lost, what it was about
 * has happened all the same.
 */
import {
  movePayment,
  newPayment,
  refundableOf,
  refundStatus,
  wasCharged,
  type Move,
  type Refund,
} from '../../simulator/payment';
import { webhookBody, webhookStateOf, type WebhookBody } from '../../simulator/webhook-body';
import type {
  AuthorizationRevert,
  CodeCreation,
  CodeDeletion,
  CodeRequest,
  PayPayClient,
  PaymentDetails,
  RefundDetails,
  RefundOutcome,
  Rejected,
  RefundRequest,
  RevertRequest,
  Unavailable,
} from '../../streams/gateway/paypay/client';
import { NoAnswer } from '../../streams/runtime/memory/link';
import type { FaultPlan } from './fault-plan';
import type { Host } from './host';
import type { Random } from './random';
import type { Scheduler } from './scheduler';
import type { Trace } from './trace';

export type Payment = ReturnType<typeof newPayment>;

export interface PayPayOptions {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly faults: () => FaultPlan | undefined;
  readonly codeLifetimeMs: number;
  readonly trace: Trace;
  /** Where webhooks go. */
  readonly deliver: (body: WebhookBody) => void;
}

const MERCHANT = 'merchant';
const WEBHOOK_COPIES_MAX = 3;
/** Chance that a refund takes its time, and that such a one fails; and how long it takes. */
const PENDING_REFUND = 0.4;
const FAILED_REFUND = 0.2;
const REFUND_MS = [200, 4_000] as const;

type Failing = 'no' | 'unheard' | 'done-unanswered';

export class SimulatedPayPay {
  private readonly payments = new Map<string, Payment>();
  private outage: Failing = 'no';

  constructor(private readonly options: PayPayOptions) {}

  /** Everything that PayPay knows, by merchantPaymentId. */
  get ledger(): ReadonlyMap<string, Payment> {
    return this.payments;
  }

  /** Every call fails from now on, heard or not, until `recover`. */
  fail(failing: Exclude<Failing, 'no'>): void {
    this.options.trace('paypay', () => `outage: ${failing}`);
    this.outage = failing;
  }

  recover(): void {
    this.options.trace('paypay', () => 'answers again');
    this.outage = 'no';
  }

  /** Makes the first of the moves that is legal and tells of it; false when none is. */
  act(merchantPaymentId: string, ...moves: readonly Move[]): boolean {
    const payment = this.payments.get(merchantPaymentId);
    return payment !== undefined && moves.some((move) => this.move(payment, move));
  }

  /** PayPay books another amount than it was asked for. */
  miscount(merchantPaymentId: string, amount: number): void {
    const payment = this.payments.get(merchantPaymentId);
    if (payment !== undefined) this.payments.set(merchantPaymentId, { ...payment, amount });
  }

  /** The API as a gateway on `host` reaches it. */
  client(host: Host): PayPayClient {
    return {
      createCode: (request) => this.call(host, 'create-code', () => this.createCode(request)),
      deleteCode: (codeId) => this.call(host, 'delete-code', () => this.deleteCode(codeId)),
      paymentDetails: (id) => this.call(host, 'payment-details', () => this.details(id)),
      revertAuthorization: (request) =>
        this.call(host, 'revert-authorization', () => this.revert(request)),
      refund: (request) => this.call(host, 'refund', () => this.refund(request)),
      cancelPayment: () => notUsed('cancelPayment'),
      refundDetails: (id) => this.call(host, 'refund-details', () => this.refundDetails(id)),
      close: () => undefined,
    };
  }

  private async call<T>(host: Host, what: string, serve: () => T): Promise<T | Unavailable> {
    try {
      return await host.ask(`paypay ${what}`, () => {
        const failing = this.failing();
        if (failing === 'unheard') return UNAVAILABLE;
        const answer = serve();
        return failing === 'done-unanswered' ? UNAVAILABLE : answer;
      });
    } catch (error) {
      if (error instanceof NoAnswer) return { ...UNAVAILABLE, reason: 'timeout' };
      throw error;
    }
  }

  private failing(): Failing {
    const { faults, random } = this.options;
    if (this.outage !== 'no' || !random.chance(faults()?.callFailure ?? 0)) return this.outage;
    return random.pick(['unheard', 'done-unanswered']);
  }

  private createCode({ merchantPaymentId, amount, description }: CodeRequest): CodeCreation {
    if (this.payments.has(merchantPaymentId)) return { kind: 'duplicate' };
    const { scheduler, codeLifetimeMs, trace } = this.options;
    const number = this.payments.size + 1;
    const payment = newPayment({
      merchantPaymentId,
      paymentId: `paypay-${number}`,
      codeId: `code-${number}`,
      amount,
      description,
      isAuthorization: false,
      createdAt: scheduler.now,
      expiresAt: scheduler.now + codeLifetimeMs,
    });
    this.payments.set(merchantPaymentId, payment);
    trace('paypay', () => `code of ${merchantPaymentId}`);
    const { codeId, expiresAt } = payment;
    return { kind: 'created', codeId, url: `https://paypay/${codeId}`, deeplink: '', expiresAt };
  }

  private deleteCode(codeId: string): CodeDeletion {
    const payment = [...this.payments.values()].find((each) => each.codeId === codeId);
    if (payment === undefined || payment.code === 'deleted') return { kind: 'not-found' };
    if (wasCharged(payment)) return { kind: 'already-paid' };
    if (!this.move(payment, { kind: 'delete-code' })) throw new Error(`${codeId} stays`);
    return { kind: 'deleted' };
  }

  private details(merchantPaymentId: string): PaymentDetails {
    const payment = this.payments.get(merchantPaymentId);
    if (payment === undefined) return { kind: 'not-found' };
    const { status, charge, paymentId, amount } = payment;
    switch (status) {
      case 'CREATED':
        return { kind: 'observed', status };
      case 'FAILED':
      case 'EXPIRED':
      case 'CANCELED':
        return { kind: 'observed', status, paymentId };
      case 'AUTHORIZED':
      case 'COMPLETED':
      case 'REFUNDED': {
        if (charge.kind === 'none') throw new Error(`${merchantPaymentId} is ${status}, uncharged`);
        const paidAt = wholeSeconds(charge.kind === 'paid' ? charge.paidAt : charge.authorizedAt);
        const refunds = payment.refunds.map((refund) => ({
          merchantRefundId: refund.merchantRefundId,
          amount: refund.amount,
          currency: 'JPY',
          status: refundStatus(refund, this.options.scheduler.now),
        }));
        const money = { paymentId, amount, currency: 'JPY', paidAt, refunds };
        return { kind: 'observed', status, ...money };
      }
    }
  }

  private revert({ paymentId }: RevertRequest): AuthorizationRevert {
    const payment = [...this.payments.values()].find((each) => each.paymentId === paymentId);
    if (payment === undefined) return refused('RESOURCE_NOT_FOUND');
    const { status, charge } = payment;
    if (status === 'CANCELED' && charge.kind === 'authorized') return { kind: 'reverted' };
    const isReverted = status === 'AUTHORIZED' && this.move(payment, { kind: 'reverse' });
    return isReverted ? { kind: 'reverted' } : refused('ORDER_NOT_REVERSIBLE');
  }

  private refund({ merchantRefundId, paymentId, amount, reason }: RefundRequest): RefundOutcome {
    const payment = [...this.payments.values()].find((each) => each.paymentId === paymentId);
    if (payment === undefined) return refused('RESOURCE_NOT_FOUND');
    const known = payment.refunds.find((refund) => refund.merchantRefundId === merchantRefundId);
    if (known !== undefined) {
      return known.amount === amount ? this.outcomeOf(known) : refused('INVALID_REQUEST_PARAMS');
    }
    if (!this.giveBack(payment.merchantPaymentId, { merchantRefundId, amount, reason })) {
      return refused('ORDER_NOT_REFUNDABLE');
    }
    return this.refundDetails(merchantRefundId) as RefundOutcome;
  }

  /** At once, later, or not after all; false when it is not possible. */
  giveBack(
    merchantPaymentId: string,
    refund: Pick<Refund, 'merchantRefundId' | 'amount' | 'reason'>,
  ): boolean {
    const { random } = this.options;
    const payment = this.payments.get(merchantPaymentId);
    if (payment === undefined) return false;
    const takesTime = random.chance(PENDING_REFUND);
    const delayMs = takesTime ? random.between(...REFUND_MS) : 0;
    const fails = takesTime && random.chance(FAILED_REFUND);
    return this.move(payment, { kind: 'refund', ...refund, delayMs, fails });
  }

  /** What of a payment may still be asked for; whole yen. */
  refundable(merchantPaymentId: string): number {
    const payment = this.payments.get(merchantPaymentId);
    return payment === undefined ? 0 : refundableOf(payment, this.options.scheduler.now);
  }

  private refundDetails(merchantRefundId: string): RefundDetails {
    const refund = [...this.payments.values()]
      .flatMap(({ refunds }) => refunds)
      .find((each) => each.merchantRefundId === merchantRefundId);
    return refund === undefined ? { kind: 'not-found' } : this.outcomeOf(refund);
  }

  private outcomeOf(refund: Refund): RefundOutcome {
    switch (refundStatus(refund, this.options.scheduler.now)) {
      case 'CREATED':
        return { kind: 'accepted', status: 'CREATED' };
      case 'REFUNDED':
        return { kind: 'completed' };
      case 'FAILED':
        return { kind: 'failed' };
    }
  }

  private move(payment: Payment, move: Move): boolean {
    const { scheduler, trace } = this.options;
    const result = movePayment(payment, move, scheduler.now);
    if (result.kind === 'illegal') return false;
    const moved = result.payment;
    this.payments.set(moved.merchantPaymentId, moved);
    trace('paypay', () => `${moved.merchantPaymentId} ${move.kind}: ${moved.status}`);
    if (move.kind !== 'delete-code') this.tell(moved);
    return true;
  }

  private tell(payment: Payment): void {
    const { deliver, faults, random, scheduler } = this.options;
    const state = webhookStateOf(payment.status);
    const plan = faults();
    if (state === undefined || random.chance(plan?.webhookLoss ?? 0)) return;
    const body = webhookBody(payment, state, { merchantId: MERCHANT, at: scheduler.now });
    const isRepeated = random.chance(plan?.webhookRepeat ?? 0);
    const copies = isRepeated ? random.between(2, WEBHOOK_COPIES_MAX) : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      scheduler.after(random.between(0, plan?.webhookDelayMaxMs ?? 0), () => deliver(body));
    }
  }
}

const UNAVAILABLE: Unavailable = {
  kind: 'unavailable',
  reason: 'server-error',
  message: 'simulated outage',
};

function refused(code: string): Rejected {
  return { kind: 'rejected', code, message: 'refused' };
}

function notUsed(operation: string): never {
  throw new Error(`the gateway does not call ${operation}`);
}

function wholeSeconds(at: number): number {
  return Math.floor(at / 1_000) * 1_000;
}
