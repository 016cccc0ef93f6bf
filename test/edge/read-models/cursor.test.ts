import { cursorOf, sortValuesOf, type SortKind } from '../../../edge/read-models/cursor';

const KINDS: readonly SortKind[] = ['instant', 'int', 'long', 'text'];
const RIGHT = [1_796_024_381_100, 3, 2 ** 40, 'a'] as const;

test('a cursor is read as it was written', () => {
  expect(sortValuesOf(cursorOf(RIGHT), KINDS)).toEqual(RIGHT);
  expect(sortValuesOf(undefined, KINDS)).toEqual([null, null, null, null]);
});

test.each([
  ['a time before all times of Postgres', [-253_402_300_799_999, 3, 1, 'a']],
  ['a time beyond them', [253_402_300_800_000, 3, 1, 'a']],
  ['a part of a millisecond', [0.5, 3, 1, 'a']],
  ['a number beyond its column', [1, 2 ** 31, 1, 'a']],
  ['a number that is none exactly', [1, 3, 2 ** 53, 'a']],
  ['a number as text', ['1', 3, 1, 'a']],
  ['a zero byte', [1, 3, 1, 'a\0']],
  ['a text without end', [1, 3, 1, 'a'.repeat(201)]],
  ['null', [1, 3, 1, null]],
  ['a value too few', [1, 3, 1]],
  ['a value too many', [1, 3, 1, 'a', 'b']],
])('a cursor that somebody made is refused: %s', (_what, values) => {
  const made = cursorOf(values as never);
  expect(() => sortValuesOf(made, KINDS)).toThrow(/`next` of the page before/);
});

test.each(['', 'a', '!', Buffer.from('{"0":1}').toString('base64url'), 'W10'])(
  'so is what is no cursor at all: "%s"',
  (text) => {
    expect(() => sortValuesOf(text, KINDS)).toThrow();
  },
);
