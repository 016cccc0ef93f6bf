import { pricingOf } from '../../../streams/orders/pricing';
import { ALL_RESERVED, HALF_RESERVED, PENDING, TOTAL, WAITING } from './sample-order';

describe('the price of an order', () => {
  it('is not known before every item is reserved', () => {
    expect(pricingOf(PENDING)).toEqual({ kind: 'incomplete' });
    expect(pricingOf(HALF_RESERVED)).toEqual({ kind: 'incomplete' });
  });

  it('is the sum over all items, in whichever order they were reserved', () => {
    const reversed = { ...ALL_RESERVED, reserved: [...ALL_RESERVED.reserved].reverse() };
    const expected = {
      kind: 'complete',
      items: WAITING.items,
      totalAmount: TOTAL,
      currency: 'JPY',
    };
    expect(pricingOf(ALL_RESERVED)).toEqual(expected);
    expect(pricingOf(reversed)).toEqual(expected);
  });

  it('is refused where whole yen would no longer be exact', () => {
    const reserved = ALL_RESERVED.reserved.map((offer) => {
      return { ...offer, unitPrice: Number.MAX_SAFE_INTEGER };
    });
    expect(() => pricingOf({ ...ALL_RESERVED, reserved })).toThrow('overflows');
  });
});
