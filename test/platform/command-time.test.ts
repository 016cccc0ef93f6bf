import { readCommandTime, shopTimeZone } from '../../platform/command-time';

const NOW = Date.parse('2026-11-22T12:00:00Z');

/** The instant in UTC. */
function instantOf(text: string, zone?: string): string {
  const read = readCommandTime(text, NOW, zone);
  return read.kind === 'time' ? new Date(read.at).toISOString() : `refused: it ${read.why}`;
}

test.each([
  ['2026-11-22', '2026-11-21T15:00:00.000Z'],
  ['2026-11-22T16:00', '2026-11-22T07:00:00.000Z'],
  ['2026-11-22 16:00:05', '2026-11-22T07:00:05.000Z'],
  ['2026-11-22T00:00:05.25', '2026-11-21T15:00:05.250Z'],
  ['2028-02-29T08:00', '2028-02-28T23:00:00.000Z'],
])('%s without a zone is the time of a shop in Japan', (text, instant) => {
  expect(instantOf(text, 'Asia/Tokyo')).toBe(instant);
});

test.each([
  ['2026-11-22T16:00Z', '2026-11-22T16:00:00.000Z'],
  ['2026-11-22T16:00:00.5Z', '2026-11-22T16:00:00.500Z'],
  ['2026-11-22T16:00+09:00', '2026-11-22T07:00:00.000Z'],
  ['2026-11-22T16:00-0330', '2026-11-22T19:30:00.000Z'],
  ['45s', '2026-11-22T11:59:15.000Z'],
  ['30m', '2026-11-22T11:30:00.000Z'],
  ['2h', '2026-11-22T10:00:00.000Z'],
  ['7d', '2026-11-15T12:00:00.000Z'],
])('%s is what it says, whatever the zone of the shop', (text, instant) => {
  expect(instantOf(text, 'Asia/Tokyo')).toBe(instant);
  expect(instantOf(text, 'America/New_York')).toBe(instant);
});

test.each([
  ['2026-07-01T12:00', '2026-07-01T16:00:00.000Z'],
  ['2026-12-01T12:00', '2026-12-01T17:00:00.000Z'],
  ['2026-03-08T01:59', '2026-03-08T06:59:00.000Z'],
  ['2026-03-08T03:00', '2026-03-08T07:00:00.000Z'],
  ['2026-11-01T00:59', '2026-11-01T04:59:00.000Z'],
  ['2026-11-01T02:00', '2026-11-01T07:00:00.000Z'],
])('%s has the offset that New York has at that time', (text, instant) => {
  expect(instantOf(text, 'America/New_York')).toBe(instant);
});

test.each([
  ['2026-02-30', 'does not exist in the calendar'],
  ['2026-02-30T10:00:00Z', 'does not exist in the calendar'],
  ['2026-02-29T10:00+09:00', 'does not exist in the calendar'],
  ['2026-13-01', 'does not exist in the calendar'],
  ['2026-11-22T24:00', 'does not exist in the calendar'],
  ['2026-11-22T16:60', 'does not exist in the calendar'],
  ['2026-03-08T02:30', 'does not exist in America/New_York'],
  ['2026-11-01T01:30', 'is there twice in America/New_York'],
  ['2026-11-22T16:00JST', 'has no zone that is known here: JST'],
  ['2026-11-22T16:00+25:00', 'has no zone that is known here: +25:00'],
  ['2026-11-22Z', 'is not a time'],
  ['22 November 2026', 'is not a time'],
  ['1700000000000', 'is not a time'],
  ['', 'is not a time'],
])('what is no time, or not one time, is refused with the reason: %s %s', (text, why) => {
  const read = readCommandTime(text, NOW, 'America/New_York');
  expect(read).toMatchObject({ kind: 'refused', why: expect.stringContaining(why) as unknown });
});

test('how a time without a zone was taken is told, and nothing of one that leaves no choice', () => {
  expect(readCommandTime('2026-11-22T16:00', NOW, 'Asia/Tokyo')).toMatchObject({
    taken: "in Asia/Tokyo, the shop's zone (SHOP_TIME_ZONE): 2026-11-22T07:00:00.000Z",
  });
  for (const text of ['2026-11-22T16:00Z', '2h']) {
    expect(readCommandTime(text, NOW, 'Asia/Tokyo')).toMatchObject({ taken: null });
  }
});

test('the zone of the shop is a setting, which must name one', () => {
  expect(shopTimeZone({})).toBe('Asia/Tokyo');
  expect(shopTimeZone({ SHOP_TIME_ZONE: 'Europe/Paris' })).toBe('Europe/Paris');
  expect(instantOf('2026-11-22', 'Asia/Kyoto')).toBe(
    'refused: it needs SHOP_TIME_ZONE: Asia/Kyoto is not a time zone',
  );
});
