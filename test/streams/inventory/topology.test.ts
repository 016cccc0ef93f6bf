import { recordTypes } from '../../../schemas/avro-types';
import type { EventOf } from '../../../schemas/event';
import { inventoryDefaults } from '../../../streams/inventory/settings';
import { inventoryApp } from '../../../streams/inventory/topology';
import { TopologyTestDriver } from '../../../streams/runtime/test-driver';
import { catalogProducts } from '../../../topics/catalog';
import {
  inventoryAdjustments,
  inventoryEvents,
  inventoryLevels,
  inventoryRequests,
} from '../../../topics/inventory';
import { ORDER_ID, product, sample, stockAdjustment, stockReceived } from '../saga/sample-event';

const WEEK_MS = 7 * 24 * 60 * 60 * 1_000;

let driver: TopologyTestDriver;

beforeEach(async () => {
  driver = await TopologyTestDriver.start([inventoryApp(inventoryDefaults)], {
    records: recordTypes,
    startAt: 1_000_000,
  });
});

type RequestType =
  | 'StockReservationRequested'
  | 'StockConfirmationRequested'
  | 'StockReleaseRequested'
  | 'StockReturnRequested';

function request(type: RequestType, quantity: number): EventOf<RequestType> {
  return sample(type, { orderId: ORDER_ID, sku: 'a', quantity });
}

async function stockUp(quantity: number): Promise<void> {
  await driver.pipe(catalogProducts, product('a', 500));
  await driver.pipe(inventoryRequests, stockReceived('a', quantity));
  driver.take(inventoryLevels);
}

function takeLevels(): readonly (readonly number[])[] {
  return driver
    .take(inventoryLevels)
    .map(({ total, available, reserved, sold }) => [total, available, reserved, sold]);
}

function takeAnswers(): readonly string[] {
  return driver.take(inventoryEvents).map(({ type }) => type);
}

describe('the inventory app', () => {
  test('a reservation is released once', async () => {
    await stockUp(5);
    await driver.pipe(inventoryRequests, request('StockReservationRequested', 2));
    await driver.pipe(inventoryRequests, request('StockReservationRequested', 2));
    expect(driver.take(inventoryEvents)).toMatchObject([
      { type: 'StockReserved', orderId: ORDER_ID, quantity: 2, unitPrice: 500 },
    ]);
    await driver.pipe(inventoryRequests, request('StockReleaseRequested', 2));
    await driver.pipe(inventoryRequests, request('StockReleaseRequested', 2));
    expect(takeAnswers()).toEqual(['StockReleased']);
    expect(takeLevels()).toEqual([
      [5, 3, 2, 0],
      [5, 5, 0, 0],
    ]);
  });

  test('a reservation is sold and taken back, once each', async () => {
    await stockUp(5);
    const life = [
      request('StockReservationRequested', 2),
      request('StockConfirmationRequested', 2),
      request('StockReturnRequested', 2),
    ];
    await driver.pipe(inventoryRequests, ...life.flatMap((event) => [event, event]));
    expect(takeAnswers()).toEqual(['StockReserved', 'StockConfirmed', 'StockReturned']);
    expect(takeLevels()).toEqual([
      [5, 3, 2, 0],
      [5, 3, 0, 2],
      [5, 5, 0, 0],
    ]);
  });

  test('a release that comes before its reservation keeps it from holding pieces', async () => {
    await stockUp(5);
    await driver.pipe(inventoryRequests, request('StockReleaseRequested', 2));
    expect(takeAnswers()).toEqual([]);
    await driver.pipe(inventoryRequests, request('StockReservationRequested', 2));
    expect(driver.take(inventoryEvents)).toMatchObject([
      { type: 'StockReservationRejected', reason: 'RELEASED_BEFORE', available: 5 },
    ]);
    await driver.pipe(inventoryRequests, request('StockReservationRequested', 2));
    expect(takeAnswers()).toEqual([]);
    expect(takeLevels()).toEqual([]);
  });

  test('a price that changes does not change what is reserved', async () => {
    await stockUp(5);
    await driver.pipe(inventoryRequests, request('StockReservationRequested', 2));
    await driver.pipe(catalogProducts, product('a', 900));
    await driver.pipe(inventoryRequests, request('StockReservationRequested', 2));
    expect(driver.take(inventoryEvents)).toMatchObject([{ unitPrice: 500 }]);
  });

  test('a receipt of goods is booked once within a week', async () => {
    await stockUp(5);
    await driver.pipe(inventoryRequests, stockReceived('a', 5));
    expect(takeLevels()).toEqual([]);
    await driver.pipe(inventoryRequests, stockReceived('a', 5, 2));
    expect(takeLevels()).toEqual([[10, 10, 0, 0]]);
  });

  test('another receipt under the id of one that was booked is recorded, and the first stands', async () => {
    const marked = { ...stockReceived('a', 10), requestKey: 'key', requestFingerprint: 'ten' };
    const other = { ...marked, quantity: 20, requestFingerprint: 'twenty' };
    const unmarked = { ...marked, requestFingerprint: '' };
    await driver.pipe(inventoryRequests, marked, other, marked, unmarked);
    expect(takeLevels()).toEqual([[10, 10, 0, 0]]);
    expect(driver.deadLetters()).toMatchObject([
      { errorCode: 'IDEMPOTENCY_CONFLICT', topic: inventoryRequests.name, offset: 1 },
    ]);
  });

  test('a correction never takes what is reserved', async () => {
    await stockUp(500);
    await driver.pipe(inventoryRequests, request('StockReservationRequested', 120));
    driver.take(inventoryLevels);
    const [tooMany, allThatCan] = [stockAdjustment('a', -450), stockAdjustment('a', -380)];
    await driver.pipe(inventoryRequests, tooMany);
    expect(driver.take(inventoryAdjustments)).toMatchObject([
      {
        type: 'StockAdjustmentRejected',
        causationId: tooMany.eventId,
        sku: 'a',
        quantity: -450,
        reason: 'booked by mistake',
        actor: 'operator',
        available: 380,
        reserved: 120,
      },
    ]);
    expect(takeLevels()).toEqual([]);
    await driver.pipe(inventoryRequests, allThatCan);
    expect(driver.take(inventoryAdjustments)).toMatchObject([
      { type: 'StockAdjusted', causationId: allThatCan.eventId, available: 0, reserved: 120 },
    ]);
    expect(takeLevels()).toEqual([[120, 0, 120, 0]]);
    await driver.pipe(inventoryRequests, request('StockConfirmationRequested', 120));
    expect(takeLevels()).toEqual([[120, 0, 0, 120]]);
  });

  test('a correction is decided once within a week, whatever the stock is by then', async () => {
    await stockUp(500);
    const tooMany = stockAdjustment('a', -501);
    await driver.pipe(inventoryRequests, tooMany, stockAdjustment('a', -450));
    driver.take(inventoryAdjustments);
    driver.take(inventoryLevels);
    await driver.pipe(inventoryRequests, stockAdjustment('a', 1_000));
    expect(takeLevels()).toEqual([[1_050, 1_050, 0, 0]]);
    driver.take(inventoryAdjustments);
    await driver.pipe(inventoryRequests, tooMany, stockAdjustment('a', -450));
    expect(driver.take(inventoryAdjustments)).toEqual([]);
    expect(takeLevels()).toEqual([]);
    await driver.pipe(inventoryRequests, stockAdjustment('a', -450, 2));
    expect(takeLevels()).toEqual([[600, 600, 0, 0]]);
  });

  test('pieces that were never delivered can be added, and not taken off', async () => {
    await driver.pipe(inventoryRequests, stockAdjustment('b', -1), stockAdjustment('b', 2));
    expect(driver.take(inventoryAdjustments)).toMatchObject([
      { type: 'StockAdjustmentRejected', available: 0, reserved: 0 },
      { type: 'StockAdjusted', available: 2, reserved: 0 },
    ]);
    expect(takeLevels()).toEqual([[2, 2, 0, 0]]);
  });

  test('what has ended is forgotten after a week, what is held or sold is not', async () => {
    await stockUp(5);
    const receipt = stockReceived('a', 5);
    await driver.pipe(inventoryRequests, request('StockReservationRequested', 2));
    await driver.advance(WEEK_MS);
    expect(await driver.state('inventory', `a/receipt/${receipt.eventId}`)).toBeUndefined();
    expect(await driver.state('inventory', `a/${ORDER_ID}`)).toMatchObject({ status: 'RESERVED' });
    await driver.pipe(inventoryRequests, request('StockReleaseRequested', 2));
    await driver.advance(WEEK_MS - 1);
    expect(await driver.state('inventory', `a/${ORDER_ID}`)).toMatchObject({ status: 'RELEASED' });
    await driver.advance(1);
    expect(await driver.state('inventory', `a/${ORDER_ID}`)).toBeUndefined();
    expect(await driver.state('inventory', 'a')).toMatchObject({ available: 5 });
  });

  test('stock and reservations survive a restart, with and without the store', async () => {
    await stockUp(5);
    await driver.pipe(inventoryRequests, request('StockReservationRequested', 2));
    driver.take(inventoryLevels);
    for (const store of ['kept', 'lost'] as const) await driver.restart('inventory', { store });
    await driver.pipe(inventoryRequests, request('StockConfirmationRequested', 2));
    expect(takeLevels()).toEqual([[5, 3, 0, 2]]);
  });

  test('what makes no sense becomes a dead letter and changes nothing', async () => {
    await stockUp(5);
    await driver.pipe(catalogProducts, product('a', 0));
    await driver.pipe(
      inventoryRequests,
      stockReceived('a', 0),
      stockAdjustment('a', 0),
      request('StockReservationRequested', -1),
      request('StockConfirmationRequested', 2),
    );
    expect(driver.deadLetters().map(({ errorCode }) => errorCode)).toEqual([
      'MALFORMED_PRODUCT',
      'MALFORMED_QUANTITY',
      'MALFORMED_QUANTITY',
      'MALFORMED_QUANTITY',
      'ILLEGAL_MOVE',
    ]);
    expect(takeAnswers()).toEqual([]);
    expect(takeLevels()).toEqual([]);
    await driver.pipe(inventoryRequests, request('StockReservationRequested', 2));
    expect(driver.take(inventoryEvents)).toMatchObject([{ unitPrice: 500 }]);
  });
});
