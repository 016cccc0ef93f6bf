import type { EventOf } from '../../../../schemas/event';
import { UNMARKED } from '../../../../schemas/request-marks';
import {
  adjustmentRequestsProjection,
  adjustmentsProjection,
  itemStockProjection,
  stockProjection,
} from '../../../../streams/views/projections/inventory';
import { projected } from '../projected';
import { LOGGED_AT, ofOrder, ofThing, stockLevel, stockReserved } from '../sample-events';

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

describe('a correction of stock', () => {
  it('is a row of what was asked for, which its outcome completes', () => {
    const asked = { sku: 'tea', quantity: -450, reason: 'booked by mistake', actor: 'ops-1' };
    const requested = ofThing<'StockAdjustmentRequested'>(
      { type: 'StockAdjustmentRequested', ...asked, ...UNMARKED },
      'tea',
    );
    const figures = { available: 380, reserved: 120 };
    const causationId = requested.eventId;
    const decided = [
      ofThing<'StockAdjusted'>({ type: 'StockAdjusted', ...asked, ...figures }, 'a'),
      ofThing<'StockAdjustmentRejected'>(
        { type: 'StockAdjustmentRejected', ...asked, ...figures },
        'b',
      ),
    ].map((event) => ({ ...event, causationId }));
    const row = { table: 'stock_adjustments', request_id: requested.eventId };
    expect(projected(adjustmentRequestsProjection, requested)).toEqual([
      { ...row, ...asked, requested_at: LOGGED_AT },
    ]);
    expect(decided.map((event) => projected(adjustmentsProjection, event))).toEqual([
      [{ ...row, status: 'ADJUSTED', ...figures, decided_at: LOGGED_AT }],
      [{ ...row, status: 'REJECTED', ...figures, decided_at: LOGGED_AT }],
    ]);
  });
});
