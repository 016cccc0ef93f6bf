import { diffOf } from '../../../dashboard/topics/record-diff';

test('two records differ in single fields, also below others', () => {
  const before = { status: 'PENDING', items: [{ sku: 'a', quantity: 1 }], at: 1 };
  const after = { status: 'PAID', items: [{ sku: 'a', quantity: 2 }], by: null };
  expect(diffOf(before, after)).toEqual({
    changes: [
      { path: 'at', before: '1', after: undefined },
      { path: 'by', before: undefined, after: 'null' },
      { path: 'items.0.quantity', before: '1', after: '2' },
      { path: 'status', before: '"PENDING"', after: '"PAID"' },
    ],
    same: 1,
  });
});

test('the same record differs in nothing', () => {
  expect(diffOf({ a: [] }, { a: [] })).toEqual({ changes: [], same: 1 });
});
