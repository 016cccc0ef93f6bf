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
