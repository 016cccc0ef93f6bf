/**
 * What is known of one order: the facts of both topics with their places in the log, and up to
 * where each topic has been read for it. Source of truth for the rules, which see nothing else.
 *
 * What always holds:
 * - Facts of one topic are in the order of the log; a redelivered event is no new fact.
 * - An order ends once: `paid` and `failed` are never both there.
 * - A fact logged before `ordersReadUntil` or `paymentsReadUntil` is known. Both are exclusive: of
 *   facts that were logged in the same millisecond, some may still be unread.
 *
 * The one rule about boundaries: an answer is in time when it was logged *before* the deadline.
 * A timer due at D fires before the records logged at D (T1), so an answer logged at D is late.
 */
import type { AnyEvent, EventOf, EventType } from '../../schemas/event';
import type { LogPosition, StateOf } from '../runtime/app';

type Kept = StateOf<'OrderAlertsState'>;

export type OrderFacts = Pick<
  Kept,
  'orderId' | 'waiting' | 'paid' | 'failed' | 'payments' | 'readUntil'
>;
export type WaitingFact = NonNullable<Kept['waiting']>;
export type PaidFact = NonNullable<Kept['paid']>;
export type FailedFact = NonNullable<Kept['failed']>;
export type PaymentFact = Kept['payments'][number];
export type EndingFact = PaidFact | FailedFact;
export type Fact = WaitingFact | EndingFact | PaymentFact;

/** A success has the id that PayPay gave to the payment. */
export type SuccessFact = PaymentFact & {
  readonly type: 'PaymentSucceeded';
  readonly paymentId: string;
};

export type FactEvent = EventOf<Fact['type']>;
export type Place = Pick<Fact, 'eventId' | 'occurredAt' | 'partition' | 'offset' | 'loggedAt'>;
/** Whatever may stand as evidence: its place in the log, and the type that tells its topic. */
export type Evident = Place & { readonly type: EventType };

/** The types that the rules look at; the others change nothing that they measure. */
export const FACT_TYPES = [
  'OrderWaitingPayment',
  'OrderPaid',
  'OrderFailed',
  'PaymentSucceeded',
  'PaymentFailed',
  'PaymentExpired',
  'PaymentRefundPending',
  'PaymentRefunded',
  'PaymentRefundFailed',
] as const satisfies readonly Fact['type'][];

const IS_FACT: ReadonlySet<EventType> = new Set(FACT_TYPES);

export function isFact(event: AnyEvent): event is FactEvent {
  return IS_FACT.has(event.type);
}

/**
 * Every field is named, here and below: an object that is spread into another one costs V8 several
 * times as much, and this is done for each event.
 */
export function factOf(event: FactEvent, position: LogPosition): Fact {
  const { eventId, occurredAt } = event;
  const { partition, offset, timestamp: loggedAt } = position;
  switch (event.type) {
    case 'OrderWaitingPayment': {
      const { type, totalAmount: amount, currency } = event;
      return { type, eventId, occurredAt, partition, offset, loggedAt, amount, currency };
    }
    case 'OrderPaid': {
      const { type, amount, currency, paidAt, paymentId } = event;
      return {
        type,
        eventId,
        occurredAt,
        partition,
        offset,
        loggedAt,
        amount,
        currency,
        paidAt,
        paymentId,
      };
    }
    case 'OrderFailed': {
      const { type, reason } = event;
      return { type, eventId, occurredAt, partition, offset, loggedAt, reason };
    }
    case 'PaymentSucceeded':
    case 'PaymentFailed':
    case 'PaymentExpired':
    case 'PaymentRefundPending':
    case 'PaymentRefunded':
    case 'PaymentRefundFailed':
      return paymentFactOf(event, position);
  }
}

function paymentFactOf(
  event: EventOf<PaymentFact['type']>,
  { partition, offset, timestamp: loggedAt }: LogPosition,
): PaymentFact {
  const { type, eventId, occurredAt, merchantPaymentId } = event;
  const fact = {
    type,
    eventId,
    occurredAt,
    partition,
    offset,
    loggedAt,
    merchantPaymentId,
    paymentId: null,
    amount: 0,
    currency: '',
    requestedHere: false,
    reason: '',
    refundId: null,
    wasPending: false,
    saidAt: occurredAt,
  };
  switch (event.type) {
    case 'PaymentSucceeded': {
      const { paymentId, amount, currency } = event;
      return { ...fact, paymentId, amount, currency, saidAt: saidAtOf(event) };
    }
    case 'PaymentFailed': {
      const { paymentId, reason } = event;
      return { ...fact, paymentId, reason, saidAt: event.observedAt };
    }
    case 'PaymentExpired':
      return { ...fact, saidAt: event.expiredAt };
    case 'PaymentRefundPending':
      return { ...fact, ...refundOf(event), saidAt: event.observedAt };
    case 'PaymentRefunded': {
      const { wasPending } = event;
      return { ...fact, ...refundOf(event), wasPending, saidAt: event.observedAt };
    }
    case 'PaymentRefundFailed': {
      const { wasPending, detail: reason, occurredAt: saidAt } = event;
      return { ...fact, ...refundOf(event), wasPending, reason, saidAt };
    }
  }
}

function refundOf({
  paymentId,
  amount,
  currency,
  requestedHere,
  merchantRefundId: refundId,
}: EventOf<'PaymentRefundPending' | 'PaymentRefunded' | 'PaymentRefundFailed'>) {
  return { paymentId, amount, currency, requestedHere, refundId };
}

/**
 * PayPay's own time orders a success, so that news of it that was held up is not taken for newer
 * than a failure seen since. When an operator had PayPay asked again, the answer is new whatever
 * the time of the payment.
 */
function saidAtOf({ settledBy, paidAt, occurredAt }: EventOf<'PaymentSucceeded'>): number {
  return settledBy === 'OPERATOR' ? occurredAt : paidAt;
}

export function factsOf(facts: OrderFacts): readonly Fact[] {
  const { waiting, payments } = facts;
  const ending = endingOf(facts);
  const all: Fact[] = [];
  if (waiting !== null) all.push(waiting);
  if (ending !== null) all.push(ending);
  all.push(...payments);
  return all;
}

export function knows(facts: OrderFacts, { eventId }: Pick<Fact, 'eventId'>): boolean {
  const { waiting, payments } = facts;
  if (waiting?.eventId === eventId || endingOf(facts)?.eventId === eventId) return true;
  return payments.some((fact) => fact.eventId === eventId);
}

/** Throws on a second ending: orders never writes one, so the log would be damaged. */
export function withFact(facts: OrderFacts, fact: Fact): OrderFacts {
  const { orderId, waiting, paid, failed, payments, readUntil } = facts;
  switch (fact.type) {
    case 'OrderWaitingPayment':
      return { orderId, waiting: fact, paid, failed, payments, readUntil };
    case 'OrderPaid':
    case 'OrderFailed':
      if (endingOf(facts) !== null) throw new Error(`order ${orderId} ended twice`);
      return fact.type === 'OrderPaid'
        ? { orderId, waiting, paid: fact, failed, payments, readUntil }
        : { orderId, waiting, paid, failed: fact, payments, readUntil };
    case 'PaymentSucceeded':
    case 'PaymentFailed':
    case 'PaymentExpired':
    case 'PaymentRefundPending':
    case 'PaymentRefunded':
    case 'PaymentRefundFailed':
      return { orderId, waiting, paid, failed, payments: [...payments, fact], readUntil };
  }
}

export function endingOf({ paid, failed }: OrderFacts): EndingFact | null {
  return paid ?? failed;
}

/** Log time, exclusive, up to which all facts of the order itself are known. */
export function ordersReadUntil(facts: OrderFacts): number {
  return Math.max(facts.readUntil, facts.waiting?.loggedAt ?? 0, endingOf(facts)?.loggedAt ?? 0);
}

/** Log time, exclusive, up to which all news of the order's payments is known. */
export function paymentsReadUntil({ readUntil, payments }: OrderFacts): number {
  return Math.max(readUntil, payments.at(-1)?.loggedAt ?? 0);
}

export function isSuccess(fact: PaymentFact): fact is SuccessFact {
  return fact.type === 'PaymentSucceeded' && fact.paymentId !== null;
}

/** Whether it is the first news of that money: the same success twice is nothing. */
export function isNewMoney(
  fact: PaymentFact,
  earlier: readonly PaymentFact[],
): fact is SuccessFact {
  return (
    isSuccess(fact) &&
    !earlier.some((other) => isSuccess(other) && other.paymentId === fact.paymentId)
  );
}

/** The first news of each payment that succeeded. */
export function successesOf(payments: readonly PaymentFact[]): readonly SuccessFact[] {
  return payments.filter((fact, index) => isNewMoney(fact, payments.slice(0, index)));
}

/** The refund that completed the return of a payment; undefined while money of it is kept. */
export function fullRefundOf(
  { paymentId, amount }: SuccessFact,
  payments: readonly PaymentFact[],
): PaymentFact | undefined {
  let returned = 0;
  return payments.find((fact) => {
    if (fact.type !== 'PaymentRefunded' || fact.paymentId !== paymentId) return false;
    returned += fact.amount;
    return returned >= amount;
  });
}

/** Whole yen of a payment that went back so far. */
export function returnedOf({ paymentId }: SuccessFact, payments: readonly PaymentFact[]): number {
  return payments
    .filter((fact) => fact.type === 'PaymentRefunded' && fact.paymentId === paymentId)
    .reduce((sum, { amount }) => sum + amount, 0);
}

/** Whole yen of a payment that are going back: refunds that have begun and not ended. */
export function pendingOf({ paymentId }: SuccessFact, payments: readonly PaymentFact[]): number {
  const hasEnded = (refundId: string | null) =>
    payments.some((fact) => fact.refundId === refundId && fact.type !== 'PaymentRefundPending');
  const pending = new Map<string | null, number>();
  for (const fact of payments) {
    if (fact.type !== 'PaymentRefundPending' || fact.paymentId !== paymentId) continue;
    if (!hasEnded(fact.refundId)) pending.set(fact.refundId, fact.amount);
  }
  return [...pending.values()].reduce((sum, amount) => sum + amount, 0);
}

/** Whole yen of a payment that PayPay still holds. */
export function keptOf(success: SuccessFact, payments: readonly PaymentFact[]): number {
  return Math.max(0, success.amount - returnedOf(success, payments));
}

/** Whole yen that PayPay holds for an order, whichever of its payments they are of. */
export function heldOf(payments: readonly PaymentFact[]): number {
  return successesOf(payments)
    .filter((success) => !isTakenBack(success, payments))
    .reduce((sum, success) => sum + keptOf(success, payments), 0);
}

/** PayPay's last word on it is a failure. */
function isTakenBack(success: SuccessFact, payments: readonly PaymentFact[]): boolean {
  const last = payments.findLast(
    (fact) =>
      fact.merchantPaymentId === success.merchantPaymentId &&
      (fact.type === 'PaymentSucceeded' || fact.type === 'PaymentFailed'),
  );
  return last?.type === 'PaymentFailed';
}

export function differs(
  success: SuccessFact,
  order: { readonly amount: number; readonly currency: string },
): boolean {
  return success.amount !== order.amount || success.currency !== order.currency;
}
