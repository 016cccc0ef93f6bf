/**
 * One order as its page shows it: the order, its payment and every record about it. Begins with the
 * edge's snapshot and goes on with the log. Pure.
 *
 * The order follows `orders.events.v1` and the payments `payments.events.v1` only, each in the order
 * of its topic; which of the payments is the order's own is asked anew after every record. So it does
 * not matter how the two topics come in between each other.
 */
import type {
  OrderSnapshot,
  OrderView,
  PaymentView,
  TimelineEntry,
} from '../../edge/contract/api-types';
import type { EventOf } from '../../schemas/event';
import { eventOf } from '../live/event-of';
import { afterRefund, isRefundNews, type RefundNews } from './ledger';

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
  const payment = taken(paymentAfter(story.payment, entry), order?.paymentId ?? null);
  return {
    order: refundedAfter(order, payment),
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
    refundPendingAmount: 0,
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

/** A second payment's refund is that payment's, not the order's. */
function refundedAfter(order: OrderView | null, payment: PaymentView | null): OrderView | null {
  if (order === null || payment === null) return order;
  const all = [payment, ...payment.otherPayments];
  const own = all.filter(
    ({ paymentId }) => order.paymentId === null || paymentId === order.paymentId,
  );
  const sum = (figure: (each: (typeof all)[number]) => number) =>
    own.reduce((total, each) => total + figure(each), 0);
  return {
    ...order,
    refundedAmount: sum(({ refundedAmount }) => refundedAmount),
    refundPendingAmount: sum(({ refundPendingAmount }) => refundPendingAmount),
  };
}

function paymentAfter(payment: PaymentView | null, entry: TimelineEntry): PaymentView | null {
  const event = eventOf(entry);
  if (isRefundNews(event)) {
    return payment === null ? payment : refundTold(payment, event, entry.loggedAt);
  }
  switch (event.type) {
    case 'PaymentCodeIssued':
    case 'PaymentSucceeded':
    case 'PaymentFailed':
    case 'PaymentExpired': {
      const known = payment ?? unpaid(event.orderId);
      if (!counts(known, event)) return toldApart(known, event);
      return {
        ...attemptBefore(known, event),
        ...paymentFields(event),
        updatedAt: entry.loggedAt,
      };
    }
    default:
      return payment;
  }
}

type PaymentNews = EventOf<
  'PaymentCodeIssued' | 'PaymentSucceeded' | 'PaymentFailed' | 'PaymentExpired'
>;
type OtherPayment = PaymentView['otherPayments'][number];

/** The page shows the attempt that was paid, else the latest; news of another one stays aside. */
function counts(payment: PaymentView, event: PaymentNews): boolean {
  if (payment.merchantPaymentId === event.merchantPaymentId) return true;
  if (event.type === 'PaymentSucceeded') return payment.paidAt === null;
  return payment.paidAt === null && event.attempt >= attemptOf(payment);
}

/** Money for another attempt is told beside the one that the page shows. */
function toldApart(payment: PaymentView, event: PaymentNews): PaymentView {
  if (event.type !== 'PaymentSucceeded') return payment;
  const { merchantPaymentId, paymentId, amount: paidAmount } = event;
  if (payment.otherPayments.some((each) => each.paymentId === paymentId)) return payment;
  const other: OtherPayment = {
    ...{ merchantPaymentId, paymentId, status: 'SUCCEEDED', paidAmount },
    ...{ refundedAmount: 0, refundPendingAmount: 0, refunds: [] },
  };
  const others = payment.otherPayments.filter(
    (each) => each.merchantPaymentId !== merchantPaymentId,
  );
  return { ...payment, otherPayments: [...others, other] };
}

function refundTold(payment: PaymentView, event: RefundNews, loggedAt: number): PaymentView {
  if (payment.merchantPaymentId === event.merchantPaymentId) {
    return { ...afterRefund(payment, event), updatedAt: loggedAt };
  }
  const otherPayments = payment.otherPayments.map((other) =>
    other.merchantPaymentId === event.merchantPaymentId ? afterRefund(other, event) : other,
  );
  return { ...payment, otherPayments };
}

/** The order has taken this payment: it is the one to show, whichever came first. */
function taken(payment: PaymentView | null, paymentId: string | null): PaymentView | null {
  if (payment === null || paymentId === null) return payment;
  const own = payment.otherPayments.find((other) => other.paymentId === paymentId);
  const { merchantPaymentId, status, paidAmount, refundedAmount, refundPendingAmount } = payment;
  if (own === undefined || merchantPaymentId === null || paidAmount === null) return payment;
  const other: OtherPayment = {
    ...{ merchantPaymentId, paymentId: payment.paymentId, status, paidAmount },
    ...{ refundedAmount, refundPendingAmount, refunds: payment.refunds },
  };
  const others = payment.otherPayments.filter((each) => each !== own);
  return { ...payment, ...own, otherPayments: [...others, other] };
}

/** The attempt that the news is about, without what was said of another one. */
function attemptBefore(payment: PaymentView, event: PaymentNews): PaymentView {
  const { merchantPaymentId, orderId } = event;
  if (payment.merchantPaymentId === merchantPaymentId) return payment;
  return { ...unpaid(orderId), merchantPaymentId, otherPayments: payment.otherPayments };
}

function attemptOf({ merchantPaymentId }: PaymentView): number {
  return Number(/-(\d+)$/.exec(merchantPaymentId ?? '')?.[1] ?? 0);
}

function paymentFields(event: PaymentNews): Partial<PaymentView> {
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
    refundPendingAmount: 0,
    refunds: [],
    otherPayments: [],
    updatedAt: null,
  };
}
