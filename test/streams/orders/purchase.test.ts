import { takePurchase } from '../../../streams/orders/purchase';
import { ORDER_ID, USER_ID, purchase } from '../saga/sample-event';
import { CAUSE, FAILED, ITEMS, PAID, PENDING, WAITING } from './sample-order';

describe('a purchase', () => {
  it('begins an order and asks to reserve each sku', () => {
    expect(takePurchase(undefined, purchase(ITEMS), CAUSE)).toMatchObject({
      kind: 'decided',
      order: PENDING,
      outputs: [
        {
          type: 'OrderCreated',
          orderId: ORDER_ID,
          userId: USER_ID,
          items: ITEMS,
          occurredAt: 1_000,
        },
        { type: 'StockReservationRequested', orderId: ORDER_ID, sku: 'a', quantity: 2 },
        { type: 'StockReservationRequested', orderId: ORDER_ID, sku: 'b', quantity: 3 },
      ],
    });
  });

  it('gives each of its requests an id of its own, and the same ones in a replay', () => {
    const ids = [1, 2].map(() => {
      const decision = takePurchase(undefined, purchase(ITEMS), CAUSE);
      return decision.kind === 'decided' ? decision.outputs.map(({ eventId }) => eventId) : [];
    });
    expect(new Set(ids[0]).size).toBe(3);
    expect(ids[1]).toEqual(ids[0]);
  });

  it.each([PENDING, WAITING, PAID, FAILED])('is absorbed when it comes again: $type', (order) => {
    expect(takePurchase(order, purchase(ITEMS), CAUSE)).toEqual({ kind: 'absorbed' });
  });

  it('is the same in another order of items and under another eventId', () => {
    const again = purchase([...ITEMS].reverse(), {}, 2);
    expect(takePurchase(WAITING, again, CAUSE)).toEqual({ kind: 'absorbed' });
  });

  it.each([
    ['a quantity', purchase([{ sku: 'a', quantity: 9 }, ...ITEMS.slice(1)])],
    ['a sku', purchase([{ sku: 'c', quantity: 2 }, ...ITEMS.slice(1)])],
    ['an item less', purchase(ITEMS.slice(1))],
    ['an item more', purchase([...ITEMS, { sku: 'c', quantity: 1 }])],
    ['the user', purchase(ITEMS, { userId: 'another' })],
  ])('that differs in %s leaves the first order as it is', (_what, other) => {
    for (const order of [PENDING, WAITING, PAID, FAILED]) {
      expect(takePurchase(order, other, CAUSE)).toMatchObject({
        kind: 'rejected',
        code: 'IDEMPOTENCY_CONFLICT',
      });
    }
  });

  it.each([
    ['no items', []],
    ['a sku twice', [...ITEMS, { sku: 'a', quantity: 1 }]],
    ['a quantity below 1', [{ sku: 'a', quantity: 0 }]],
    ['a quantity below 1', [{ sku: 'a', quantity: -1 }]],
    ['more than 100 items', Array.from({ length: 101 }, (_, n) => ({ sku: `${n}`, quantity: 1 }))],
  ])('with %s begins nothing', (fault, items) => {
    const decision = takePurchase(undefined, purchase(items), CAUSE);
    expect(decision).toMatchObject({ kind: 'rejected', code: 'MALFORMED_PURCHASE' });
    expect(decision).toHaveProperty('reason', expect.stringContaining(fault));
  });
});
