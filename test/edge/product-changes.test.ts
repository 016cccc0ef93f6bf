import { productChangeOf, type ProductState } from '../../edge/product-changes';

const before: ProductState = {
  eventId: 'one',
  version: 3,
  name: 'Green tea',
  nameJa: '緑茶',
  description: '',
  descriptionJa: '',
  unitPrice: 400,
  currency: 'JPY',
  imageUrl: null,
  active: true,
  actor: 'ops-1',
  reason: '',
  changedAt: 1,
};

describe('a change of a product', () => {
  test.each([
    ['the first record', before, undefined, 'ADDED', []],
    ['another price', { ...before, unitPrice: 500 }, before, 'CHANGED', ['unitPrice']],
    ['nothing', { ...before, version: 4, actor: 'ops-2' }, before, 'CHANGED', []],
    ['off sale', { ...before, active: false }, before, 'WITHDRAWN', ['active']],
    [
      'back, renamed',
      { ...before, name: 'Tea' },
      { ...before, active: false },
      'RESTORED',
      ['name', 'active'],
    ],
  ] as const)('with %s', (_which, state, earlier, change, changed) => {
    expect(productChangeOf(state, earlier)).toEqual({ ...state, change, changed });
  });
});
