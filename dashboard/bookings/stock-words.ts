/**
 * What a booking would make of the stock of a sku, and what came of a correction, in words.
 *
 *   500 / 380 / 120 / 0    deliver  100    600 / 480 / 120 / 0
 *                          correct -380    120 / 0 / 120 / 0
 *                          correct -450    against it: 380 are available, 120 are reserved
 *   (test: "a correction never takes what is reserved")
 */
import type { StockAdjustmentView, StockLevelView } from '../../edge/contract/api-types';
import { numberText, t } from '../i18n/translate';
import type { BookingOutcome } from './booking';
import { NOTHING_TYPED, isWhole, type Preview, type Typed } from './preview';

/** Of one delivery or correction; the edge refuses more. */
export const STOCK_PIECES_MAX = 1_000_000;

type Figures = Pick<StockLevelView, 'total' | 'available' | 'reserved' | 'sold'>;

const NOTHING_BOOKED: Figures = { total: 0, available: 0, reserved: 0, sold: 0 };

export function piecesText(pieces: number): string {
  return numberText(pieces);
}

/** +20, -450: as it is added. */
export function signedText(pieces: number): string {
  return `${pieces > 0 ? '+' : ''}${piecesText(pieces)}`;
}

/** `level`: null where nothing was ever booked. */
export function deliveryPreview(level: Figures | null, pieces: Typed): Preview {
  if (!isWhole(pieces)) return NOTHING_TYPED;
  if (pieces < 1) return { kind: 'against', message: t('bookings.delivery.atLeastOne') };
  return withinLimit(pieces) ?? becomes(level ?? NOTHING_BOOKED, pieces);
}

export function correctionPreview(level: Figures | null, pieces: Typed): Preview {
  if (!isWhole(pieces)) return NOTHING_TYPED;
  if (pieces === 0) return { kind: 'against', message: t('bookings.correction.zero') };
  const before = level ?? NOTHING_BOOKED;
  const { available, reserved } = before;
  if (available + pieces < 0) {
    const message = t('bookings.correction.notThere', {
      available: piecesText(available),
      reserved: piecesText(reserved),
    });
    return { kind: 'against', message };
  }
  return withinLimit(pieces) ?? becomes(before, pieces);
}

function withinLimit(pieces: number): Preview | undefined {
  if (Math.abs(pieces) <= STOCK_PIECES_MAX) return undefined;
  return {
    kind: 'against',
    message: t('bookings.correction.atMost', { n: piecesText(STOCK_PIECES_MAX) }),
  };
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
      figure(t('bookings.stock.inAll'), total, total + pieces),
      figure(t('bookings.stock.available'), available, available + pieces),
      figure(t('bookings.stock.reserved'), reserved, reserved),
      figure(t('bookings.stock.sold'), sold, sold),
    ],
    warning: '',
  };
}

/** What stood for or against it when inventory decided. */
export function adjustmentText({ status, available, reserved }: StockAdjustmentView): string {
  if (status === 'REQUESTED') return t('bookings.correction.undecided');
  return t(`bookings.correction.${status === 'ADJUSTED' ? 'after' : 'against'}`, {
    available: piecesText(available ?? 0),
    reserved: piecesText(reserved ?? 0),
  });
}

/** What the history of the sku says of the request `eventId`. */
export function adjustmentOutcome(
  adjustments: readonly StockAdjustmentView[],
  eventId: string,
): BookingOutcome {
  const adjustment = adjustments.find((known) => known.eventId === eventId);
  if (adjustment === undefined || adjustment.status === 'REQUESTED') return { kind: 'none' };
  const message = t('bookings.correction.outcome', {
    quantity: signedText(adjustment.quantity),
    text: adjustmentText(adjustment),
  });
  return { kind: adjustment.status === 'ADJUSTED' ? 'booked' : 'refused', message };
}
