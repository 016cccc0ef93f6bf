import { takeCancellation } from '../../../streams/orders/cancellation';
import { USER_ID, cancellation } from '../saga/sample-event';
import {
  CAUSE,
  FAILED,
  FAILED_UNPRICED,
  HALF_RESERVED,
  PAID,
  PENDING,
  WAITING,
} from './sample-order';

describe('a cancellation', () => {
  it('fails a pending order at once', () => {
    expect(takeCancellation(HALF_RESERVED, cancellation(), CAUSE)).toMatchObject({
      order: FAILED_UNPRICED,
      outputs: [
        { type: 'OrderFailed', reason: 'CANCELLED' },
        { type: 'StockReleaseRequested', sku: 'a' },
        { type: 'StockReleaseRequested', sku: 'b' },
      ],
    });
  });

  it('of a waiting order only asks payments to find out, and only once', () => {
    const first = takeCancellation(WAITING, cancellation(), CAUSE);
    expect(first).toMatchObject({
      order: { ...WAITING, cancelling: true },
      outputs: [{ type: 'OrderCancellationStarted', userId: USER_ID, reason: 'changed my mind' }],
    });
    const after = first.kind === 'decided' ? first.order : PENDING;
    expect(takeCancellation(after, cancellation(), CAUSE)).toEqual({ kind: 'absorbed' });
  });

  it.each([PAID, FAILED])('of an order that has ended changes nothing: $type', (order) => {
    expect(takeCancellation(order, cancellation(), CAUSE)).toEqual({ kind: 'absorbed' });
  });

  it.each([PENDING, WAITING, PAID, FAILED])(
    'by anyone but the owner is refused: $type',
    (order) => {
      expect(takeCancellation(order, cancellation('another'), CAUSE)).toMatchObject({
        kind: 'rejected',
        code: 'NOT_OWNER',
      });
    },
  );
});
