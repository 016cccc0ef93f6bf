import { fail, timeOut } from '../../../streams/orders/failure';
import type { FailedOrder, OpenOrder } from '../../../streams/orders/order';
import {
  ALL_RESERVED,
  CAUSE,
  FAILED,
  FAILED_UNPRICED,
  HALF_RESERVED,
  PENDING,
  TOTAL,
  WAITING,
} from './sample-order';

const FAILURE = { reason: 'OUT_OF_STOCK', detail: 'none left' } as const;
const RELEASES = [
  { type: 'StockReleaseRequested', sku: 'a', quantity: 2 },
  { type: 'StockReleaseRequested', sku: 'b', quantity: 3 },
];
const FUNDS_RELEASE = { type: 'FundsReleaseRequested', amount: TOTAL, currency: 'JPY' };

describe('an order that fails', () => {
  it.each<[string, OpenOrder, FailedOrder, readonly object[]]>([
    ['before any answer', PENDING, FAILED_UNPRICED, RELEASES],
    ['with one item reserved', HALF_RESERVED, FAILED_UNPRICED, RELEASES],
    ['while the funds are asked for', ALL_RESERVED, FAILED, [...RELEASES, FUNDS_RELEASE]],
    ['while it waits for the payment', WAITING, FAILED, [...RELEASES, FUNDS_RELEASE]],
  ])('%s releases all it ever asked for', (_when, order, failed, releases) => {
    expect(fail(order, FAILURE, CAUSE)).toMatchObject({
      order: failed,
      outputs: [{ type: 'OrderFailed', userId: 'shopper', ...FAILURE }, ...releases],
    });
  });

  it('gives every request an id of its own', () => {
    const ids = fail(WAITING, FAILURE, CAUSE).outputs.map(({ eventId }) => eventId);
    expect(new Set(ids).size).toBe(4);
  });

  it('keeps what is known of its payment', () => {
    const payment = { ...WAITING.payment, lastFailureAt: 90 };
    expect(fail({ ...WAITING, payment }, FAILURE, CAUSE).order).toMatchObject({ payment });
  });

  it('at its deadline says how far it had come', () => {
    expect(timeOut(HALF_RESERVED, CAUSE).outputs[0]).toMatchObject({
      reason: 'TIMED_OUT',
      detail: '1 of 2 items were reserved in time',
    });
  });
});
