/** Why an order failed, in the shopper's words: from its reason, and from what was refused. Pure. */
import type { OrderView, TimelineEntry } from '../../edge/contract/api-types';
import type { EventOf } from '../../schemas/event';
import { eventOf } from '../live/event-of';
import { moneyText } from '../text/money';

const FAILURE_WORDS: Readonly<Record<NonNullable<OrderView['failureReason']>, string>> = {
  OUT_OF_STOCK: 'There is not enough stock left. Nothing was charged.',
  UNKNOWN_SKU: 'A product in the order is no longer for sale. Nothing was charged.',
  OVER_LIMIT: 'The order is above your spending limit. Nothing was charged.',
  PAYMENT_FAILED: 'PayPay did not take the payment.',
  PAYMENT_EXPIRED: 'The time to pay ran out.',
  CANCELLED: 'The order was cancelled before it was paid.',
  TIMED_OUT: 'The order could not be prepared in time. Nothing was charged.',
};

/** Without the timeline the reason alone. */
export function failureText(
  { failureReason }: Pick<OrderView, 'failureReason'>,
  timeline: readonly TimelineEntry[] = [],
): string {
  if (failureReason === null) return 'The order failed.';
  const refused = timeline.find(({ type }) => type === 'FundsHoldRejected');
  if (failureReason !== 'OVER_LIMIT' || refused === undefined) return FAILURE_WORDS[failureReason];
  const { amount, available, currency, exceeded, allowed } = eventOf<'FundsHoldRejected'>({
    type: 'FundsHoldRejected',
    payload: refused.payload,
  });
  if (exceeded === 'OPEN_ORDERS') {
    return `You may have ${String(allowed)} orders that wait for their payment. Pay or cancel one first. Nothing was charged.`;
  }
  if (exceeded === 'HELD_PIECES') {
    return `Orders that wait for their payment may hold ${String(allowed)} pieces together. Pay or cancel one first. Nothing was charged.`;
  }
  const free = moneyText(Math.max(0, available), currency);
  return `The order costs ${moneyText(amount, currency)}, and ${free} of your spending limit is free. Nothing was charged.`;
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
      return available <= 0 ? 'sold out' : `only ${available.toLocaleString('en-US')} left`;
    case 'UNKNOWN_SKU':
      return 'no longer for sale';
    case 'RELEASED_BEFORE':
      return '';
  }
}
