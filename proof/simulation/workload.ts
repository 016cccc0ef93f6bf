/**
 * What the shop is asked to do in one run, drawn from its seed: products, stock, limits, a handful
 * of orders, and now and then something that makes no sense. Small, so that a run is cheap and its
 * trace can be read.
 */
import type { EventOf } from '../../schemas/event';
import { eventId, orderIdOf } from '../../schemas/event-id';
import { header, orderHeader } from '../../schemas/header';
import { UNMARKED } from '../../schemas/request-marks';
import { accountsRequests } from '../../topics/accounts';
import { catalogProducts } from '../../topics/catalog';
import { inventoryRequests } from '../../topics/inventory';
import { ordersEvents, ordersRequests } from '../../topics/orders';
import {
  paymentsEvents,
  paymentsGatewayRequests,
  paymentsNotifications,
} from '../../topics/payments';
import type { Topic } from '../../topics/topic';
import type { WebhookBody } from '../../simulator/webhook-body';
import type { Edge } from './edge';
import type { Random } from './random';
import type { Scheduler } from './scheduler';

export interface WorkloadOptions {
  readonly edge: Edge;
  readonly random: Random;
  readonly scheduler: Scheduler;
}

const SKUS = ['tea', 'cup', 'rice'] as const;
const USERS = ['hana', 'ken'] as const;
const CURRENCY = 'JPY';
const ORDERS = [4, 10] as const;
/** Purchases come within this, from the start on. */
const ORDERS_WITHIN_MS = 8_000;
const ITEMS_MAX = 2;
const QUANTITY_MAX = 3;
const STOCK = [3, 25] as const;
const UNIT_PRICE = [100, 600] as const;
const LIMIT = [2_000, 25_000] as const;
const CANCELS_WITHIN_MS = 8_000;

/** Chance per order. */
const CANCELLED = 0.2;
const CANCELLED_BY_STRANGER = 0.05;
const UNKNOWN_SKU = 0.06;
const CONFLICTING = 0.05;
/** Chance per order that something unrelated comes in beside it. */
const GARBAGE = 0.08;
const FORGED_WEBHOOK = 0.12;
const ODD_WEBHOOK = 0.12;

/** Where garbage is written: topics that apps read. */
const GARBAGE_TOPICS: readonly Topic[] = [
  ordersRequests,
  inventoryRequests,
  accountsRequests,
  paymentsNotifications,
  paymentsGatewayRequests,
  ordersEvents,
  paymentsEvents,
];

export function scheduleWorkload(options: WorkloadOptions): void {
  openShop(options);
  const { random, scheduler } = options;
  const orders = random.between(...ORDERS);
  for (let number = 1; number <= orders; number += 1) {
    const at = random.between(0, ORDERS_WITHIN_MS);
    scheduler.after(at, () => placeOrder(number, options));
  }
}

function openShop({ edge, random, scheduler }: WorkloadOptions): void {
  for (const sku of SKUS) {
    edge.write(catalogProducts, product(sku, random.between(...UNIT_PRICE), scheduler.now));
    edge.write(
      inventoryRequests,
      received(sku, 'opening', random.between(...STOCK), scheduler.now),
    );
    scheduler.after(random.between(0, ORDERS_WITHIN_MS), () =>
      edge.write(inventoryRequests, received(sku, 'delivery', random.between(1, 3), scheduler.now)),
    );
  }
  for (const user of USERS) {
    for (const delayMs of [0, random.between(0, ORDERS_WITHIN_MS)]) {
      const limit = random.between(...LIMIT);
      scheduler.after(delayMs, () => {
        edge.write(accountsRequests, limitChanged(user, limit, scheduler.now));
      });
    }
  }
}

function placeOrder(number: number, options: WorkloadOptions): void {
  const { edge, random, scheduler } = options;
  const user = random.pick(USERS);
  const orderId = orderIdOf(user, `order ${number}`);
  const items = drawItems(random);
  edge.write(ordersRequests, purchase(orderId, user, number, items, scheduler.now));
  if (random.chance(CONFLICTING)) {
    const others = [{ sku: 'tea', quantity: QUANTITY_MAX + 1 }];
    edge.write(ordersRequests, purchase(orderId, user, number, others, scheduler.now));
  }
  const cancelIn = random.between(0, CANCELS_WITHIN_MS);
  const cancel = (by: string) => {
    scheduler.after(cancelIn, () => {
      edge.write(ordersRequests, cancellation(orderId, by, scheduler.now));
    });
  };
  if (random.chance(CANCELLED)) cancel(user);
  if (random.chance(CANCELLED_BY_STRANGER)) cancel('somebody else');
  if (random.chance(GARBAGE)) edge.writeGarbage(random.pick(GARBAGE_TOPICS), orderId);
  if (random.chance(FORGED_WEBHOOK)) edge.notify(forgedWebhook(number, random));
  if (random.chance(ODD_WEBHOOK)) edge.notify(oddWebhook(orderId, random));
}

function drawItems(random: Random): EventOf<'PurchaseRequested'>['items'] {
  const skus = new Set<string>([random.chance(UNKNOWN_SKU) ? 'nothing' : random.pick(SKUS)]);
  while (skus.size < random.between(1, ITEMS_MAX)) skus.add(random.pick(SKUS));
  return [...skus].map((sku) => ({ sku, quantity: random.between(1, QUANTITY_MAX) }));
}

function product(sku: string, unitPrice: number, at: number): EventOf<'Product'> {
  const texts = { name: sku, nameJa: sku, description: '', descriptionJa: '', imageUrl: '' };
  const cause = { id: eventId('shop', sku), at };
  return {
    type: 'Product',
    ...header(cause, 'product', sku),
    sku,
    ...texts,
    unitPrice,
    currency: CURRENCY,
    active: true,
    actor: 'ops',
    reason: '',
    ...UNMARKED,
  };
}

function received(
  sku: string,
  what: string,
  quantity: number,
  at: number,
): EventOf<'StockReceived'> {
  const cause = { id: eventId(sku, what), at };
  const receipt = { sku, quantity, actor: 'ops', ...UNMARKED };
  return { type: 'StockReceived', ...header(cause, 'received', sku), ...receipt };
}

function limitChanged(userId: string, limit: number, at: number): EventOf<'SpendingLimitChanged'> {
  const cause = { id: eventId(userId, `limit at ${at}`), at };
  const change = { userId, limit, currency: CURRENCY, actor: 'ops', reason: '', ...UNMARKED };
  return { type: 'SpendingLimitChanged', ...header(cause, 'limit', userId), ...change };
}

function purchase(
  orderId: string,
  userId: string,
  number: number,
  items: EventOf<'PurchaseRequested'>['items'],
  at: number,
): EventOf<'PurchaseRequested'> {
  const request = { userId, idempotencyKey: `order ${number}`, items, ...UNMARKED };
  return {
    type: 'PurchaseRequested',
    ...orderHeader({ id: orderId, at }, 'purchase', orderId),
    ...request,
  };
}

function cancellation(
  orderId: string,
  userId: string,
  at: number,
): EventOf<'CancellationRequested'> {
  const role = `cancellation by ${userId}`;
  const reason = 'changed my mind';
  return {
    type: 'CancellationRequested',
    ...orderHeader({ id: orderId, at }, role, orderId),
    userId,
    reason,
    ...UNMARKED,
  };
}

/** About an order that there is not; two numbers share one, so that some come twice. */
/** As PayPay sends to every address of a merchant, or in words and types that are not known here. */
function oddWebhook(orderId: string, random: Random): unknown {
  const ours = { notification_type: 'Transaction', merchant_order_id: `${orderId}-1` };
  return random.pick([
    { notification_type: 'file.created' },
    { ...ours, merchant_order_id: 'POS-0042', state: 'COMPLETED' },
    { ...ours, state: 'REFUNDED' },
    { ...ours, state: 'COMPLETED', order_amount: '1200', merchant_id: 42, paid_at: '' },
    [ours],
  ]);
}

function forgedWebhook(number: number, random: Random): WebhookBody {
  const orderId = orderIdOf('nobody', String(number >> 1));
  return {
    notification_type: 'Transaction',
    merchant_id: 'merchant',
    store_id: null,
    pos_id: null,
    order_id: 'forged',
    merchant_order_id: `${orderId}-1`,
    authorized_at: null,
    expires_at: null,
    confirmation_expires_at: null,
    paid_at: null,
    order_amount: random.between(...UNIT_PRICE),
    state: 'COMPLETED',
  };
}
