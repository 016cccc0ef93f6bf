import { EdgeError } from '../../../edge/errors';
import { cursorOf } from '../../../edge/read-models/cursor';
import { cursorText, placeOf } from '../../../edge/search/search-cursor';

test('a place is read as it was written', () => {
  const place = { rank: 5, order: 'matcha', sku: 'S-1' };
  expect(placeOf(cursorText(place), 'after')).toEqual(place);
});

test.each([
  ['a rank that is none', [6, 'a', 'S-1']],
  ['a rank beyond any column', [2 ** 40, 'a', 'S-1']],
  ['a rank below all', [-1, 'a', 'S-1']],
  ['a rank as text', ['1', 'a', 'S-1']],
  ['no sku', [1, 'a', '']],
  ['a zero byte', [1, 'a\0', 'S-1']],
])('a place that somebody made is refused: %s', (_what, values) => {
  const made = cursorOf(values);
  expect(() => placeOf(made, 'after')).toThrow(new EdgeError('INVALID_FIELD'));
});
