import {
  offerKey,
  receiptKey,
  reservationKey,
  stockKey,
} from '../../../streams/inventory/state-key';

describe('the keys of inventory', () => {
  it('never meet, whatever a sku is called', () => {
    const keys = ['a', 'a/b', 'a/offer', 'a%2Fb'].flatMap((sku) => [
      stockKey(sku),
      offerKey(sku),
      reservationKey(sku, 'b'),
      receiptKey(sku, 'b'),
    ]);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('are the plain words for an ordinary sku', () => {
    expect([stockKey('a-1'), reservationKey('a-1', 'order')]).toEqual(['a-1', 'a-1/order']);
  });
});
