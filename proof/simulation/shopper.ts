/**
 * Shoppers, and what PayPay does to them: who pays the code that was shown, when, and what becomes
 * of the money. A shopper sees what stands in the log and nothing else.
 */
import type { Codec } from '../../platform/avro/codec';
import type { EventOf } from '../../schemas/event';
import { paymentsEvents } from '../../topics/payments';
import type { MemoryCluster } from '../../streams/runtime/memory/memory-cluster';
import { followLog } from './follow-log';
import type { SimulatedPayPay } from './paypay';
import type { Random } from './random';
import type { Scheduler } from './scheduler';

export interface ShopperOptions {
  readonly cluster: MemoryCluster;
  readonly codec: Codec;
  readonly partitions: number;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly paypay: SimulatedPayPay;
}

type CodeIssued = EventOf<'PaymentCodeIssued'>;

/** How often each story is told. */
const STORIES = {
  'pays at once': 36,
  'pays late': 14,
  'is refused': 8,
  'is refused, then pays': 6,
  'never pays': 10,
  'gives up at PayPay': 4,
  'authorizes, then pays': 5,
  'authorizes, and no more': 5,
  'authorizes late, and no more': 3,
  'pays, and PayPay takes it back': 7,
  'pays, and PayPay refunds it': 5,
  'pays, and PayPay refunds it in parts': 5,
  'pays another amount': 3,
  'pays two codes': 5,
} as const;

const PROMPTLY_MS = [50, 3_000] as const;
const LATE_MS = [4_000, 13_000] as const;
const AFTERWARDS_MS = [300, 5_000] as const;

export class Shoppers {
  private refunds = 0;

  constructor(private readonly options: ShopperOptions) {
    followLog(options, paymentsEvents.name, ({ value }) => {
      const decoded = options.codec.decode(value);
      if (decoded.kind === 'event' && decoded.event.type === 'PaymentCodeIssued') {
        this.see(decoded.event);
      }
    });
  }

  private see(issued: CodeIssued): void {
    const random = this.options.random.fork(issued.merchantPaymentId);
    this.play(random.weighted(STORIES), issued, random);
  }

  private play(
    story: keyof typeof STORIES,
    { merchantPaymentId: id, orderId, amount }: CodeIssued,
    random: Random,
  ): void {
    const { paypay } = this.options;
    const soon = random.between(...PROMPTLY_MS);
    const later = soon + random.between(...AFTERWARDS_MS);
    const pay = () => paypay.act(id, { kind: 'pay' }, { kind: 'pay-late' });
    switch (story) {
      case 'pays at once':
        this.at(soon, pay);
        break;
      case 'pays late':
        this.at(random.between(...LATE_MS), pay);
        break;
      case 'is refused':
        this.at(soon, () => paypay.act(id, { kind: 'fail' }));
        break;
      case 'is refused, then pays':
        this.at(soon, () => paypay.act(id, { kind: 'fail' }));
        this.at(later, () => paypay.act(id, { kind: 'pay-late' }));
        break;
      case 'never pays':
        break;
      case 'gives up at PayPay':
        this.at(soon, () => paypay.act(id, { kind: 'cancel' }));
        break;
      case 'authorizes, then pays':
        this.at(soon, () => paypay.act(id, { kind: 'authorize' }));
        this.at(later, pay);
        break;
      case 'authorizes, and no more':
        this.at(soon, () => paypay.act(id, { kind: 'authorize' }));
        break;
      case 'authorizes late, and no more':
        this.at(random.between(...LATE_MS), () => paypay.act(id, { kind: 'authorize' }));
        break;
      case 'pays, and PayPay takes it back': {
        const to = random.pick(['FAILED', 'CANCELED'] as const);
        this.at(soon, pay);
        this.at(later, () => paypay.act(id, { kind: 'revert', to }));
        break;
      }
      case 'pays, and PayPay refunds it':
        this.at(soon, pay);
        this.at(later, () => this.refund(id, 1));
        break;
      case 'pays, and PayPay refunds it in parts':
        this.at(soon, pay);
        this.at(soon + random.between(...AFTERWARDS_MS), () => this.refund(id, 0.3));
        this.at(later, () => this.refund(id, random.pick([0.5, 1])));
        break;
      case 'pays another amount':
        this.at(soon, () => {
          paypay.miscount(id, amount - 1);
          pay();
        });
        break;
      case 'pays two codes':
        this.at(soon, pay);
        this.at(later, () => this.payOthers(orderId));
    }
  }

  /** At PayPay's own console; `share` of what is left. */
  private refund(merchantPaymentId: string, share: number): boolean {
    const { paypay } = this.options;
    this.refunds += 1;
    const merchantRefundId = `elsewhere-${merchantPaymentId}-${this.refunds}`;
    const amount = Math.ceil(paypay.refundable(merchantPaymentId) * share);
    if (amount === 0) return false;
    return paypay.giveBack(merchantPaymentId, {
      merchantRefundId,
      amount,
      reason: 'refunded at PayPay',
    });
  }

  /** A code whose answer was lost exists at PayPay, and somebody may have seen it after all. */
  private payOthers(orderId: string): void {
    const { paypay } = this.options;
    for (const { merchantPaymentId, status } of paypay.ledger.values()) {
      if (!merchantPaymentId.startsWith(orderId) || status === 'COMPLETED') continue;
      paypay.act(merchantPaymentId, { kind: 'pay' }, { kind: 'pay-late' });
    }
  }

  private at(delayMs: number, act: () => unknown): void {
    this.options.scheduler.after(delayMs, () => void act());
  }
}
