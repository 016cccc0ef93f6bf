import type { Journal } from './journal';
import type { Payment } from './payment';

/** About 100 MB of memory; more orders than any benchmark or week of development makes. */
const PAYMENTS_MAX = 100_000;

/**
 * All payments of the simulated PayPay, found by each of their ids; owns the journal. What is
 * recorded here is on disk before the call returns.
 */
export class Ledger {
  private readonly payments = new Map<string, Payment>();
  private readonly byCode = new Map<string, string>();
  private readonly byPaymentId = new Map<string, string>();
  private readonly byRefund = new Map<string, string>();

  constructor(private readonly journal: Journal) {
    for (const payment of journal.restored.slice(-PAYMENTS_MAX)) this.index(payment);
  }

  get size(): number {
    return this.payments.size;
  }

  record(payment: Payment): void {
    this.journal.append(payment);
    this.index(payment);
    if (this.payments.size > PAYMENTS_MAX) this.forgetOldest();
  }

  find(merchantPaymentId: string): Payment | undefined {
    return this.payments.get(merchantPaymentId);
  }

  findByCode(codeId: string): Payment | undefined {
    return this.findBy(this.byCode, codeId);
  }

  findByPaymentId(paymentId: string): Payment | undefined {
    return this.findBy(this.byPaymentId, paymentId);
  }

  findByRefund(merchantRefundId: string): Payment | undefined {
    return this.findBy(this.byRefund, merchantRefundId);
  }

  /** Newest first, by the time the code was made. */
  newest(limit: number, matches: (payment: Payment) => boolean = () => true): readonly Payment[] {
    const found: Payment[] = [];
    for (const payment of [...this.payments.values()].reverse()) {
      if (found.length === limit) break;
      if (matches(payment)) found.push(payment);
    }
    return found;
  }

  close(): void {
    this.journal.close();
  }

  private findBy(index: ReadonlyMap<string, string>, id: string): Payment | undefined {
    const merchantPaymentId = index.get(id);
    return merchantPaymentId === undefined ? undefined : this.payments.get(merchantPaymentId);
  }

  private index(payment: Payment): void {
    const { merchantPaymentId, codeId, paymentId, refunds } = payment;
    this.payments.set(merchantPaymentId, payment);
    this.byCode.set(codeId, merchantPaymentId);
    this.byPaymentId.set(paymentId, merchantPaymentId);
    for (const refund of refunds) this.byRefund.set(refund.merchantRefundId, merchantPaymentId);
  }

  private forgetOldest(): void {
    const [oldest] = this.payments.values();
    if (oldest === undefined) return;
    this.payments.delete(oldest.merchantPaymentId);
    this.byCode.delete(oldest.codeId);
    this.byPaymentId.delete(oldest.paymentId);
    for (const refund of oldest.refunds) this.byRefund.delete(refund.merchantRefundId);
  }
}
