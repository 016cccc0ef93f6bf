import type { EventOf } from '../../../../schemas/event';
import {
  itemStockProjection,
  stockProjection,
} from '../../../../streams/views/projections/inventory';
import { projected } from '../projected';
import { LOGGED_AT, ofOrder, stockLevel, stockReserved } from '../sample-events';

const item = { table: 'order_items', order_id: 'o1', sku: 'tea' };

describe('the stock of an item', () => {
  it('is RESERVED, then CONFIRMED, RELEASED or RETURNED', () => {
    const fields = { sku: 'tea', quantity: 1 };
    const events = [
      stockReserved('o1', 'tea'),
      ofOrder<EventOf<'StockConfirmed'>>('o1', { type: 'StockConfirmed', ...fields }),
      ofOrder<EventOf<'StockReleased'>>('o1', { type: 'StockReleased', ...fields }),
      ofOrder<EventOf<'StockReturned'>>('o1', { type: 'StockReturned', ...fields }),
    ];
    expect(events.map((event) => projected(itemStockProjection, event))).toEqual([
      [{ ...item, stock_status: 'RESERVED' }],
      [{ ...item, stock_status: 'CONFIRMED' }],
      [{ ...item, stock_status: 'RELEASED' }],
      [{ ...item, stock_status: 'RETURNED' }],
    ]);
  });

  it('says why it was REJECTED', () => {
    const rejected = ofOrder<EventOf<'StockReservationRejected'>>('o1', {
      type: 'StockReservationRejected',
      sku: 'tea',
      quantity: 1,
      reason: 'OUT_OF_STOCK',
      available: 0,
    });
    expect(projected(itemStockProjection, rejected)).toEqual([
      { ...item, stock_status: 'REJECTED', stock_reason: 'OUT_OF_STOCK' },
    ]);
  });
});

describe('the stock of a sku', () => {
  it('is a whole row, with the partition that it comes from', () => {
    expect(projected(stockProjection, stockLevel('tea', 4))).toEqual([
      {
        table: 'stock',
        sku: 'tea',
        total: 10,
        available: 4,
        reserved: 6,
        sold: 0,
        updated_at: LOGGED_AT,
        source_partition: 3,
      },
    ]);
  });
});
