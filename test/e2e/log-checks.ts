/**
 * What must hold of the log whatever happened while it was written, told from the log alone: these
 * checks share nothing with the apps but the events. Each gives the faults it found, in words.
 */
import type { AnyEvent, EventOf, EventType } from '../../schemas/event';
import type { LoggedEvent } from '../../proof/scenarios/event-log';

/** Events by order, each list in the order of the log of its topic. */
export type OrderLogs = ReadonlyMap<string, readonly LoggedEvent[]>;

/** Only orders whose beginning is in the log: of others nothing can be said. */
export function byOrder(log: readonly LoggedEvent[]): OrderLogs {
  const orders = new Map<string, LoggedEvent[]>();
  for (const logged of log) {
    const orderId = orderOf(logged.event);
    if (orderId === undefined) continue;
    orders.set(orderId, [...(orders.get(orderId) ?? []), logged]);
  }
  return new Map([...orders].filter(([, events]) => has(events, 'OrderCreated')));
}

function orderOf(event: AnyEvent): string | undefined {
  return (event as { readonly orderId?: string }).orderId;
}

/** E1: what a killed process had begun is either there once or not at all. */
export function repeatedEventIds(
  log: readonly LoggedEvent[],
  repeatable: readonly EventType[],
): readonly string[] {
  const seen = new Set<string>();
  const faults: string[] = [];
  for (const { event, record } of log) {
    if (!('eventId' in event) || repeatable.includes(event.type)) continue;
    const place = `${record.topic} ${event.eventId}`;
    if (seen.has(place)) faults.push(`${event.type} twice: ${place}`);
    seen.add(place);
  }
  return faults;
}

/** An order ends once, and what it ever reserved or held ends with it, once, the right way. */
export function unbalancedOrders(orders: OrderLogs): readonly string[] {
  return [...orders].flatMap(([orderId, events]) => {
    const paid = count(events, 'OrderPaid');
    const failed = count(events, 'OrderFailed');
    const faults = [
      ...(paid + failed === 1 ? [] : [`ended ${String(paid + failed)} times`]),
      ...unbalancedStock(events, paid === 1),
      ...unbalancedFunds(events, paid === 1),
    ];
    return faults.map((fault) => `order ${orderId}: ${fault}`);
  });
}

function unbalancedStock(events: readonly LoggedEvent[], paid: boolean): readonly string[] {
  const skus = (type: 'StockReserved' | 'StockConfirmed' | 'StockReleased') =>
    all(events, type)
      .map(({ sku, quantity }) => `${sku} × ${String(quantity)}`)
      .sort()
      .join();
  const reserved = skus('StockReserved');
  const [confirmed, released] = paid ? [reserved, ''] : ['', reserved];
  return [
    ...(skus('StockConfirmed') === confirmed ? [] : [`sold ${skus('StockConfirmed')}`]),
    ...(skus('StockReleased') === released ? [] : [`released ${skus('StockReleased')}`]),
  ];
}

function unbalancedFunds(events: readonly LoggedEvent[], paid: boolean): readonly string[] {
  const held = count(events, 'FundsHeld');
  const captured = count(events, 'FundsCaptured');
  const released = count(events, 'FundsReleased');
  return [
    ...(captured === (paid ? held : 0) ? [] : [`funds captured ${String(captured)} times`]),
    ...(released === (paid ? 0 : held) ? [] : [`funds released ${String(released)} times`]),
  ];
}

/**
 * The alerts that the log calls for, as `order RULE`. Rule A's timeline: success at S, due at
 * S + grace; an order that ended at or after that time, or not at all, had been due.
 */
export function alertsDue(orders: OrderLogs, ruleAGraceMs: number): readonly string[] {
  return [...orders].flatMap(([orderId, events]) => {
    const success = firstAt(events, ['PaymentSucceeded']);
    if (success === undefined) return [];
    const ended = firstAt(events, ['OrderPaid', 'OrderFailed']) ?? Number.POSITIVE_INFINITY;
    const payment = all(events, 'PaymentSucceeded', 'PaymentFailed', 'PaymentExpired');
    const rules = [
      ...(ended >= success + ruleAGraceMs ? ['RULE_A'] : []),
      ...(has(events, 'OrderPaid') && payment.at(-1)?.type !== 'PaymentSucceeded'
        ? ['RULE_B']
        : []),
      ...(has(events, 'OrderFailed') ? ['RULE_C'] : []),
    ];
    return rules.map((rule) => `${orderId} ${rule}`);
  });
}

export function alertsRaised(orders: OrderLogs): readonly string[] {
  return [...orders].flatMap(([orderId, events]) =>
    all(events, 'AlertRaised').map(({ rule }) => `${orderId} ${rule}`),
  );
}

function all<T extends EventType>(
  events: readonly LoggedEvent[],
  ...types: readonly T[]
): readonly EventOf<T>[] {
  return events
    .map(({ event }) => event)
    .filter((event): event is EventOf<T> & AnyEvent =>
      (types as readonly EventType[]).includes(event.type),
    );
}

function count(events: readonly LoggedEvent[], type: EventType): number {
  return all(events, type).length;
}

function has(events: readonly LoggedEvent[], type: EventType): boolean {
  return count(events, type) > 0;
}

/** Log-append time, ms since the epoch. */
function firstAt(events: readonly LoggedEvent[], types: readonly EventType[]): number | undefined {
  const times = events
    .filter(({ event }) => types.includes(event.type))
    .map(({ record }) => record.timestamp);
  return times.length === 0 ? undefined : Math.min(...times);
}
