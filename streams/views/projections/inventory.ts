/**
 * `inventory.events.v1` -> the stock columns of order_items; `inventory.levels.v1` -> stock;
 * `inventory.requests.v1`, `inventory.adjustments.v1` -> stock_adjustments.
 */
import {
  inventoryAdjustments,
  inventoryEvents,
  inventoryLevels,
  inventoryRequests,
} from '../../../topics/inventory';
import type { EventOn } from '../../../topics/topic';
import { projectEvents, projectLatest } from '../projection';
import { upsert, type Row } from '../table';
import { orderItems, stock, stockAdjustments } from '../tables';

export const itemStockProjection = projectEvents(inventoryEvents, (event) => [
  upsert(orderItems, { order_id: event.orderId, sku: event.sku, ...stockColumns(event) }),
]);

function stockColumns(event: EventOn<typeof inventoryEvents>): Row<typeof orderItems> {
  switch (event.type) {
    case 'StockReserved':
      return { stock_status: 'RESERVED' };
    case 'StockReservationRejected':
      return { stock_status: 'REJECTED', stock_reason: event.reason };
    case 'StockConfirmed':
      return { stock_status: 'CONFIRMED' };
    case 'StockReleased':
      return { stock_status: 'RELEASED' };
    case 'StockReturned':
      return { stock_status: 'RETURNED' };
  }
}

export const stockProjection = projectLatest(inventoryLevels, stock, (event, position) =>
  upsert(stock, {
    sku: event.sku,
    total: event.total,
    available: event.available,
    reserved: event.reserved,
    sold: event.sold,
    updated_at: position.timestamp,
    source_partition: position.partition,
  }),
);

export const adjustmentRequestsProjection = projectEvents(inventoryRequests, (event, position) => {
  if (event.type !== 'StockAdjustmentRequested') return [];
  const { eventId, sku, quantity, reason, actor } = event;
  const requested_at = position.timestamp;
  return [
    upsert(stockAdjustments, { request_id: eventId, sku, quantity, reason, actor, requested_at }),
  ];
});

export const adjustmentsProjection = projectEvents(inventoryAdjustments, (event, position) => [
  upsert(stockAdjustments, {
    request_id: event.causationId,
    status: event.type === 'StockAdjusted' ? 'ADJUSTED' : 'REJECTED',
    available: event.available,
    reserved: event.reserved,
    decided_at: position.timestamp,
  }),
]);
