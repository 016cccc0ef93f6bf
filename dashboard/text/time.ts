/** Instants and durations as people read them. Instants are milliseconds since the epoch. */
import { t } from '../i18n/translate';

const SECOND_MS = 1_000;

/** 7s, 4m12s, 3h05m, 2d04h, with the units of the language. A negative duration, which clocks that differ can make, is 0s. */
export function durationText(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / SECOND_MS));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const [s, m, h] = [t('common.time.s'), t('common.time.m'), t('common.time.h')];
  if (minutes === 0) return `${String(seconds)}${s}`;
  if (hours === 0) return `${String(minutes)}${m}${twoDigits(seconds % 60)}${s}`;
  if (days === 0) return `${String(hours)}${h}${twoDigits(minutes % 60)}${m}`;
  return `${String(days)}${t('common.time.d')}${twoDigits(hours % 24)}${h}`;
}

/** 2026-11-22 17:04:05.123 in Japan. */
export function jstText(instant: number): string {
  return clockText(instant, JST);
}

/** 2026-11-22 08:04:05.123 in UTC. */
export function utcText(instant: number): string {
  return clockText(instant, UTC);
}

const JST = formatIn('Asia/Tokyo');
const UTC = formatIn('UTC');

function formatIn(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  });
}

function clockText(instant: number, format: Intl.DateTimeFormat): string {
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  const date = `${part('year')}-${part('month')}-${part('day')}`;
  const time = `${part('hour')}:${part('minute')}:${part('second')}`;
  return `${date} ${time}.${part('fractionalSecond')}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
