import { durationText, jstText, utcText } from '../../../dashboard/text/time';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe('durationText', () => {
  test.each([
    [0, '0s'],
    [59_999, '59s'],
    [4 * MINUTE_MS + 12_000, '4m12s'],
    [3 * HOUR_MS + 5 * MINUTE_MS, '3h05m'],
    [52 * HOUR_MS, '2d04h'],
  ])('%i ms are %s', (durationMs, text) => {
    expect(durationText(durationMs)).toBe(text);
  });

  test('what lies ahead by a clock that is off is now', () => {
    expect(durationText(-5_000)).toBe('0s');
  });
});

describe('an instant', () => {
  const instant = Date.UTC(2026, 10, 22, 15, 4, 5, 7);

  test('is the next day in Japan when it is evening in London', () => {
    expect(utcText(instant)).toBe('2026-11-22 15:04:05.007');
    expect(jstText(instant)).toBe('2026-11-23 00:04:05.007');
  });
});
