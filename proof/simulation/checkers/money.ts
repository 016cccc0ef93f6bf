/**
 * The customer's money, order by order. What payments says is kept of it is what PayPay keeps, and
 * nothing is authorized for an order that nobody pays any more; it is the price of a PAID order,
 * nothing for any other, or else the difference is the money at risk of the order's open alerts.
 */
import type { EventOf } from '../../../schemas/event';
import { alertsLifecycle, alertsRaised } from '../../../topics/alerts';
import { paymentsEvents } from '../../../topics/payments';
import type { EventOn } from '../../../topics/topic';
import { refundStatus, type Payment } from '../../../simulator/payment';
import { grouped, type CommittedLog } from './committed-log';
import { orderHistories, type OrderHistory } from './order-history';

type Raised = EventOf<'AlertRaised'>;

/** Also over a part of the log. `ledger`: what PayPay knows, by merchantPaymentId. */
export function checkMoney(
  log: CommittedLog,
  ledger: ReadonlyMap<string, Payment>,
): readonly string[] {
  const payments = log.on(paymentsEvents).map(({ event }) => event);
  const paymentsOf = grouped(payments, ({ orderId }) => orderId);
  const booksOf = grouped([...ledger.values()], orderOf);
  return orderHistories(log).flatMap((history) => {
    const { orderId } = history;
    const kept = keptOf(paymentsOf.get(orderId) ?? []);
    return [
      ...agreesWithPayPay(orderId, kept, booksOf.get(orderId) ?? []),
      ...refundsAgree(orderId, paymentsOf.get(orderId) ?? [], booksOf.get(orderId) ?? []),
      ...nothingIsSetAside(history, booksOf.get(orderId) ?? []),
      ...differenceIsAtRisk(history, kept, log),
    ];
  });
}

/** A merchantPaymentId is the order's id and the number of the attempt. */
function orderOf({ merchantPaymentId }: Payment): string {
  return merchantPaymentId.slice(0, merchantPaymentId.lastIndexOf('-'));
}

/** By payment, the latest status of its money. */
function keptOf(events: readonly EventOn<typeof paymentsEvents>[]): number {
  const kept = new Map<string, number>();
  for (const event of events) book(kept, event);
  return [...kept.values()].reduce((sum, amount) => sum + amount, 0);
}

function book(kept: Map<string, number>, event: EventOn<typeof paymentsEvents>): void {
  switch (event.type) {
    case 'PaymentSucceeded':
      kept.set(event.paymentId, event.amount);
      return;
    case 'PaymentFailed':
      if (event.reason === 'REVERSED') kept.delete(event.paymentId ?? '');
      return;
    case 'PaymentRefunded':
      kept.set(event.paymentId, (kept.get(event.paymentId) ?? 0) - event.amount);
      return;
    default:
      return;
  }
}

function agreesWithPayPay(
  orderId: string,
  kept: number,
  books: readonly Payment[],
): readonly string[] {
  let atPayPay = 0;
  for (const { amount, refunds, status } of books) {
    if (status !== 'COMPLETED' && status !== 'REFUNDED') continue;
    // Nothing is in flight any more when a run is over.
    const gone = refunds.filter((refund) => refundStatus(refund, Infinity) === 'REFUNDED');
    atPayPay += gone.reduce((kept, refund) => kept - refund.amount, amount);
  }
  return kept === atPayPay
    ? []
    : [`order ${orderId}: PayPay keeps ${atPayPay} yen, payments says ${kept}`];
}

/** Each refund in PayPay's books is told by one end, which is its own, and none but those. */
function refundsAgree(
  orderId: string,
  events: readonly EventOn<typeof paymentsEvents>[],
  books: readonly Payment[],
): readonly string[] {
  const inBooks = books.flatMap(({ refunds }) =>
    refunds.map((refund) => {
      const { merchantRefundId, amount } = refund;
      const isDone = refundStatus(refund, Infinity) === 'REFUNDED';
      return {
        merchantRefundId,
        told: `${isDone ? 'PaymentRefunded' : 'PaymentRefundFailed'} ${amount}`,
      };
    }),
  );
  const told = grouped(
    events.filter(isRefundEnd),
    ({ merchantRefundId }) => merchantRefundId ?? 'unnamed',
  );
  const strangers = [...told.keys()].filter(
    (id) => !inBooks.some(({ merchantRefundId }) => merchantRefundId === id),
  );
  return [
    ...inBooks.flatMap(({ merchantRefundId, told: right }) => {
      const seen = (told.get(merchantRefundId) ?? []).map(
        ({ type, amount }) => `${type} ${amount}`,
      );
      // One that failed elsewhere before anybody looked is nobody's news.
      const isUnseen = seen.length === 0 && right.startsWith('PaymentRefundFailed');
      return isUnseen || seen.join() === right
        ? []
        : [
            `order ${orderId}: refund ${merchantRefundId} is ${right}, told: ${seen.join() || 'nothing'}`,
          ];
    }),
    ...strangers
      .filter((id) => (told.get(id) ?? []).some(({ type }) => type === 'PaymentRefunded'))
      .map((id) => `order ${orderId}: refund ${id} is told and not in PayPay's books`),
  ];
}

type RefundEnd = EventOf<'PaymentRefunded' | 'PaymentRefundFailed'>;

function isRefundEnd(event: EventOn<typeof paymentsEvents>): event is RefundEnd {
  return event.type === 'PaymentRefunded' || event.type === 'PaymentRefundFailed';
}

/** Of an order that nobody pays any more; one that was paid may have another code at PayPay. */
function nothingIsSetAside(
  { orderId, status }: OrderHistory,
  books: readonly Payment[],
): readonly string[] {
  if (status === 'PAID') return [];
  return books.flatMap((payment) =>
    payment.status === 'AUTHORIZED'
      ? [`order ${orderId} is ${status}, and PayPay has ${payment.amount} yen of it authorized`]
      : [],
  );
}

function differenceIsAtRisk(
  history: OrderHistory,
  kept: number,
  log: CommittedLog,
): readonly string[] {
  const { orderId, status } = history;
  if (isSettledByHand(orderId, log)) return [];
  const open = openAlertsOf(orderId, log);
  const due = dueOf(history, open.has('RULE_E'));
  const difference = Math.abs(kept - due);
  if (difference === 0) return [];
  // Money for a FAILED order is all C's, also when it was paid twice or in the wrong amount.
  const rules: readonly Raised['rule'][] =
    status === 'FAILED' ? ['RULE_C'] : ['RULE_B', 'RULE_D', 'RULE_E', 'RULE_F'];
  const risks = rules.flatMap((rule) => open.get(rule) ?? []);
  if (risks.includes(difference)) return [];
  const list = [...open].map(([rule, amount]) => `${rule} ${amount}`).join(', ');
  return [
    `order ${orderId} is ${status}, ${kept} yen are kept and ${due} are due; at risk: ${list || 'nothing'}`,
  ];
}

/** What the shop should keep of the customer's money. */
function dueOf(
  { status, totalAmount = 0, paidAmount = 0, isRolledBack }: OrderHistory,
  isAmountInQuestion: boolean,
): number {
  // An order that waits for an operator's word on a wrong amount is measured by its price.
  if (status === 'WAITING_PAYMENT') return isAmountInQuestion ? totalAmount : 0;
  return status === 'PAID' && !isRolledBack ? paidAmount : 0;
}

/** An operator said that the rest is settled elsewhere; a log cannot know what that was. */
function isSettledByHand(orderId: string, log: CommittedLog): boolean {
  return log.on(alertsLifecycle).some(({ event }) => {
    if (event.orderId !== orderId || event.type !== 'AlertResolved') return false;
    return event.resolvedBy === 'OPERATOR' && event.evidence.length === 0;
  });
}

/** Rules about money that should go back; what has gone back since is no longer at risk. */
const CURED_BY_RETURN: ReadonlySet<Raised['rule']> = new Set(['RULE_C', 'RULE_D', 'RULE_E']);

/** Money at risk by rule; a repeat adds the payment that it is about. */
function openAlertsOf(orderId: string, log: CommittedLog): ReadonlyMap<Raised['rule'], number> {
  const lifecycle = log.on(alertsLifecycle).map(({ event }) => event);
  const payments = log.on(paymentsEvents).filter(({ event }) => event.orderId === orderId);
  const amounts = new Map(
    payments.flatMap(({ event }) =>
      event.type === 'PaymentSucceeded' ? [[event.eventId, event.amount] as const] : [],
    ),
  );
  const returnedSince = (time: number) =>
    payments.reduce((sum, { event, record }) => {
      const counts = event.type === 'PaymentRefunded' && record.timestamp >= time;
      return sum + (counts ? event.amount : 0);
    }, 0);
  const open = new Map<Raised['rule'], number>();
  for (const { event: raised } of log.on(alertsRaised)) {
    if (raised.orderId !== orderId) continue;
    const { rule, moneyAtRisk, detectedAt } = raised;
    const own = lifecycle.filter(({ alertId }) => alertId === raised.alertId);
    const statuses = own.filter(({ type }) => type === 'AlertResolved' || type === 'AlertReopened');
    if (statuses.at(-1)?.type === 'AlertResolved') continue;
    const told = own.findLast((event) => event.type === 'AlertMoneyAtRiskChanged');
    const repeated = own.flatMap((event) =>
      event.type === 'AlertRepeated' && event.version > (told?.version ?? 0) ? event.evidence : [],
    );
    const more = repeated.reduce((sum, { eventId }) => sum + (amounts.get(eventId) ?? 0), 0);
    const less = CURED_BY_RETURN.has(rule) ? returnedSince(detectedAt) : 0;
    open.set(rule, told === undefined ? moneyAtRisk + more - less : told.moneyAtRisk + more);
  }
  return open;
}
