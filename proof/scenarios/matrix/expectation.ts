/**
 * What must become of an order, told from its faults alone: written from the product's promises,
 * without a look at its code, so that the two can disagree.
 */
import type { Fault, FaultMix } from '../../../simulator/fault-mix';

export interface EndState {
  readonly order: 'PAID' | 'FAILED' | 'WAITING_PAYMENT';
  /** Rules that were raised, in order; each once. */
  readonly alerts: string;
  /** What became of the money that was held against the shopper's limit. */
  readonly funds: 'used' | 'held' | 'released';
}

/** A fault of a webhook, of a code, or by a forger changes nothing: only money does. */
export function expectedEnd(faults: FaultMix): EndState {
  const [decisive] = faults.filter((fault) => fault in BY_MONEY);
  return (decisive === undefined ? undefined : BY_MONEY[decisive]) ?? PAID;
}

const PAID: EndState = { order: 'PAID', alerts: '', funds: 'used' };
const FAILED: EndState = { order: 'FAILED', alerts: '', funds: 'released' };
/** Neither paid nor failed until somebody accepts the money or refunds it. */
const MISMATCHED: EndState = { order: 'WAITING_PAYMENT', alerts: 'RULE_E', funds: 'held' };

const BY_MONEY: Readonly<Partial<Record<Fault, EndState>>> = {
  'wrong-amount': MISMATCHED,
  'wrong-currency': MISMATCHED,
  'second-payment': { ...PAID, alerts: 'RULE_D' },
  'failure-after-success': { ...PAID, alerts: 'RULE_B' },
  'refund-outside': { ...PAID, alerts: 'RULE_B' },
  'refund-outside-in-parts': { ...PAID, alerts: 'RULE_B' },
  'refund-outside-pending': { ...PAID, alerts: 'RULE_B' },
  // The money stayed: nothing contradicts the order.
  'refund-outside-failed': PAID,
  'late-success': { ...FAILED, alerts: 'RULE_C' },
  'payment-failed': FAILED,
  'never-paid': FAILED,
  'authorized-only': FAILED,
  'authorized-cancelled': FAILED,
};

export function inWords({ order, alerts, funds }: EndState): string {
  return [order, `funds ${funds}`, alerts === '' ? 'no alert' : alerts].join(', ');
}

export function isSame(a: EndState, b: EndState): boolean {
  return inWords(a) === inWords(b);
}
