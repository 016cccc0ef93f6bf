/**
 * The life of every order by its own events: it ends once and stays what it ended as; what it had
 * asked for is settled or released, once.
 */
import type { EventOf, EventType } from '../../../schemas/event';
import { accountsEvents, accountsRequests } from '../../../topics/accounts';
import { inventoryEvents, inventoryRequests } from '../../../topics/inventory';
import { ordersEvents, ordersRequests } from '../../../topics/orders';
import { grouped, type CommittedLog, type Logged, type LoggedEvent } from './committed-log';

export type OrderStatus = 'PENDING' | 'WAITING_PAYMENT' | 'PAID' | 'FAILED';

export interface OrderHistory {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly items: EventOf<'OrderCreated'>['items'];
  /** Undefined for an order that never got as far as its price. */
  readonly totalAmount: number | undefined;
  /** What the order was PAID with; an operator may have accepted another amount than the price. */
  readonly paidAmount: number | undefined;
  /** A PAID order that was rolled back keeps its status, and nothing else. */
  readonly isRolledBack: boolean;
  readonly events: readonly LoggedEvent[];
}

export function orderHistories(log: CommittedLog): readonly OrderHistory[] {
  const events = log.on(ordersEvents).map(({ event }) => event);
  return [...grouped(events, ({ orderId }) => orderId)].map(([orderId, own]) => ({
    orderId,
    status: statusAfter(own),
    items: own.find((event) => event.type === 'OrderCreated')?.items ?? [],
    totalAmount: own.find((event) => event.type === 'OrderWaitingPayment')?.totalAmount,
    paidAmount: own.find((event) => event.type === 'OrderPaid')?.amount,
    isRolledBack: own.some((event) => event.type === 'OrderRolledBack'),
    events: own,
  }));
}

/** Also over a part of the log. */
export function checkOrders(log: CommittedLog): readonly string[] {
  const histories = orderHistories(log);
  const surroundings = surroundingsIn(log);
  const none: readonly LoggedEvent[] = [];
  return [
    ...everyPurchaseIsAnOrder(log, histories),
    ...histories.flatMap(endsOnce),
    ...histories.flatMap((history) => {
      const around = surroundings.get(history.orderId) ?? none;
      return [...settlesStock(history, around), ...settlesFunds(history, around)];
    }),
  ];
}

/** What stock and accounts were asked and answered, by order. */
function surroundingsIn(log: CommittedLog): ReadonlyMap<string, readonly LoggedEvent[]> {
  const logged: readonly Logged[] = [
    ...log.on(inventoryRequests),
    ...log.on(inventoryEvents),
    ...log.on(accountsRequests),
    ...log.on(accountsEvents),
  ];
  const ofOrders = logged.map(({ event }) => event).filter(isOfOrder);
  return grouped(ofOrders, ({ orderId }) => orderId);
}

function isOfOrder(event: LoggedEvent): event is LoggedEvent & { readonly orderId: string } {
  return 'orderId' in event;
}

function statusAfter(events: readonly LoggedEvent[]): OrderStatus {
  const has = (type: EventType) => events.some((event) => event.type === type);
  if (has('OrderPaid')) return 'PAID';
  if (has('OrderFailed')) return 'FAILED';
  return has('OrderWaitingPayment') ? 'WAITING_PAYMENT' : 'PENDING';
}

function everyPurchaseIsAnOrder(
  log: CommittedLog,
  histories: readonly OrderHistory[],
): readonly string[] {
  const known = new Set(histories.map(({ orderId }) => orderId));
  const asked = log
    .on(ordersRequests)
    .flatMap(({ event }) => (event.type === 'PurchaseRequested' ? [event.orderId] : []));
  return [...new Set(asked)]
    .filter((orderId) => !known.has(orderId))
    .map((orderId) => `purchase ${orderId} is no order`);
}

function endsOnce({ orderId, events }: OrderHistory): readonly string[] {
  const created = countOf(events, 'OrderCreated');
  const endings = events.filter(({ type }) => type === 'OrderPaid' || type === 'OrderFailed');
  const [ending] = endings;
  const violations: string[] = [];
  if (created !== 1) violations.push(`order ${orderId} was created ${created} times`);
  if (endings.length > 1) {
    const types = endings.map(({ type }) => type).join(', ');
    violations.push(`order ${orderId} ended ${endings.length} times: ${types}`);
  }
  const after = ending === undefined ? [] : events.slice(events.indexOf(ending) + 1);
  for (const { type } of after) {
    if (AFTER_THE_END.has(type)) continue;
    violations.push(`order ${orderId}: ${type} after ${String(ending?.type)}`);
  }
  return violations;
}

const AFTER_THE_END: ReadonlySet<EventType> = new Set([
  'OrderPaid',
  'OrderFailed',
  'OrderPaymentRecorded',
  'OrderRefunded',
  'OrderRolledBack',
]);

function settlesStock(
  { orderId, status, items, isRolledBack }: OrderHistory,
  around: readonly LoggedEvent[],
): readonly string[] {
  return items.flatMap(({ sku }) => {
    const own = around.filter((event) => 'sku' in event && event.sku === sku);
    const answers = countOf(own, 'StockReserved') + countOf(own, 'StockReservationRejected');
    const what = `${sku} of order ${orderId}, which is ${status}`;
    return [
      ...expectEqual(`answers to the reservation of ${what}`, answers, 1),
      ...expectEqual(
        `reservation requests of ${what}`,
        countOf(own, 'StockReservationRequested'),
        1,
      ),
      ...settled(
        what,
        status,
        countOf(own, 'StockReserved'),
        countOf(own, 'StockConfirmed'),
        countOf(own, 'StockReleased'),
      ),
      ...expectEqual(
        `returns of ${what}`,
        countOf(own, 'StockReturned'),
        isRolledBack ? countOf(own, 'StockReserved') : 0,
      ),
    ];
  });
}

function settlesFunds(
  { orderId, status, isRolledBack }: OrderHistory,
  around: readonly LoggedEvent[],
): readonly string[] {
  const held = countOf(around, 'FundsHeld');
  const what = `funds of order ${orderId}, which is ${status}`;
  return [
    ...expectEqual(
      `answers to the hold of ${what}`,
      held + countOf(around, 'FundsHoldRejected'),
      Math.min(countOf(around, 'FundsHoldRequested'), 1),
    ),
    ...settled(
      what,
      status,
      held,
      countOf(around, 'FundsCaptured'),
      countOf(around, 'FundsReleased'),
    ),
    ...expectEqual(`returns of ${what}`, countOf(around, 'FundsReturned'), isRolledBack ? held : 0),
  ];
}

/** What was held is used by a paid order, released by a failed one, and kept meanwhile. */
function settled(
  what: string,
  status: OrderStatus,
  setAside: number,
  used: number,
  givenBack: number,
): readonly string[] {
  return [
    ...expectEqual(`uses of ${what}`, used, status === 'PAID' ? setAside : 0),
    ...expectEqual(`releases of ${what}`, givenBack, status === 'FAILED' ? setAside : 0),
  ];
}

function countOf(events: readonly LoggedEvent[], type: EventType): number {
  return events.filter((event) => event.type === type).length;
}

export function expectEqual(what: string, seen: number, expected: number): readonly string[] {
  return seen === expected ? [] : [`${what}: ${seen}, not ${expected}`];
}
