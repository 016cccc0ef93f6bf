import { takeProduct } from '../../../streams/inventory/offer';
import { product } from '../saga/sample-event';

describe('a product', () => {
  it('says at which price a sku is for sale', () => {
    expect(takeProduct(product('a', 500))).toEqual({
      kind: 'offered',
      offer: { type: 'OfferState', sku: 'a', unitPrice: 500, currency: 'JPY', active: true },
    });
  });

  it.each([0, -1])('at %d yen is malformed', (price) => {
    expect(takeProduct(product('a', price))).toMatchObject({ kind: 'malformed' });
  });
});
