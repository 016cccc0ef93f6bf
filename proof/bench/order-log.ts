/**
 * The log that every side of a benchmark reads: orders and their payments as a shop writes them,
 * many at once and each in its own order. What always holds: the same seed and count make the same
 * events, and what rules C, D and E must say of them is known beforehand; A and B as far as the
 * pauses between the waves outlast their grace and the waves themselves do not.
 */
import type { EventOf } from '../../schemas/event';
import { ordersEvents } from '../../topics/orders';
import { paymentsEvents } from '../../topics/payments';
import type { EventOn, Topic } from '../../topics/topic';
import { partitionFor } from '../../streams/runtime/kafka/partitioner';
import { Random } from '../simulation/random';

export type LoggedEvent =
  | { readonly topic: typeof ordersEvents; readonly event: EventOn<typeof ordersEvents> }
  | { readonly topic: typeof paymentsEvents; readonly event: EventOn<typeof paymentsEvents> };

export type JoinRule = 'RULE_A' | 'RULE_B' | 'RULE_C' | 'RULE_D' | 'RULE_E';

export interface OrderLogOptions {
  readonly seed: number;
  /** About how many events; a few orders more are finished. */
  readonly events: number;
  /** Late answers stand in the wave behind; at least 1. */
  readonly waves: number;
  /** Of all orders, those for each rule; the rest are as below. */
  readonly shareOfEachRule: number;
}

/** Orders that are under way at once: a second's worth of a busy shop. */
const UNDER_WAY = 2_000;
/** Numbers above those of any log. */
const CLOSING_ORDERS = 2 ** 40;
const STARTED_AT = Date.UTC(2026, 0, 1);
const FAILED_SHARE = 0.03;
const EXPIRED_SHARE = 0.03;
/** A success that payments says twice, with the same id. */
const REDELIVERED_SHARE = 0.01;

/** What an order goes through, a step an event; `null`: the rest comes in the next wave. */
type Script = readonly (LoggedEvent | null)[];

/** What becomes of an order. */
type Story = JoinRule | 'paid' | 'redelivered' | 'failed' | 'expired';

export class OrderLog {
  /** Orders for which a rule must fire, as far as the waves were drawn. */
  readonly expected: Readonly<Record<JoinRule, Set<string>>> = {
    RULE_A: new Set(),
    RULE_B: new Set(),
    RULE_C: new Set(),
    RULE_D: new Set(),
    RULE_E: new Set(),
  };
  private readonly random: Random;
  private orders = 0;
  private written = 0;

  constructor(private readonly options: OrderLogOptions) {
    this.random = new Random(options.seed, 'order-log');
  }

  get events(): number {
    return this.written;
  }

  /** Each wave to its end before the next one. */
  *waves(): Generator<Generator<LoggedEvent>> {
    const { waves, events } = this.options;
    let held: Script[] = [];
    for (let wave = 1; wave <= waves; wave += 1) {
      const waiting: Script[] = [];
      yield this.wave(held, Math.round((events * wave) / waves), waiting);
      held = waiting;
    }
    // What the last wave has held back is never written: those orders stay without an answer.
  }

  private *wave(begun: Script[], until: number, held: Script[]): Generator<LoggedEvent> {
    const underWay = begun.map((steps) => ({ steps, at: 0 }));
    for (;;) {
      while (underWay.length < UNDER_WAY && this.written < until) {
        underWay.push({ steps: this.nextOrder(), at: 0 });
      }
      if (underWay.length === 0) return;
      const place = this.random.between(0, underWay.length - 1);
      const order = underWay[place];
      if (order === undefined) return;
      const step = order.steps[order.at];
      order.at += 1;
      if (step === null) held.push(order.steps.slice(order.at));
      if (step === null || order.at >= order.steps.length) {
        const last = underWay.pop();
        if (last !== undefined && last !== order) underWay[place] = last;
      }
      if (step === null || step === undefined) continue;
      this.written += 1;
      yield step;
    }
  }

  private nextOrder(): Script {
    this.orders += 1;
    const order = new OrderEvents(this.orders, this.random);
    const story = this.random.weighted(this.shares());
    const isSecondKind = this.random.chance(0.5);
    if (isRule(story)) this.expected[story].add(order.orderId);
    return [...order.begun(), ...restOf(story, order, isSecondKind)];
  }

  private shares(): Readonly<Record<Story, number>> {
    const { shareOfEachRule: each } = this.options;
    const odd = 5 * each + FAILED_SHARE + EXPIRED_SHARE + REDELIVERED_SHARE;
    return {
      RULE_A: each,
      RULE_B: each,
      RULE_C: each,
      RULE_D: each,
      RULE_E: each,
      failed: FAILED_SHARE,
      expired: EXPIRED_SHARE,
      redelivered: REDELIVERED_SHARE,
      paid: 1 - odd,
    };
  }
}

function isRule(story: Story): story is JoinRule {
  return story.startsWith('RULE_');
}

/** Behind the beginning, which all have. A rule's two kinds: it stays open, or is resolved (B: by whom). */
function restOf(story: Story, order: OrderEvents, isSecondKind: boolean): Script {
  switch (story) {
    case 'paid':
      return [order.succeeded(), order.paid()];
    case 'redelivered': {
      const success = order.succeeded();
      return [success, success, order.paid()];
    }
    case 'failed':
      return [order.refused(), order.failed('PAYMENT_FAILED')];
    case 'expired':
      return [order.expired(), order.failed('PAYMENT_EXPIRED')];
    case 'RULE_A': {
      const unanswered = order.succeeded();
      return [unanswered, null, ...(isSecondKind ? [order.paid()] : [])];
    }
    case 'RULE_B':
      return isSecondKind
        ? [order.succeeded(), order.paid(), order.takenBack()]
        : [order.paid(), null, order.succeeded()];
    case 'RULE_C': {
      const ended = [order.expired(), order.failed('PAYMENT_EXPIRED'), order.succeeded()];
      return [...ended, ...(isSecondKind ? order.refundedInParts() : [])];
    }
    case 'RULE_D': {
      const twice = [order.succeeded(), order.paid(), order.succeeded(2)];
      return [...twice, ...(isSecondKind ? [order.refunded(2)] : [])];
    }
    case 'RULE_E': {
      const wrong = order.succeeded(1, 100);
      return [wrong, ...(isSecondKind ? [order.refunded(1, 100)] : [])];
    }
  }
}

/** An order that has just begun, and its code, in every partition of both topics: the log goes on. */
export function closingEvents(partitions: number): readonly LoggedEvent[] {
  const random = new Random(0, 'closing');
  const orders = new Map<number, OrderEvents>();
  for (let number = 0; orders.size < partitions; number += 1) {
    const order = new OrderEvents(CLOSING_ORDERS + number, random);
    const partition = partitionFor(order.orderId, partitions);
    if (!orders.has(partition)) orders.set(partition, order);
  }
  return [...orders.values()].flatMap((order) => {
    const [created, , code] = order.begun();
    return [created, code].filter((event) => event !== undefined);
  });
}

/** The events that one order may have, whichever of them come. */
class OrderEvents {
  readonly orderId: string;
  private readonly number: string;
  private readonly amount: number;
  private readonly quantity: number;
  private at: number;
  private drawn = 0;

  constructor(order: number, random: Random) {
    this.number = order.toString(16).padStart(12, '0');
    // As a version 5 UUID; which one does not matter, but keys must spread.
    const head = Math.floor(random.share() * 2 ** 32);
    this.orderId = `${head.toString(16).padStart(8, '0')}-0b5e-5e00-8000-${this.number}`;
    this.quantity = random.between(1, 3);
    this.amount = this.quantity * random.between(3, 90) * 100;
    this.at = STARTED_AT + order * 10;
  }

  begun(): readonly LoggedEvent[] {
    return [this.created(), this.waiting(), this.codeIssued()];
  }

  /** PayPay says that a payment which it had confirmed is gone. */
  takenBack(): LoggedEvent {
    return inPayments({
      type: 'PaymentFailed',
      ...this.header(),
      ...this.payment(1),
      reason: 'REVERSED',
      observedAt: this.at,
      detail: 'PayPay took the payment back',
    });
  }

  paid(): LoggedEvent {
    return inOrders({
      type: 'OrderPaid',
      ...this.header(),
      userId: this.userId(),
      paymentId: this.payment(1).paymentId,
      amount: this.amount,
      currency: 'JPY',
      paidAt: this.at - 1,
    });
  }

  failed(reason: EventOf<'OrderFailed'>['reason']): LoggedEvent {
    const detail = 'The payment did not come';
    return inOrders({
      type: 'OrderFailed',
      ...this.header(),
      userId: this.userId(),
      reason,
      detail,
    });
  }

  succeeded(attempt = 1, more = 0): LoggedEvent {
    return inPayments({
      type: 'PaymentSucceeded',
      ...this.header(),
      ...this.payment(attempt),
      amount: this.amount + more,
      currency: 'JPY',
      paidAt: this.at,
      settledBy: 'NOTIFICATION',
    });
  }

  refused(): LoggedEvent {
    return inPayments({
      type: 'PaymentFailed',
      ...this.header(),
      ...this.payment(1),
      reason: 'FAILED',
      observedAt: this.at,
      detail: 'PayPay refused the payment',
    });
  }

  expired(): LoggedEvent {
    const { attempt, merchantPaymentId } = this.payment(1);
    return inPayments({
      type: 'PaymentExpired',
      ...this.header(),
      attempt,
      merchantPaymentId,
      expiredAt: this.at,
    });
  }

  refunded(attempt: number, more = 0): LoggedEvent {
    return this.refund(attempt, this.amount + more, 1);
  }

  refundedInParts(): readonly LoggedEvent[] {
    return [this.refund(1, 100, 1), this.refund(1, this.amount - 100, 2)];
  }

  private refund(attempt: number, amount: number, nth: number): LoggedEvent {
    const { merchantPaymentId, paymentId } = this.payment(attempt);
    return inPayments({
      type: 'PaymentRefunded',
      ...this.header(),
      merchantPaymentId,
      paymentId,
      merchantRefundId: `${merchantPaymentId}-r${String(nth)}`,
      amount,
      currency: 'JPY',
      requestedHere: true,
      observedAt: this.at,
      wasPending: false,
    });
  }

  private created(): LoggedEvent {
    const items = [{ sku: 'MUG-01', quantity: this.quantity }];
    return inOrders({ type: 'OrderCreated', ...this.header(), userId: this.userId(), items });
  }

  private waiting(): LoggedEvent {
    const { quantity, amount } = this;
    return inOrders({
      type: 'OrderWaitingPayment',
      ...this.header(),
      userId: this.userId(),
      items: [{ sku: 'MUG-01', quantity, unitPrice: amount / quantity }],
      totalAmount: amount,
      currency: 'JPY',
    });
  }

  private codeIssued(): LoggedEvent {
    const { attempt, merchantPaymentId } = this.payment(1);
    return inPayments({
      type: 'PaymentCodeIssued',
      ...this.header(),
      attempt,
      merchantPaymentId,
      codeId: `code-${this.number}`,
      url: `https://qr.paypay.example/${this.number}`,
      deeplink: `paypay://payment?link_key=${this.number}`,
      amount: this.amount,
      currency: 'JPY',
      expiresAt: this.at + 300_000,
    });
  }

  private payment(attempt: number) {
    return {
      attempt,
      merchantPaymentId: `${this.orderId}-${String(attempt)}`,
      paymentId: `04${this.number}${String(attempt)}`,
    };
  }

  private userId(): string {
    return `user-${this.number.slice(-4)}`;
  }

  /** Every event of the order is a little later than the one before. */
  private header() {
    this.drawn += 1;
    this.at += 40;
    const cause = `${this.number.slice(0, 8)}-${String(this.drawn).padStart(4, '0')}`;
    return {
      eventId: `${cause}-5e00-9000-${this.number}`,
      orderId: this.orderId,
      occurredAt: this.at,
      causationId: `${cause}-5e00-a000-${this.number}`,
      correlationId: this.orderId,
    };
  }
}

function inOrders(event: EventOn<typeof ordersEvents>): LoggedEvent {
  return { topic: ordersEvents, event };
}

function inPayments(event: EventOn<typeof paymentsEvents>): LoggedEvent {
  return { topic: paymentsEvents, event };
}

export const JOIN_INPUTS: readonly Topic[] = [ordersEvents, paymentsEvents];
