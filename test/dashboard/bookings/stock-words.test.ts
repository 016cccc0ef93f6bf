import {
  STOCK_PIECES_MAX,
  adjustmentOutcome,
  correctionPreview,
  deliveryPreview,
} from '../../../dashboard/bookings/stock-words';
import type { StockAdjustmentView } from '../../../edge/contract/api-types';
import { limits } from '../../../edge/limits';

const LEVEL = { total: 500, available: 380, reserved: 120, sold: 0 };

/** What the figures would be, in the order of the screen. */
function after(preview: ReturnType<typeof correctionPreview>): readonly string[] {
  return preview.kind === 'becomes' ? preview.figures.map((figure) => figure.after) : [];
}

describe('a preview', () => {
  test('of a delivery adds to what there is in all and available', () => {
    expect(after(deliveryPreview(LEVEL, 1_000))).toEqual(['1,500', '1,380', '120', '0']);
    expect(after(deliveryPreview(null, 5))).toEqual(['5', '5', '0', '0']);
  });

  test('a correction never takes what is reserved', () => {
    expect(after(correctionPreview(LEVEL, -380))).toEqual(['120', '0', '120', '0']);
    expect(correctionPreview(LEVEL, -450)).toEqual({
      kind: 'against',
      message: '380 are available and 120 reserved for open orders; at most 380 can be taken off.',
    });
    expect(correctionPreview(null, -1)).toMatchObject({
      message: '0 are available and 0 reserved for open orders; at most 0 can be taken off.',
    });
  });

  test.each([
    [deliveryPreview(LEVEL, ''), 'nothing-typed'],
    [deliveryPreview(LEVEL, 1.5), 'nothing-typed'],
    [correctionPreview(LEVEL, ''), 'nothing-typed'],
    [deliveryPreview(LEVEL, 0), 'against'],
    [correctionPreview(LEVEL, 0), 'against'],
    [deliveryPreview(LEVEL, STOCK_PIECES_MAX), 'becomes'],
    [deliveryPreview(LEVEL, STOCK_PIECES_MAX + 1), 'against'],
    [correctionPreview(LEVEL, STOCK_PIECES_MAX + 1), 'against'],
  ])('%j is %s', (preview, kind) => {
    expect(preview.kind).toBe(kind);
  });

  test('knows as many pieces as the edge takes', () => {
    expect(STOCK_PIECES_MAX).toBe(limits.stockPiecesMax);
  });
});

describe('the outcome of a correction', () => {
  const adjustment: StockAdjustmentView = {
    eventId: 'request-1',
    quantity: -450,
    reason: 'booked by mistake',
    actor: 'ops-1',
    requestedAt: 1,
    status: 'REQUESTED',
    available: null,
    reserved: null,
    decidedAt: null,
  };
  const figures = { reserved: 120, decidedAt: 2 };

  test('is not known while it is not read, or not decided', () => {
    expect(adjustmentOutcome([], 'request-1')).toEqual({ kind: 'none' });
    expect(adjustmentOutcome([adjustment], 'request-1')).toEqual({ kind: 'none' });
  });

  test('is told with the figures that stood for or against it', () => {
    const rejected = { ...adjustment, ...figures, status: 'REJECTED' as const, available: 380 };
    expect(adjustmentOutcome([rejected], 'request-1')).toEqual({
      kind: 'refused',
      message:
        '-450: Only 380 were available, and 120 reserved for open orders; nothing was changed.',
    });
    const adjusted = { ...adjustment, ...figures, status: 'ADJUSTED' as const, available: 30 };
    expect(
      adjustmentOutcome([rejected, { ...adjusted, eventId: 'request-2' }], 'request-2'),
    ).toEqual({ kind: 'booked', message: '-450: 30 were available after it, 120 reserved.' });
  });
});
