import { isSameView, keptViews } from '../../../dashboard/alerts/saved-views';

const storage = (text: string | null) => ({ getItem: () => text });

test('a view is kept as the address that it is', () => {
  const kept = JSON.stringify([{ name: 'Urgent', query: { severity: 'P1', junk: 'x' } }]);
  expect(keptViews(storage(kept))).toEqual([{ name: 'Urgent', query: { severity: 'P1' } }]);
});

test.each([null, 'no json', '{}', '[1]', '[{"name":1}]'])('nothing is made of %j', (text) => {
  expect(keptViews(storage(text))).toEqual([]);
});

test('two addresses are the same view when they ask for the same alerts', () => {
  expect(isSameView({ status: 'UNRESOLVED' }, {})).toBe(true);
  expect(isSameView({ owner: 'me' }, {})).toBe(false);
});
