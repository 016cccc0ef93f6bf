/**
 * One order as its page shows it: the order, its payment and every record about it. Begins with the
 * edge's snapshot and goes on with the log. Pure.
 *
 * The order follows `orders.events.v1` and the payment `payments.events.v1` only, each in the order
 * of its topic, so it does not matter how the two come in between each other.
 */
import type {
  OrderSnapshot,
  OrderView,
  PaymentView,
  TimelineEntry,
} from '../../edge/contract/api-types';
import type { EventOf } from '../../schemas/event';
import { eventOf } from '../live/event-of';

export interface OrderStory {
  /** Null: nothing of the order itself was heard yet. */
  readonly order: OrderView | null;
  readonly payment: PaymentView | null;
  /** By log time. */
  readonly timeline: readonly TimelineEntry[];
}

type Snapshot = Pick<OrderSnapshot, 'order' | 'payment' | 'timeline'>;

export function storyOf({ order, payment, timeline }: Snapshot): OrderStory {
  return { order, payment, timeline: inLogOrder(timeline) };
}

export function withRecord(story: OrderStory, entry: TimelineEntry): OrderStory {
  const order = orderAfter(story.order, entry);
  const payment = paymentAfter(story.payment, entry);
  return {
    order: refundedAfter(order, entry),
    payment,
    timeline: inLogOrder([...story.timeline, entry]),
  };
}

/** Codes that PayPay was asked for and gave; more than one after an outcome that nobody knew. */
export function attemptsOf({ payment, timeline }: OrderStory): number {
  const issued = timeline.filter(({ type }) => type === 'PaymentCodeIssued').length;
  const named = Number(/-(\d+)$/.exec(payment?.merchantPaymentId ?? '')?.[1] ?? 0);
  return Math.max(issued, named);
}

function inLogOrder(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
  return [...entries].sort(
    (a, b) =>
      a.loggedAt - b.loggedAt ||
      (a.topic === b.topic ? a.offset - b.offset : a.topic < b.topic ? -1 : 1),
  );
}

function orderAfter(order: OrderView | null, entry: TimelineEntry): OrderView | null {
  if (entry.type === 'OrderCreated') return order ?? createdOrder(entry);
  if (order === null) return null;
  const fields = orderFields(order, entry);
  return fields === undefined ? order : { ...order, ...fields, updatedAt: entry.loggedAt };
}

function createdOrder({ payload, loggedAt }: TimelineEntry): OrderView {
  const event = eventOf<'OrderCreated'>({ type: 'OrderCreated', payload });
  return {
    orderId: event.orderId,
    userId: event.userId,
    status: 'PENDING',
    cancelling: false,
    items: event.items.map(({ sku, quantity }) => ({ sku, quantity, unitPrice: null })),
    totalAmount: null,
    currency: 'JPY',
    failureReason: null,
    failureDetail: null,
    paymentId: null,
    paidAt: null,
    refundedAmount: 0,
    createdAt: event.occurredAt,
    updatedAt: loggedAt,
  };
}

/** Undefined: the record changes nothing of the order itself. */
function orderFields(order: OrderView, entry: TimelineEntry): Partial<OrderView> | undefined {
  const event = eventOf(entry);
  switch (event.type) {
    case 'OrderWaitingPayment':
      return {
        status: 'WAITING_PAYMENT',
        items: pricedItems(event),
        totalAmount: event.totalAmount,
        currency: event.currency,
      };
    case 'OrderCancellationStarted':
      return { cancelling: order.status === 'WAITING_PAYMENT' };
    case 'OrderPaid':
      return {
        status: 'PAID',
        cancelling: false,
        paymentId: event.paymentId,
        paidAt: event.paidAt,
      };
    case 'OrderFailed':
      return {
        status: 'FAILED',
        cancelling: false,
        failureReason: event.reason,
        failureDetail: event.detail,
      };
    default:
      return undefined;
  }
}

function pricedItems({ items }: EventOf<'OrderWaitingPayment'>): OrderView['items'] {
  return items.map(({ sku, quantity, unitPrice }) => ({ sku, quantity, unitPrice }));
}

function refundedAfter(order: OrderView | null, entry: TimelineEntry): OrderView | null {
  if (order === null || entry.type !== 'PaymentRefunded') return order;
  const { amount } = eventOf<'PaymentRefunded'>(entry);
  return { ...order, refundedAmount: order.refundedAmount + amount };
}

function paymentAfter(payment: PaymentView | null, entry: TimelineEntry): PaymentView | null {
  const event = eventOf(entry);
  switch (event.type) {
    case 'PaymentCodeIssued':
    case 'PaymentSucceeded':
    case 'PaymentFailed':
    case 'PaymentExpired':
    case 'PaymentRefunded': {
      const known = payment ?? unpaid(event.orderId);
      if (!counts(known, event)) return known;
      return {
        ...attemptBefore(known, event),
        ...paymentFields(known, event),
        updatedAt: entry.loggedAt,
      };
    }
    default:
      return payment;
  }
}

type PaymentNews = EventOf<
  'PaymentCodeIssued' | 'PaymentSucceeded' | 'PaymentFailed' | 'PaymentExpired' | 'PaymentRefunded'
>;

/** The page shows the attempt that was paid, else the latest; news of another one stays aside. */
function counts(payment: PaymentView, event: PaymentNews): boolean {
  if (payment.merchantPaymentId === event.merchantPaymentId) return true;
  if (event.type === 'PaymentRefunded') return false;
  if (event.type === 'PaymentSucceeded') return payment.paidAt === null;
  return payment.paidAt === null && event.attempt >= attemptOf(payment);
}

/** The attempt that the news is about, without what was said of another one. */
function attemptBefore(payment: PaymentView, event: PaymentNews): PaymentView {
  const { merchantPaymentId, orderId } = event;
  if (payment.merchantPaymentId === merchantPaymentId) return payment;
  return { ...unpaid(orderId), merchantPaymentId, refundedAmount: payment.refundedAmount };
}

function attemptOf({ merchantPaymentId }: PaymentView): number {
  return Number(/-(\d+)$/.exec(merchantPaymentId ?? '')?.[1] ?? 0);
}

function paymentFields(payment: PaymentView, event: PaymentNews): Partial<PaymentView> {
  switch (event.type) {
    case 'PaymentCodeIssued':
      return {
        status: 'CODE_ISSUED',
        codeUrl: event.url,
        deeplink: event.deeplink,
        amount: event.amount,
        currency: event.currency,
        expiresAt: event.expiresAt,
      };
    case 'PaymentSucceeded':
      return {
        status: 'SUCCEEDED',
        paymentId: event.paymentId,
        paidAmount: event.amount,
        paidAt: event.paidAt,
        settledBy: event.settledBy,
      };
    case 'PaymentFailed':
      return {
        status: 'FAILED',
        failureReason: event.reason,
        failureDetail: event.detail,
      };
    case 'PaymentExpired':
      return { status: 'EXPIRED' };
    case 'PaymentRefunded':
      return {
        status: 'REFUNDED',
        paymentId: event.paymentId,
        refundedAmount: payment.refundedAmount + event.amount,
      };
  }
}

function unpaid(orderId: string): PaymentView {
  return {
    orderId,
    status: 'NOT_STARTED',
    merchantPaymentId: null,
    codeUrl: null,
    deeplink: null,
    amount: null,
    currency: 'JPY',
    expiresAt: null,
    paymentId: null,
    paidAmount: null,
    paidAt: null,
    settledBy: null,
    failureReason: null,
    failureDetail: null,
    refundedAmount: 0,
    updatedAt: null,
  };
}
