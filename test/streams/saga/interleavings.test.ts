/**
 * Every order in which the records of one order of two items can be handled, enumerated and not
 * sampled: with any record repeated, the deadline at any time, a cancellation at any time, and
 * payment news that contradict each other. Whatever happens, no piece and no yen is lost or kept.
 */
import type { EventOf, EventType } from '../../../schemas/event';
import { accountsApp } from '../../../streams/accounts/topology';
import { accountsDefaults } from '../../../streams/accounts/settings';
import { inventoryApp } from '../../../streams/inventory/topology';
import { inventoryDefaults } from '../../../streams/inventory/settings';
import type { Order } from '../../../streams/orders/order';
import { ordersApp } from '../../../streams/orders/topology';
import { ordersDefaults } from '../../../streams/orders/settings';
import { accountsRequests } from '../../../topics/accounts';
import { alertsLifecycle } from '../../../topics/alerts';
import { catalogProducts } from '../../../topics/catalog';
import { eventTopics } from '../../../topics/catalogue';
import { inventoryRequests } from '../../../topics/inventory';
import { ordersRequests } from '../../../topics/orders';
import { paymentsEvents } from '../../../topics/payments';
import type { Topic } from '../../../topics/topic';
import {
  ORDER_ID,
  USER_ID,
  cancellation,
  expiry,
  failure,
  limitChanged,
  product,
  purchase,
  rollBackStarted,
  stockReceived,
  success,
} from './sample-event';
import { World, type LoggedEvent } from './world';

const ITEMS = [
  { sku: 'a', quantity: 2 },
  { sku: 'b', quantity: 3 },
];
const TOTAL = 2 * 500 + 3 * 200;
const APPS = [
  ordersApp(ordersDefaults),
  inventoryApp(inventoryDefaults),
  accountsApp(accountsDefaults),
];

/** What others may do, each once and at any time from when it can be. */
interface Surroundings {
  readonly stockOfB?: number;
  readonly limit?: number;
  /** Written once OrderWaitingPayment is, in any order. */
  readonly payments?: readonly EventOf<'PaymentSucceeded' | 'PaymentFailed' | 'PaymentExpired'>[];
  readonly cancels?: boolean;
  /** An operator takes the order back once it is PAID. */
  readonly rollsBack?: boolean;
  readonly deadlinePasses?: boolean;
  /** Any record may be written once more; one per walk. */
  readonly repeats?: boolean;
}

function shop({ stockOfB = 10, limit = 10_000 }: Surroundings): World {
  return World.of(APPS)
    .write(catalogProducts, product('a', 500))
    .write(catalogProducts, product('b', 200))
    .write(inventoryRequests, stockReceived('a', 10))
    .write(inventoryRequests, stockReceived('b', stockOfB))
    .write(accountsRequests, limitChanged(limit))
    .settled()
    .write(ordersRequests, purchase(ITEMS));
}

/** The worlds in which nothing waits to be handled any more. */
function walk(surroundings: Surroundings): readonly World[] {
  const begin = shop(surroundings);
  const ofShop = new Set(begin.written.map(({ eventId }) => eventId).slice(0, -1));
  const seen = new Set<string>();
  const settled: World[] = [];
  const open = [{ world: begin, mayRepeat: surroundings.repeats === true }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { world, mayRepeat } = place;
    const fingerprint = `${mayRepeat} ${world.fingerprint()}`;
    if (seen.has(fingerprint)) continue;
    seen.add(fingerprint);
    if (world.isSettled) settled.push(world);
    for (const next of [...world.steps(), ...doings(world, surroundings)]) {
      open.push({ world: next, mayRepeat });
    }
    if (!mayRepeat) continue;
    for (const event of world.written.filter(({ eventId }) => !ofShop.has(eventId))) {
      open.push({ world: world.repeat(topicOf(event), event), mayRepeat: false });
    }
  }
  return settled;
}

function doings(world: World, surroundings: Surroundings): World[] {
  const { payments = [], cancels, rollsBack, deadlinePasses } = surroundings;
  const written = new Set(world.written.map(({ eventId }) => eventId));
  const isWaiting = world.written.some(({ type }) => type === 'OrderWaitingPayment');
  const isPaid = world.written.some(({ type }) => type === 'OrderPaid');
  const wish = cancellation();
  const action = rollBackStarted();
  return [
    ...payments
      .filter(({ eventId }) => isWaiting && !written.has(eventId))
      .map((event) => world.write(paymentsEvents, event)),
    ...(cancels === true && !written.has(wish.eventId) ? [world.write(ordersRequests, wish)] : []),
    ...(rollsBack === true && isPaid && !written.has(action.eventId)
      ? [world.write(alertsLifecycle, action)]
      : []),
    ...world
      .timers()
      .filter(({ app }) => deadlinePasses === true && app === 'orders')
      .map((timer) => world.fire(timer)),
  ];
}

function topicOf({ type }: LoggedEvent): Topic {
  const topic = eventTopics.find(({ types }) => types.includes(type));
  if (topic === undefined) throw new Error(`no topic carries ${type}`);
  return topic;
}

function order(world: World): Order | undefined {
  return world.state<Order['type']>('orders', ORDER_ID);
}

function count(world: World, type: EventType): number {
  return world.written.filter((event) => event.type === type).length;
}

/** Where all pieces and yen are: [available, reserved, sold] of a and b, [held, used]. */
function holdings(world: World): unknown {
  const [a, b] = ['a', 'b'].map((sku) => world.state<'StockState'>('inventory', sku));
  const account = world.state<'AccountState'>('accounts', USER_ID);
  return [
    [a?.available, a?.reserved, a?.sold],
    [b?.available, b?.reserved, b?.sold],
    [account?.held, account?.used],
  ];
}

/** What must hold wherever nothing waits any more, and what the order must have come to. */
function checkSettled(world: World, { stockOfB = 10 }: Surroundings): void {
  expect(world.rejections).toEqual([]);
  const ids = world.written.map(({ eventId }) => eventId);
  expect(new Set(ids).size).toBe(ids.length);
  const ends = ['OrderPaid', 'OrderFailed'] as const;
  const [paid, failed] = ends.map((type) => count(world, type));
  const state = order(world);
  switch (state?.type) {
    case 'WaitingOrderState':
      expect([paid, failed]).toEqual([0, 0]);
      expect(holdings(world)).toEqual([
        [8, 2, 0],
        [stockOfB - 3, 3, 0],
        [TOTAL, 0],
      ]);
      break;
    case 'PaidOrderState':
      expect([paid, failed]).toEqual([1, 0]);
      expect(count(world, 'StockReleaseRequested')).toBe(0);
      expect(holdings(world)).toEqual(
        count(world, 'AlertActionStarted') === 0
          ? [
              [8, 0, 2],
              [stockOfB - 3, 0, 3],
              [0, TOTAL],
            ]
          : [
              [10, 0, 0],
              [stockOfB, 0, 0],
              [0, 0],
            ],
      );
      break;
    case 'FailedOrderState':
      expect([paid, failed]).toEqual([0, 1]);
      expect(count(world, 'StockReleaseRequested')).toBe(2);
      expect(count(world, 'FundsReleaseRequested')).toBe(count(world, 'FundsHoldRequested'));
      expect(holdings(world)).toEqual([
        [10, 0, 0],
        [stockOfB, 0, 0],
        [0, 0],
      ]);
      break;
    case 'PendingOrderState':
    case undefined:
      throw new Error('every order gets its answers');
  }
}

function outcomes(settled: readonly World[]): readonly string[] {
  return [...new Set(settled.map((world) => order(world)?.type ?? 'none'))].sort();
}

function walkAndCheck(surroundings: Surroundings): readonly World[] {
  const settled = walk(surroundings);
  for (const world of settled) checkSettled(world, surroundings);
  return settled;
}

describe('in every order of handling', () => {
  it('an order that is paid keeps its pieces and its funds, with any record repeated', () => {
    const walked = walkAndCheck({ payments: [success(TOTAL)], repeats: true });
    expect(outcomes(walked)).toEqual(['PaidOrderState', 'WaitingOrderState']);
  });

  it('an order without stock gives all back, with any record repeated', () => {
    const walked = walkAndCheck({ stockOfB: 2, repeats: true });
    expect(outcomes(walked)).toEqual(['FailedOrderState']);
  });

  it('an order over the limit gives all back, with any record repeated', () => {
    const walked = walkAndCheck({ limit: TOTAL - 1, repeats: true });
    expect(outcomes(walked)).toEqual(['FailedOrderState']);
  });

  it('an order whose deadline passes at any time gives all back, with any record repeated', () => {
    const walked = walkAndCheck({ deadlinePasses: true, repeats: true });
    expect(outcomes(walked)).toEqual(['FailedOrderState', 'WaitingOrderState']);
  });

  it('an order cancelled at any time ends as its payment does, with any record repeated', () => {
    const cancelled = walkAndCheck({
      cancels: true,
      payments: [failure('CANCELLED', 90)],
      repeats: true,
    });
    expect(outcomes(cancelled)).toEqual(['FailedOrderState', 'WaitingOrderState']);
    const paid = walkAndCheck({ cancels: true, payments: [success(TOTAL)], repeats: true });
    expect(outcomes(paid)).toEqual(['FailedOrderState', 'PaidOrderState', 'WaitingOrderState']);
  });

  it('an order with a success and an expiry ends as the first of them says and records the other', () => {
    const walked = walkAndCheck({ payments: [success(TOTAL), expiry(110)], repeats: true });
    const told = walked.filter(
      (world) => count(world, 'PaymentSucceeded') + count(world, 'PaymentExpired') === 2,
    );
    expect(outcomes(told)).toEqual(['FailedOrderState', 'PaidOrderState']);
    for (const world of told) expect(count(world, 'OrderPaymentRecorded')).toBe(1);
  });

  it('a failure that is older than the success is nobody’s business once the order is paid', () => {
    const walked = walkAndCheck({ payments: [success(TOTAL), failure('FAILED', 90)] });
    expect(outcomes(walked)).toContain('PaidOrderState');
    for (const world of walked.filter((each) => order(each)?.type === 'PaidOrderState')) {
      expect(count(world, 'OrderPaymentRecorded')).toBe(0);
    }
  });

  it('an order that is taken back returns all once and says so once, with any record repeated', () => {
    const walked = walkAndCheck({
      payments: [success(TOTAL)],
      rollsBack: true,
      deadlinePasses: true,
      repeats: true,
    });
    const taken = walked.filter((world) => count(world, 'AlertActionStarted') > 0);
    expect(taken.length).toBeGreaterThan(0);
    for (const world of taken) {
      expect(count(world, 'OrderRolledBack')).toBe(1);
      expect(count(world, 'OrderActionAnswered')).toBe(1);
    }
  });

  it('an order with the wrong amount, the deadline, a cancellation and an expiry stays consistent', () => {
    const walked = walkAndCheck({
      payments: [success(TOTAL - 1), expiry(110)],
      cancels: true,
      deadlinePasses: true,
    });
    expect(outcomes(walked)).toEqual(['FailedOrderState', 'WaitingOrderState']);
  });
});
