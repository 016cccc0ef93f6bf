/** Orders, inventory and accounts together, on the production task code. */
import { recordTypes } from '../../../schemas/avro-types';
import type { Order } from '../../../streams/orders/order';
import { accountsDefaults } from '../../../streams/accounts/settings';
import { accountsApp } from '../../../streams/accounts/topology';
import { inventoryDefaults } from '../../../streams/inventory/settings';
import { inventoryApp } from '../../../streams/inventory/topology';
import { ordersDefaults } from '../../../streams/orders/settings';
import { ordersApp } from '../../../streams/orders/topology';
import { TopologyTestDriver } from '../../../streams/runtime/test-driver';
import { accountsBalances, accountsRequests } from '../../../topics/accounts';
import { catalogProducts } from '../../../topics/catalog';
import { inventoryLevels, inventoryRequests } from '../../../topics/inventory';
import { ordersEvents, ordersRequests } from '../../../topics/orders';
import { paymentsEvents } from '../../../topics/payments';
import {
  ORDER_ID,
  expiry,
  limitChanged,
  product,
  purchase,
  stockReceived,
  success,
} from './sample-event';

const ITEMS = [
  { sku: 'a', quantity: 2 },
  { sku: 'b', quantity: 3 },
];
const TOTAL = 2 * 500 + 3 * 200;
const APPS = ['orders', 'inventory', 'accounts'] as const;

let driver: TopologyTestDriver;

beforeEach(async () => {
  driver = await TopologyTestDriver.start(
    [ordersApp(ordersDefaults), inventoryApp(inventoryDefaults), accountsApp(accountsDefaults)],
    { records: recordTypes, startAt: 1_000_000 },
  );
  await driver.pipe(catalogProducts, product('a', 500), product('b', 200));
  await driver.pipe(inventoryRequests, stockReceived('a', 10), stockReceived('b', 10));
  await driver.pipe(accountsRequests, limitChanged(10_000));
  driver.take(inventoryLevels);
  driver.take(accountsBalances);
});

function takeOrderEvents(): readonly string[] {
  return driver.take(ordersEvents).map(({ type }) => type);
}

/** [sku, available, reserved, sold] as last shown of each sku since the last look. */
function takeLevels(): readonly unknown[] {
  const levels = driver.take(inventoryLevels);
  return ['a', 'b'].map((sku) => {
    const level = levels.findLast((each) => each.sku === sku);
    return [sku, level?.available, level?.reserved, level?.sold];
  });
}

describe('orders, inventory and accounts', () => {
  test('sell an order that is paid', async () => {
    await driver.pipe(ordersRequests, purchase(ITEMS));
    expect(takeOrderEvents()).toEqual(['OrderCreated', 'OrderWaitingPayment']);
    await driver.pipe(paymentsEvents, success(TOTAL));
    expect(takeOrderEvents()).toEqual(['OrderPaid']);
    expect(takeLevels()).toEqual([
      ['a', 8, 0, 2],
      ['b', 7, 0, 3],
    ]);
    expect(driver.take(accountsBalances).at(-1)).toMatchObject({ held: 0, used: TOTAL });
    expect(driver.deadLetters()).toEqual([]);
  });

  test('give all back when the payment expires', async () => {
    await driver.pipe(ordersRequests, purchase(ITEMS));
    await driver.pipe(paymentsEvents, expiry(90));
    expect(takeOrderEvents()).toEqual(['OrderCreated', 'OrderWaitingPayment', 'OrderFailed']);
    expect(takeLevels()).toEqual([
      ['a', 10, 0, 0],
      ['b', 10, 0, 0],
    ]);
    expect(driver.take(accountsBalances).at(-1)).toMatchObject({ held: 0, available: 10_000 });
    expect(driver.deadLetters()).toEqual([]);
  });

  test('let one user keep so many orders open, and another after one has ended', async () => {
    const few = await TopologyTestDriver.start(
      [
        ordersApp(ordersDefaults),
        inventoryApp(inventoryDefaults),
        accountsApp({ ...accountsDefaults, openOrdersMax: 2 }),
      ],
      { records: recordTypes, startAt: 1_000_000 },
    );
    await few.pipe(catalogProducts, product('a', 500));
    await few.pipe(inventoryRequests, stockReceived('a', 10));
    const order = (orderId: string) => purchase([{ sku: 'a', quantity: 1 }], { orderId });
    await few.pipe(ordersRequests, order(ORDER_ID), order('o2'), order('o3'));
    const failed = few.take(ordersEvents).filter(({ type }) => type === 'OrderFailed');
    expect(failed).toMatchObject([
      {
        orderId: 'o3',
        reason: 'OVER_LIMIT',
        detail: expect.stringContaining('at most 2 may; pay or cancel one first') as string,
      },
    ]);
    // Its pieces are for sale again at once.
    expect(few.take(inventoryLevels).at(-1)).toMatchObject({ available: 8, reserved: 2 });
    await few.pipe(paymentsEvents, expiry(90));
    await few.pipe(ordersRequests, order('o4'));
    const after = few.take(ordersEvents).filter(({ orderId }) => orderId === 'o4');
    expect(after.map(({ type }) => type)).toEqual(['OrderCreated', 'OrderWaitingPayment']);
    expect(few.deadLetters()).toEqual([]);
  });

  test('serve no more orders than there are pieces', async () => {
    const orderIds = Array.from({ length: 7 }, (_, n) => `order-${n}`);
    await driver.pipe(
      ordersRequests,
      ...orderIds.map((orderId) => purchase([{ sku: 'a', quantity: 2 }], { orderId })),
    );
    const events = driver.take(ordersEvents);
    expect(events.filter(({ type }) => type === 'OrderWaitingPayment')).toHaveLength(5);
    expect(events.filter(({ type }) => type === 'OrderFailed')).toHaveLength(2);
    expect(takeLevels()[0]).toEqual(['a', 0, 10, 0]);
  });

  test('go on from where they were after a restart of each', async () => {
    await driver.pipe(ordersRequests, purchase(ITEMS));
    for (const app of APPS) await driver.restart(app, { store: 'lost' });
    await driver.pipe(ordersRequests, purchase(ITEMS));
    await driver.pipe(paymentsEvents, success(TOTAL));
    for (const app of APPS) await driver.restart(app, { store: 'kept' });
    expect(takeOrderEvents()).toEqual(['OrderCreated', 'OrderWaitingPayment', 'OrderPaid']);
    expect(await driver.state<Order['type']>('orders', ORDER_ID)).toMatchObject({
      type: 'PaidOrderState',
      totalAmount: TOTAL,
    });
  });
});
