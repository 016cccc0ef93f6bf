/**
 * A point in time as somebody types it on a command line. Without a zone it is the shop's: orders
 * and PayPay's reports are in it, and the machine's zone differs from one machine to the next.
 *
 *   2026-11-22              midnight in the shop's zone
 *   2026-11-22T16:00:05     in the shop's zone; a blank may stand for the T
 *   2026-11-22T16:00Z       or +09:00: as it says
 *   30m, 2h, 7d             that long ago
 *
 * What always holds: a time that does not exist, or that a clock shows twice, is never bent into
 * another one (test: "what is no time, or not one time, is refused with the reason").
 */
const SHOP_TIME_ZONE = 'Asia/Tokyo';

const DAY_MS = 86_400_000;
const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: DAY_MS } as const;
/** No zone is farther from UTC. */
const OFFSET_HOURS_MAX = 14;

const AGO = /^(\d{1,9})([smhd])$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(.*))?$/;
const OFFSET = /^([+-])(\d{2}):?(\d{2})$/;

export type CommandTime =
  | {
      readonly kind: 'time';
      /** Milliseconds since the epoch. */
      readonly at: number;
      /** How a time without a zone was taken, to be shown; null: it leaves nothing to tell. */
      readonly taken: string | null;
    }
  | { readonly kind: 'refused'; readonly why: string };

/** The IANA name that SHOP_TIME_ZONE gives, Asia/Tokyo without it. */
export function shopTimeZone(environment: NodeJS.ProcessEnv = process.env): string {
  return environment['SHOP_TIME_ZONE'] ?? SHOP_TIME_ZONE;
}

export function readCommandTime(text: string, now: number, zone = shopTimeZone()): CommandTime {
  const ago = AGO.exec(text);
  if (ago !== null) {
    const unitMs = UNITS_MS[ago[2] as keyof typeof UNITS_MS];
    return { kind: 'time', at: now - Number(ago[1]) * unitMs, taken: null };
  }
  const date = DATE.exec(text);
  if (date === null) return refused('is not a time; write 2026-11-22T16:00, or 30m, 2h, 7d ago');
  const wallMs = wallTimeOf(date.slice(1, 8));
  if (wallMs === undefined) return refused('does not exist in the calendar');
  const offset = date[8] ?? '';
  return offset === '' ? inZone(wallMs, zone) : atOffset(wallMs, offset);
}

function refused(why: string): CommandTime {
  return { kind: 'refused', why };
}

/** The fields as if they were UTC; undefined: there is no such day, or no such time of day. */
function wallTimeOf(fields: readonly (string | undefined)[]): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields.map((field) =>
    Number(field ?? 0),
  );
  const ms = Number((fields[6] ?? '').padEnd(3, '0'));
  const wallMs = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const is = new Date(wallMs);
  // Date moves 30 February on to 2 March; such a date has another day then.
  const exists =
    is.getUTCFullYear() === year &&
    is.getUTCMonth() === month - 1 &&
    is.getUTCDate() === day &&
    is.getUTCHours() === hour &&
    is.getUTCMinutes() === minute &&
    is.getUTCSeconds() === second;
  return exists ? wallMs : undefined;
}

function atOffset(wallMs: number, text: string): CommandTime {
  if (text === 'Z') return { kind: 'time', at: wallMs, taken: null };
  const [, sign, hours, minutes] = OFFSET.exec(text) ?? [];
  if (sign === undefined || Number(hours) > OFFSET_HOURS_MAX || Number(minutes) > 59) {
    return refused(`has no zone that is known here: ${text}; write Z, or +09:00`);
  }
  const offsetMs = Number(hours) * UNITS_MS.h + Number(minutes) * UNITS_MS.m;
  return { kind: 'time', at: wallMs - (sign === '-' ? -offsetMs : offsetMs), taken: null };
}

/**
 * Where a zone changes its offset, an hour is missing or there twice. A day before and a day after
 * have the offsets that can be meant; those that lead back to the wall time are.
 */
function inZone(wallMs: number, zone: string): CommandTime {
  const clock = clockOf(zone);
  if (clock === undefined) return refused(`needs SHOP_TIME_ZONE: ${zone} is not a time zone`);
  const offsets = [wallMs - DAY_MS, wallMs + DAY_MS].map((at) => clock(at) - at);
  const meant = [...new Set(offsets)]
    .map((offsetMs) => wallMs - offsetMs)
    .filter((at) => clock(at) === wallMs);
  const [at] = meant;
  if (at === undefined)
    return refused(`does not exist in ${zone}: its clocks are put forward then`);
  if (meant.length > 1) {
    return refused(`is there twice in ${zone}, whose clocks are put back then; add Z or an offset`);
  }
  const taken = `in ${zone}, the shop's zone (SHOP_TIME_ZONE): ${new Date(at).toISOString()}`;
  return { kind: 'time', at, taken };
}

/** What the zone's clocks show at an instant, as if it were UTC; undefined: no such zone. */
function clockOf(timeZone: string): ((at: number) => number) | undefined {
  const fields = {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  } as const;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone, ...fields });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const day = [part('year'), part('month') - 1, part('day')] as const;
    const time = [part('hour'), part('minute'), part('second'), part('fractionalSecond')] as const;
    return Date.UTC(...day, ...time);
  };
}
