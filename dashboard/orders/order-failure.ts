/** Why an order failed, in the shopper's words: from its reason, and from what was refused. Pure. */
import type { OrderView, TimelineEntry } from '../../edge/contract/api-types';
import type { EventOf } from '../../schemas/event';
import { eventOf } from '../live/event-of';
import { numberText, t } from '../i18n/translate';
import { moneyText } from '../text/money';

/** Without the timeline the reason alone. */
export function failureText(
  { failureReason }: Pick<OrderView, 'failureReason'>,
  timeline: readonly TimelineEntry[] = [],
): string {
  if (failureReason === null) return t('orders.failure.plain');
  const refused = timeline.find(({ type }) => type === 'FundsHoldRejected');
  if (failureReason !== 'OVER_LIMIT' || refused === undefined) {
    return t(`orders.failure.${failureReason}`);
  }
  const { amount, available, currency, exceeded, allowed } = eventOf<'FundsHoldRejected'>({
    type: 'FundsHoldRejected',
    payload: refused.payload,
  });
  if (exceeded === 'OPEN_ORDERS') {
    return t('orders.failure.openOrders', { n: allowed });
  }
  if (exceeded === 'HELD_PIECES') {
    return t('orders.failure.heldPieces', { n: allowed });
  }
  const free = moneyText(Math.max(0, available), currency);
  return t('orders.failure.overLimit', { amount: moneyText(amount, currency), free });
}

/** What was wrong with single products, by their sku. */
export function refusedItems(timeline: readonly TimelineEntry[]): ReadonlyMap<string, string> {
  return new Map(
    timeline.flatMap((entry): [string, string][] => {
      if (entry.type !== 'StockReservationRejected') return [];
      const event = eventOf<'StockReservationRejected'>({
        type: 'StockReservationRejected',
        payload: entry.payload,
      });
      const words = refusalWords(event);
      return words === '' ? [] : [[event.sku, words]];
    }),
  );
}

function refusalWords({ reason, available }: EventOf<'StockReservationRejected'>): string {
  switch (reason) {
    case 'OUT_OF_STOCK':
      return available <= 0
        ? t('orders.failure.soldOut')
        : t('orders.failure.onlyLeft', { n: numberText(available) });
    case 'UNKNOWN_SKU':
      return t('orders.failure.notForSale');
    case 'RELEASED_BEFORE':
      return '';
  }
}
