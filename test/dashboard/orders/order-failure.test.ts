import { failureText, refusedItems } from '../../../dashboard/orders/order-failure';
import type { TimelineEntry } from '../../../edge/contract/api-types';

function entry(type: string, payload: Record<string, unknown>): TimelineEntry {
  const place = { topic: 'inventory.events.v1', partition: 0, offset: 1 };
  return { ...place, eventId: 'event-1', type, occurredAt: 1_000, loggedAt: 1_000, payload };
}

function stockRefused(sku: string, reason: string, available: number): TimelineEntry {
  return entry('StockReservationRejected', { sku, quantity: 5, reason, available });
}

test('an order that expired says so once, in words of its own', () => {
  expect(failureText({ failureReason: 'PAYMENT_EXPIRED' })).toBe('The time to pay ran out.');
});

test('an order above the limit says what it costs and what is free', () => {
  const refused = entry('FundsHoldRejected', { amount: 9_000, available: 1_200, currency: 'JPY' });
  expect(failureText({ failureReason: 'OVER_LIMIT' }, [refused])).toBe(
    'The order costs ¥9,000, and ¥1,200 of your spending limit is free. Nothing was charged.',
  );
});

test.each([
  ['OPEN_ORDERS', 'You may have 20 orders that wait for their payment.'],
  ['HELD_PIECES', 'may hold 20 pieces together.'],
])('an order beyond the limit %s says so, and what to do', (exceeded, words) => {
  const money = { amount: 9_000, available: 12_000, currency: 'JPY' };
  const refused = entry('FundsHoldRejected', { ...money, exceeded, allowed: 20, open: 20 });
  const text = failureText({ failureReason: 'OVER_LIMIT' }, [refused]);
  expect(text).toContain(words);
  expect(text).toContain('Pay or cancel one first.');
});

test('a limit that was lowered below what is held leaves nothing, not less than nothing', () => {
  const refused = entry('FundsHoldRejected', { amount: 9_000, available: -500, currency: 'JPY' });
  expect(failureText({ failureReason: 'OVER_LIMIT' }, [refused])).toContain('¥0 of your');
});

test('the products that were refused are named, and no other', () => {
  const refused = refusedItems([
    stockRefused('tea', 'OUT_OF_STOCK', 3),
    stockRefused('cup', 'OUT_OF_STOCK', 0),
    stockRefused('pot', 'UNKNOWN_SKU', 0),
    stockRefused('jar', 'RELEASED_BEFORE', 7),
  ]);
  expect(Object.fromEntries(refused)).toEqual({
    tea: 'only 3 left',
    cup: 'sold out',
    pot: 'no longer for sale',
  });
});
