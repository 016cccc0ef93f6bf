/**
 * What a booking would make of the stock of a sku, and what came of a correction, in words.
 *
 *   500 / 380 / 120 / 0    deliver  100    600 / 480 / 120 / 0
 *                          correct -380    120 / 0 / 120 / 0
 *                          correct -450    against it: 380 are available, 120 are reserved
 *   (test: "a correction never takes what is reserved")
 */
import type { StockAdjustmentView, StockLevelView } from '../../edge/contract/api-types';
import type { BookingOutcome } from './booking';
import { NOTHING_TYPED, isWhole, type Preview, type Typed } from './preview';

/** Of one delivery or correction; the edge refuses more. */
export const STOCK_PIECES_MAX = 1_000_000;

type Figures = Pick<StockLevelView, 'total' | 'available' | 'reserved' | 'sold'>;

const NOTHING_BOOKED: Figures = { total: 0, available: 0, reserved: 0, sold: 0 };

export function piecesText(pieces: number): string {
  return pieces.toLocaleString('en-US');
}

/** +20, -450: as it is added. */
export function signedText(pieces: number): string {
  return `${pieces > 0 ? '+' : ''}${piecesText(pieces)}`;
}

/** `level`: null where nothing was ever booked. */
export function deliveryPreview(level: Figures | null, pieces: Typed): Preview {
  if (!isWhole(pieces)) return NOTHING_TYPED;
  if (pieces < 1) return { kind: 'against', message: 'A delivery has at least one piece.' };
  return withinLimit(pieces) ?? becomes(level ?? NOTHING_BOOKED, pieces);
}

export function correctionPreview(level: Figures | null, pieces: Typed): Preview {
  if (!isWhole(pieces)) return NOTHING_TYPED;
  if (pieces === 0) return { kind: 'against', message: '0 pieces correct nothing.' };
  const before = level ?? NOTHING_BOOKED;
  const { available, reserved } = before;
  if (available + pieces < 0) {
    const message =
      `${piecesText(available)} are available and ${piecesText(reserved)} reserved for open ` +
      `orders; at most ${piecesText(available)} can be taken off.`;
    return { kind: 'against', message };
  }
  return withinLimit(pieces) ?? becomes(before, pieces);
}

function withinLimit(pieces: number): Preview | undefined {
  if (Math.abs(pieces) <= STOCK_PIECES_MAX) return undefined;
  return { kind: 'against', message: `At most ${piecesText(STOCK_PIECES_MAX)} pieces at once.` };
}

function becomes({ total, available, reserved, sold }: Figures, pieces: number): Preview {
  const figure = (label: string, before: number, after: number) => ({
    label,
    before: piecesText(before),
    after: piecesText(after),
  });
  return {
    kind: 'becomes',
    figures: [
      figure('In all', total, total + pieces),
      figure('Available', available, available + pieces),
      figure('Reserved', reserved, reserved),
      figure('Sold', sold, sold),
    ],
    warning: '',
  };
}

export const ADJUSTMENT_WORDS: Readonly<Record<StockAdjustmentView['status'], string>> = {
  REQUESTED: 'Not decided yet',
  ADJUSTED: 'Corrected',
  REJECTED: 'Rejected',
};

/** What stood for or against it when inventory decided. */
export function adjustmentText({ status, available, reserved }: StockAdjustmentView): string {
  if (status === 'REQUESTED') return 'Inventory has not decided yet.';
  const [free, held] = [available ?? 0, reserved ?? 0].map(piecesText);
  return status === 'ADJUSTED'
    ? `${free} were available after it, ${held} reserved.`
    : `Only ${free} were available, and ${held} reserved for open orders; nothing was changed.`;
}

/** What the history of the sku says of the request `eventId`. */
export function adjustmentOutcome(
  adjustments: readonly StockAdjustmentView[],
  eventId: string,
): BookingOutcome {
  const adjustment = adjustments.find((known) => known.eventId === eventId);
  if (adjustment === undefined || adjustment.status === 'REQUESTED') return { kind: 'none' };
  const message = `${signedText(adjustment.quantity)}: ${adjustmentText(adjustment)}`;
  return { kind: adjustment.status === 'ADJUSTED' ? 'booked' : 'refused', message };
}
