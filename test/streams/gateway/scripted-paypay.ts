/**
 * PayPay's port with a test behind it: every call waits until the test answers it, so that a test
 * decides what is under way when.
 */
import type {
  AuthorizationRevert,
  CodeCreation,
  CodeDeletion,
  PaymentDetails,
  PayPayClient,
  RefundOutcome,
} from '../../../streams/gateway/paypay/client';

type Operation = 'createCode' | 'deleteCode' | 'paymentDetails' | 'refund' | 'revertAuthorization';
type Outcome = CodeCreation | CodeDeletion | PaymentDetails | RefundOutcome | AuthorizationRevert;

export interface ScriptedCall {
  readonly operation: Operation;
  readonly id: string;
  answer(outcome: Outcome): Promise<void>;
}

export class ScriptedPayPay implements PayPayClient {
  /** Every call so far, answered or not. */
  readonly calls: ScriptedCall[] = [];

  createCode: PayPayClient['createCode'] = ({ merchantPaymentId }) =>
    this.call('createCode', merchantPaymentId);
  deleteCode: PayPayClient['deleteCode'] = (codeId) => this.call('deleteCode', codeId);
  paymentDetails: PayPayClient['paymentDetails'] = (id) => this.call('paymentDetails', id);
  refund: PayPayClient['refund'] = ({ merchantRefundId }) => this.call('refund', merchantRefundId);

  revertAuthorization: PayPayClient['revertAuthorization'] = ({ merchantRevertId }) =>
    this.call('revertAuthorization', merchantRevertId);

  cancelPayment(): never {
    throw new Error('the gateway cancels nothing');
  }

  refundDetails(): never {
    throw new Error('the gateway reads no refunds');
  }

  close(): void {
    this.calls.length = 0;
  }

  /** `operation id` of every call so far. */
  get asked(): readonly string[] {
    return this.calls.map(({ operation, id }) => `${operation} ${id}`);
  }

  /** Answers the latest call. */
  async answer(outcome: Outcome): Promise<void> {
    const call = this.calls.at(-1);
    if (call === undefined) throw new Error('PayPay was not called');
    await call.answer(outcome);
  }

  private call<O>(operation: Operation, id: string): Promise<O> {
    return new Promise((resolve) => {
      this.calls.push({
        operation,
        id,
        answer: async (outcome) => {
          resolve(outcome as O);
          await idle();
        },
      });
    });
  }
}

/** Once every promise that can go on has gone on. */
export function idle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
