import { recordTypes } from '../../../schemas/avro-types';
import type { EventOf } from '../../../schemas/event';
import type { Order } from '../../../streams/orders/order';
import { ordersDefaults } from '../../../streams/orders/settings';
import { ordersApp } from '../../../streams/orders/topology';
import { TopologyTestDriver } from '../../../streams/runtime/test-driver';
import { accountsEvents, accountsRequests } from '../../../topics/accounts';
import { inventoryEvents, inventoryRequests } from '../../../topics/inventory';
import { ordersEvents, ordersRequests } from '../../../topics/orders';
import { paymentsEvents } from '../../../topics/payments';
import {
  ORDER_ID,
  USER_ID,
  cancellation,
  expiry,
  purchase,
  refund,
  sample,
  success,
} from '../saga/sample-event';
import { ITEMS, TOTAL } from './sample-order';

let driver: TopologyTestDriver;

beforeEach(async () => {
  driver = await TopologyTestDriver.start([ordersApp(ordersDefaults)], {
    records: recordTypes,
    startAt: 1_000_000,
  });
});

function reserved(sku: string, quantity: number, unitPrice: number): EventOf<'StockReserved'> {
  const fields = { orderId: ORDER_ID, sku, quantity, unitPrice, currency: 'JPY' };
  return sample('StockReserved', fields);
}

const HELD = sample('FundsHeld', {
  orderId: ORDER_ID,
  userId: USER_ID,
  amount: TOTAL,
  currency: 'JPY',
});

async function bringToWaiting(): Promise<void> {
  await driver.pipe(ordersRequests, purchase(ITEMS));
  await driver.pipe(inventoryEvents, reserved('a', 2, 500), reserved('b', 3, 200));
  await driver.pipe(accountsEvents, HELD);
}

function typesOf(events: readonly { readonly type: string }[]): readonly string[] {
  return events.map(({ type }) => type);
}

function takeAll(): readonly string[] {
  return typesOf([
    ...driver.take(ordersEvents),
    ...driver.take(inventoryRequests),
    ...driver.take(accountsRequests),
  ]);
}

async function stateOfOrder(): Promise<string | undefined> {
  return (await driver.state<Order['type']>('orders', ORDER_ID))?.type;
}

describe('the orders app', () => {
  test('an order of two items is paid', async () => {
    await driver.pipe(ordersRequests, purchase(ITEMS));
    expect(takeAll()).toEqual([
      'OrderCreated',
      'StockReservationRequested',
      'StockReservationRequested',
    ]);
    await driver.pipe(inventoryEvents, reserved('b', 3, 200));
    expect(takeAll()).toEqual([]);
    await driver.pipe(inventoryEvents, reserved('a', 2, 500));
    expect(driver.take(accountsRequests)).toMatchObject([
      { type: 'FundsHoldRequested', amount: TOTAL },
    ]);
    await driver.pipe(accountsEvents, HELD);
    expect(driver.take(ordersEvents)).toMatchObject([
      { type: 'OrderWaitingPayment', totalAmount: TOTAL },
    ]);
    await driver.advance(30_000);
    await driver.pipe(paymentsEvents, success(TOTAL));
    expect(takeAll()).toEqual([
      'OrderPaid',
      'StockConfirmationRequested',
      'StockConfirmationRequested',
      'FundsCaptureRequested',
    ]);
    await driver.advance(10 * 60_000);
    expect(takeAll()).toEqual([]);
    expect(await stateOfOrder()).toBe('PaidOrderState');
  });

  test('an order that gets no answer fails at its deadline', async () => {
    await driver.pipe(ordersRequests, purchase(ITEMS));
    await driver.pipe(inventoryEvents, reserved('a', 2, 500));
    takeAll();
    await driver.advance(59_999);
    expect(takeAll()).toEqual([]);
    await driver.advance(1);
    expect(driver.take(ordersEvents)).toMatchObject([
      { type: 'OrderFailed', reason: 'TIMED_OUT', occurredAt: 1_060_000 },
    ]);
    expect(takeAll()).toEqual(['StockReleaseRequested', 'StockReleaseRequested']);
  });

  test('answers that come after the deadline change nothing', async () => {
    await driver.pipe(ordersRequests, purchase(ITEMS));
    await driver.advance(60_000);
    takeAll();
    await driver.pipe(inventoryEvents, reserved('a', 2, 500), reserved('b', 3, 200));
    await driver.pipe(accountsEvents, HELD);
    expect(takeAll()).toEqual([]);
    expect(await stateOfOrder()).toBe('FailedOrderState');
  });

  test('an order that waits for its payment has no deadline here', async () => {
    await bringToWaiting();
    takeAll();
    await driver.advance(24 * 60 * 60_000);
    expect(takeAll()).toEqual([]);
    expect(driver.deadLetters()).toEqual([]);
    expect(await stateOfOrder()).toBe('WaitingOrderState');
  });

  test('what comes twice happens once', async () => {
    await bringToWaiting();
    await driver.pipe(paymentsEvents, success(TOTAL), refund(100));
    takeAll();
    await driver.pipe(ordersRequests, purchase(ITEMS), cancellation());
    await driver.pipe(inventoryEvents, reserved('a', 2, 500));
    await driver.pipe(accountsEvents, HELD);
    await driver.pipe(paymentsEvents, success(TOTAL), refund(100));
    expect(takeAll()).toEqual([]);
    expect(driver.deadLetters()).toEqual([]);
  });

  test('a success that comes after the expiry is recorded on the failed order', async () => {
    await bringToWaiting();
    await driver.pipe(paymentsEvents, expiry(90));
    takeAll();
    await driver.pipe(paymentsEvents, success(TOTAL));
    expect(driver.take(ordersEvents)).toMatchObject([
      { type: 'OrderPaymentRecorded', orderStatus: 'FAILED' },
    ]);
    expect(takeAll()).toEqual([]);
  });

  test('the deadline and all that is known survive a restart, with and without the store', async () => {
    await driver.pipe(ordersRequests, purchase(ITEMS));
    await driver.pipe(inventoryEvents, reserved('a', 2, 500));
    for (const store of ['kept', 'lost'] as const) await driver.restart('orders', { store });
    takeAll();
    await driver.pipe(inventoryEvents, reserved('a', 2, 500), reserved('b', 3, 200));
    expect(takeAll()).toEqual(['FundsHoldRequested']);
    await driver.advance(60_000);
    expect(takeAll()).toEqual([
      'OrderFailed',
      'StockReleaseRequested',
      'StockReleaseRequested',
      'FundsReleaseRequested',
    ]);
  });

  test('what makes no sense becomes a dead letter and the next record is taken', async () => {
    await driver.pipe(ordersRequests, cancellation(), purchase([]), purchase(ITEMS));
    await driver.pipe(ordersRequests, purchase(ITEMS.slice(1)), cancellation('another'));
    await driver.pipe(paymentsEvents, success(TOTAL));
    await driver.pipe(inventoryEvents, reserved('c', 1, 1));
    await driver.pipe(inventoryEvents, reserved('a', 2, 500));
    expect(driver.deadLetters().map(({ errorCode }) => errorCode)).toEqual([
      'UNKNOWN_ORDER',
      'MALFORMED_PURCHASE',
      'IDEMPOTENCY_CONFLICT',
      'NOT_OWNER',
      'PAYMENT_TOO_EARLY',
      'NOT_ASKED_FOR',
    ]);
    expect(takeAll()).toEqual([
      'OrderCreated',
      'StockReservationRequested',
      'StockReservationRequested',
    ]);
  });

  test('a price that makes the total inexact is a dead letter, and the deadline ends the order', async () => {
    await driver.pipe(ordersRequests, purchase(ITEMS));
    await driver.pipe(inventoryEvents, reserved('a', 2, 2 ** 52));
    takeAll();
    await driver.pipe(inventoryEvents, reserved('b', 3, 200));
    expect(driver.deadLetters()).toMatchObject([{ errorCode: 'HANDLER_FAILED' }]);
    await driver.advance(60_000);
    expect(takeAll()).toEqual(['OrderFailed', 'StockReleaseRequested', 'StockReleaseRequested']);
  });
});
