import type { FaultMix } from './fault-mix';
import type { WebhookPlan } from './fault-plan';
import type { HandControl } from './hand-control';
import { drawPaymentId, drawUnknownOrderId } from './identifier';
import { hasLapsed, type Payment, type PaymentStatus } from './payment';
import { webhookBody, type WebhookState } from './webhook-body';

/**
 * Plays the shopper and the misfortunes of one order. Every step waits for what must have happened
 * before it (the code was made, the shop has read the success), never for a time to pass: the mix,
 * not the machine's speed, decides what comes of the order.
 */
export interface OrderInPlay {
  readonly orderId: string;
  readonly faults: FaultMix;
  /** Rejects when the simulator stops. */
  until(condition: () => boolean): Promise<void>;
  /** What the shop was told at its latest read of the attempt; undefined before the first. */
  lastRead(attempt: number): PaymentStatus | undefined;
  /** Counts the reads of an attempt. */
  reads(attempt: number): number;
}

/** Between the code's end and the webhook: the shop has long looked at its own clock by then. */
const PAST_EXPIRY_MS = 3_000;
/** What a wrong amount is over by; any other number would do. */
const EXCESS_YEN = 100;
/** What goes back first of a refund in two parts. */
const PART_YEN = 100;
/** Beyond the first check after a success in every proof, which then finds it under way. */
const REFUND_UNDER_WAY_MS = 40_000;
const WRONG_CURRENCY = 'USD';
const COPIES = 10;

export async function playOrder(paypay: HandControl, order: OrderInPlay): Promise<void> {
  const has = (fault: FaultMix[number]) => order.faults.includes(fault);
  const shown = has('code-outcome-lost') ? 2 : 1;
  const id = attemptId(order, shown);
  await order.until(() => paypay.ledger.find(id) !== undefined);
  const payment = paypay.payment(id);
  const plan = webhookPlan(order, payment, paypay.now);
  if (has('delayed-past-expiry')) hideUntilExpiry(paypay, order, payment);
  if (has('malformed')) paypay.forgeText(id, '{"notification_type": "Transaction", "state": ', {});
  if (has('unknown-order')) forgeUnknown(paypay, payment);
  if (has('foreign')) sendForeign(paypay, payment);
  if (has('forged')) forge(paypay, payment, 'COMPLETED');
  await playMoney(paypay, order, payment, shown, plan);
  if (has('forged')) {
    for (const state of ['FAILED', 'CANCELED', 'EXPIRED'] as const) forge(paypay, payment, state);
  }
}

async function playMoney(
  paypay: HandControl,
  order: OrderInPlay,
  payment: Payment,
  shown: number,
  plan: WebhookPlan,
): Promise<void> {
  const { merchantPaymentId: id, amount } = payment;
  const successRead = () => order.until(() => order.lastRead(shown) === 'COMPLETED');
  const [fault] = order.faults.filter((each) => each in MONEY_FAULTS) as MoneyFault[];
  if (fault === 'never-paid') return;
  const isAuthorized = authorizeFirst(paypay, order, id);
  const first = isAuthorized ? {} : plan;
  switch (fault) {
    case 'authorized-only':
    case 'authorized-cancelled':
      if (!isAuthorized) paypay.act(id, { kind: 'authorize' }, first);
      return;
    case 'payment-failed':
      paypay.act(id, { kind: 'fail' }, first);
      return;
    case 'late-success':
      paypay.act(id, { kind: 'expire' }, first);
      await givenUp(order, shown);
      paypay.act(id, { kind: 'pay-late' }, plan);
      return;
    case 'wrong-amount':
      paypay.act(id, { kind: 'pay', money: { amount: amount + EXCESS_YEN } }, first);
      return;
    case 'wrong-currency':
      paypay.act(id, { kind: 'pay', money: { currency: WRONG_CURRENCY } }, first);
      return;
    case 'second-payment':
      paypay.act(id, { kind: 'pay' }, first);
      await successRead();
      payAnyway(paypay, attemptId(order, 1), plan);
      return;
    case 'failure-after-success':
      paypay.act(id, { kind: 'pay' }, first);
      await successRead();
      paypay.act(id, { kind: 'revert', to: 'FAILED' }, plan);
      return;
    case 'refund-outside':
      paypay.act(id, { kind: 'pay' }, first);
      await successRead();
      paypay.act(id, { kind: 'refund' }, {});
      return;
    case 'refund-outside-in-parts':
      paypay.act(id, { kind: 'pay' }, first);
      await successRead();
      paypay.act(id, { kind: 'refund', amount: PART_YEN }, {});
      await order.until(() => order.lastRead(shown) === 'REFUNDED');
      paypay.act(id, { kind: 'refund' }, {});
      return;
    case 'refund-outside-pending':
    case 'refund-outside-failed':
      paypay.act(id, { kind: 'pay' }, first);
      await successRead();
      await refundSlowly(paypay, order, shown, fault === 'refund-outside-failed');
      return;
    case undefined:
      paypay.act(id, { kind: 'pay' }, first);
  }
}

const MONEY_FAULTS = {
  'wrong-amount': true,
  'wrong-currency': true,
  'second-payment': true,
  'failure-after-success': true,
  'refund-outside': true,
  'refund-outside-in-parts': true,
  'refund-outside-pending': true,
  'refund-outside-failed': true,
  'late-success': true,
  'payment-failed': true,
  'never-paid': true,
  'authorized-only': true,
  'authorized-cancelled': true,
} as const;
type MoneyFault = keyof typeof MONEY_FAULTS;

/** Over once the shop has read the payment while the refund was under way, and again at its end. */
async function refundSlowly(
  paypay: HandControl,
  order: OrderInPlay,
  shown: number,
  fails: boolean,
): Promise<void> {
  const endsAt = paypay.now + REFUND_UNDER_WAY_MS;
  const id = attemptId(order, shown);
  paypay.act(id, { kind: 'refund', delayMs: REFUND_UNDER_WAY_MS, fails }, {});
  await order.until(() => order.lastRead(shown) === 'REFUNDED');
  const seen = order.reads(shown);
  await order.until(() => paypay.now >= endsAt && order.reads(shown) > seen);
}

/** The webhook that is overtaken: the shopper authorizes before the payment comes to its end. */
function authorizeFirst(paypay: HandControl, { faults }: OrderInPlay, id: string): boolean {
  if (!faults.includes('reordered')) return false;
  paypay.act(id, { kind: 'authorize' }, { hold: true });
  return true;
}

function webhookPlan({ faults }: OrderInPlay, { expiresAt }: Payment, now: number): WebhookPlan {
  if (faults.includes('lost')) return { lose: true };
  if (faults.includes('doubled')) return { copies: COPIES };
  if (faults.includes('delayed-past-expiry')) {
    return { delayMs: Math.max(0, expiresAt - now) + PAST_EXPIRY_MS };
  }
  return {};
}

/** The shop's clock ends the code a little later than ours; a poll in between would tell. */
const HIDDEN_AFTER_EXPIRY_MS = 1_000;

/** Else a poll would tell long before. */
function hideUntilExpiry(paypay: HandControl, order: OrderInPlay, { expiresAt }: Payment): void {
  for (const attempt of [1, 2]) {
    paypay.controls.breakApiOf(attemptId(order, attempt), {
      mode: 'maintenance',
      effect: 'none',
      delayMs: 0,
      operations: ['payment-details'],
      until: expiresAt + HIDDEN_AFTER_EXPIRY_MS,
    });
  }
}

/**
 * The shop has seen the end of the code that was shown, and after it that nothing came of the one
 * before, which is the last that it looks at before it gives the order up.
 */
async function givenUp(order: OrderInPlay, shown: number): Promise<void> {
  await order.until(() => order.lastRead(shown) === 'EXPIRED');
  if (shown === 1) return;
  const seen = order.reads(1);
  await order.until(() => order.reads(1) > seen);
}

/** PayPay takes money for a code that has expired meanwhile, too, where that is what is to be seen. */
function payAnyway(paypay: HandControl, id: string, plan: WebhookPlan): void {
  const isLate = hasLapsed(paypay.payment(id), paypay.now);
  paypay.act(id, { kind: isLate ? 'pay-late' : 'pay' }, plan);
}

/** By one who knows the order's id and nothing of PayPay's. */
function forge(paypay: HandControl, payment: Payment, state: WebhookState): void {
  const { merchantId, now: at } = paypay;
  const body = { ...webhookBody(payment, state, { merchantId, at }), order_id: drawPaymentId() };
  paypay.forgeBody(payment.merchantPaymentId, body, {});
}

function forgeUnknown(paypay: HandControl, payment: Payment): void {
  const { merchantId, now: at } = paypay;
  const merchantPaymentId = `${drawUnknownOrderId()}-1`;
  const body = webhookBody({ ...payment, merchantPaymentId }, 'COMPLETED', { merchantId, at });
  paypay.forgeBody(merchantPaymentId, body, {});
}

/**
 * What PayPay sends to every webhook address of a merchant: of another kind, about what was paid at
 * a till, and in words and types that the shop does not know.
 */
function sendForeign(paypay: HandControl, payment: Payment): void {
  const { merchantId, now: at } = paypay;
  const { merchantPaymentId: id } = payment;
  const body = webhookBody(payment, 'AUTHORIZED', { merchantId, at });
  const odd = { merchant_id: 42, order_amount: String(body.order_amount), paid_at: '' };
  paypay.forgeBody(id, { notification_type: 'file.created', file_type: 'transaction' }, {});
  paypay.forgeBody(id, { ...body, merchant_order_id: 'POS-0042', state: 'COMPLETED' }, {});
  paypay.forgeBody(id, { ...body, ...odd, state: 'REFUNDED' }, {});
}

function attemptId({ orderId }: OrderInPlay, attempt: number): string {
  return `${orderId}-${attempt}`;
}
