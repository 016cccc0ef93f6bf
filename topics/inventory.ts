import { COMPACT, KEEP, defineTopic } from './topic';

export const inventoryRequests = defineTopic({
  name: 'inventory.requests.v1',
  types: [
    'StockReservationRequested',
    'StockConfirmationRequested',
    'StockReleaseRequested',
    'StockReturnRequested',
    'StockReceived',
    'StockAdjustmentRequested',
  ],
  key: (event) => event.sku,
  cleanup: KEEP,
});

export const inventoryEvents = defineTopic({
  name: 'inventory.events.v1',
  types: [
    'StockReserved',
    'StockReservationRejected',
    'StockConfirmed',
    'StockReleased',
    'StockReturned',
  ],
  key: (event) => event.orderId,
  cleanup: KEEP,
});

/** What became of operators' corrections; they belong to no order. */
export const inventoryAdjustments = defineTopic({
  name: 'inventory.adjustments.v1',
  types: ['StockAdjusted', 'StockAdjustmentRejected'],
  key: (event) => event.sku,
  cleanup: KEEP,
});

export const inventoryLevels = defineTopic({
  name: 'inventory.levels.v1',
  types: ['StockLevel'],
  key: (event) => event.sku,
  cleanup: COMPACT,
});
