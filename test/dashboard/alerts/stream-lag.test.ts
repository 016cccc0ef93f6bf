import { lagOf } from '../../../dashboard/alerts/stream-lag';

test('apps that just handle what came are up to date', () => {
  expect(lagOf({ apps: [{ app: 'orders', lagRecords: 12 }] })).toEqual({
    kind: 'none',
    words: 'up to date',
  });
});

test('an app that is behind is named with what it has yet to take', () => {
  const apps = [
    { app: 'orders', lagRecords: 0 },
    { app: 'alerts', lagRecords: 12_000 },
  ];
  expect(lagOf({ apps })).toEqual({ kind: 'behind', words: 'alerts 12,000 records behind' });
});

test('an app of which nobody can tell is not called up to date', () => {
  const views = { app: 'views', lagRecords: null };
  expect(lagOf({ apps: [{ app: 'orders', lagRecords: 0 }, views] })).toEqual({
    kind: 'unknown',
    words: 'views not known',
  });
  expect(lagOf({ apps: [{ app: 'orders', lagRecords: 900 }, views] })).toEqual({
    kind: 'behind',
    words: 'orders 900 records behind, views not known',
  });
});
