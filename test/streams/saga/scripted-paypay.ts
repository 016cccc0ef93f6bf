/**
 * PayPay and the gateway in one, for sagas on the test driver: a ledger of payments that answers
 * the requests of payments. What goes wrong is said before it happens.
 */
import type { EventOf } from '../../../schemas/event';
import { orderHeader } from '../../../schemas/header';
import type { paymentsGatewayRequests, paymentsGatewayResults } from '../../../topics/payments';
import type { EventOn } from '../../../topics/topic';

type Request = EventOn<typeof paymentsGatewayRequests>;
type Result = EventOn<typeof paymentsGatewayResults>;
type Status = EventOf<'PaymentStatusObserved'>['status'];

interface Charge {
  readonly status: Status;
  readonly paymentId: string;
  readonly amount: number;
  readonly paidAt: number;
  readonly refundedAmount: number;
}

export class ScriptedPayPay {
  /** The outcome of the next code creation is lost, though the code exists. */
  losesNextCode = false;
  isDown = false;
  refunds: 'completed' | 'refused' | 'refused-later' | 'unknown' | 'accepted' = 'completed';
  /** Every refund id that was ever carried out. */
  readonly refunded: string[] = [];

  private readonly charges = new Map<string, Charge>();

  /** The shopper pays; `at` is PayPay's clock. */
  pay(merchantPaymentId: string, amount: number, at: number): void {
    const paymentId = `paypay-of-${merchantPaymentId}`;
    const charge = { paymentId, amount, paidAt: at, refundedAmount: 0 };
    this.charges.set(merchantPaymentId, { ...charge, status: 'COMPLETED' });
  }

  /** PayPay changes its mind about a payment. */
  say(merchantPaymentId: string, status: Status): void {
    this.charges.set(merchantPaymentId, { ...this.charge(merchantPaymentId), status });
  }

  answer(request: Request, now: number): Result {
    const header = orderHeader({ id: request.eventId, at: now }, 'result', request.orderId);
    switch (request.type) {
      case 'CodeCreationRequested':
        return this.createCode(request, header, now);
      case 'PaymentStatusRequested':
        return this.read(request, header, now);
      case 'CodeDeletionRequested': {
        const { attempt, merchantPaymentId, codeId } = request;
        const fields = { ...header, attempt, merchantPaymentId, codeId };
        if (!this.charges.has(merchantPaymentId)) return { type: 'CodeDeleted', ...fields };
        const words = { outcome: 'ALREADY_PAID', errorCode: null, detail: 'paid' } as const;
        return { type: 'CodeDeletionFailed', ...fields, ...words };
      }
      case 'AuthorizationRevertRequested': {
        const { attempt, merchantPaymentId, paymentId, merchantRevertId } = request;
        this.say(merchantPaymentId, 'CANCELED');
        const fields = { attempt, merchantPaymentId, paymentId, merchantRevertId };
        return { type: 'AuthorizationReverted', ...header, ...fields };
      }
      case 'RefundRequested':
      case 'RefundStatusRequested':
        return this.refund(request, header);
    }
  }

  private createCode(
    { attempt, merchantPaymentId }: EventOf<'CodeCreationRequested'>,
    header: ReturnType<typeof orderHeader>,
    now: number,
  ): Result {
    const fields = { ...header, attempt, merchantPaymentId };
    if (this.losesNextCode) {
      this.losesNextCode = false;
      const words = { outcome: 'UNKNOWN', errorCode: null, detail: 'TIMEOUT' } as const;
      return { type: 'CodeCreationFailed', ...fields, ...words };
    }
    const code = { codeId: `code-${attempt}`, url: 'https://qr.example/1', deeplink: 'paypay://1' };
    return { type: 'CodeCreated', ...fields, ...code, expiresAt: now + 300_000 };
  }

  private read(
    { attempt, merchantPaymentId, purpose }: EventOf<'PaymentStatusRequested'>,
    header: ReturnType<typeof orderHeader>,
    now: number,
  ): Result {
    const fields = { ...header, attempt, merchantPaymentId, purpose };
    if (this.isDown) {
      const words = { reason: 'TIMEOUT', errorCode: null, detail: 'TIMEOUT: no answer' } as const;
      return { type: 'PaymentStatusUnavailable', ...fields, ...words };
    }
    const charge = this.charges.get(merchantPaymentId);
    const isCharged = charge?.status === 'COMPLETED' || charge?.status === 'REFUNDED';
    const seen = { type: 'PaymentStatusObserved', ...fields, observedAt: now } as const;
    if (charge !== undefined && isCharged)
      return { ...seen, ...charge, currency: 'JPY', refunds: [] };
    return {
      ...seen,
      status: charge?.status ?? 'CREATED',
      paymentId: charge?.paymentId ?? null,
      amount: null,
      currency: null,
      paidAt: null,
      refundedAmount: 0,
      refunds: [],
    };
  }

  private refund(
    request: EventOf<'RefundRequested' | 'RefundStatusRequested'>,
    header: ReturnType<typeof orderHeader>,
  ): Result {
    const { merchantPaymentId, paymentId, merchantRefundId, amount, currency } = request;
    const fields = { ...header, merchantPaymentId, paymentId, merchantRefundId, amount, currency };
    const words = { errorCode: null, detail: this.refunds };
    switch (this.refunds) {
      case 'refused':
      case 'refused-later':
        return { type: 'RefundFailed', ...fields, outcome: 'REJECTED', ...words };
      case 'unknown':
        return { type: 'RefundFailed', ...fields, outcome: 'UNKNOWN', ...words };
      case 'accepted':
        return { type: 'RefundAccepted', ...fields, reportedStatus: 'CREATED' };
      case 'completed':
        this.complete(merchantPaymentId, merchantRefundId, amount);
        return { type: 'RefundCompleted', ...fields };
    }
  }

  /** A repeated id is the same refund. */
  private complete(merchantPaymentId: string, merchantRefundId: string, amount: number): void {
    if (this.refunded.includes(merchantRefundId)) return;
    this.refunded.push(merchantRefundId);
    const charge = this.charge(merchantPaymentId);
    const refundedAmount = charge.refundedAmount + amount;
    if (refundedAmount > charge.amount) throw new Error(`${merchantPaymentId} gave back too much`);
    this.charges.set(merchantPaymentId, { ...charge, status: 'REFUNDED', refundedAmount });
  }

  private charge(merchantPaymentId: string): Charge {
    const charge = this.charges.get(merchantPaymentId);
    if (charge === undefined) throw new Error(`nobody paid ${merchantPaymentId}`);
    return charge;
  }
}
