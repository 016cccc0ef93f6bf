/**
 * When payments asks again. Every pause is a pure function of the order and a count, so a replay
 * asks at the same times; orders of one moment are spread by jitter that derives from the orderId.
 */
import type { PaymentsSettings } from './settings';

/**
 * The pause before poll round `round` (0 for the first): 4-5 s, 6-7.5 s, 9-11.25 s … 30-37.5 s
 * with the default settings.
 */
export function pollDelayMs(settings: PaymentsSettings, orderId: string, round: number): number {
  const { pollFirstMs, pollFactor, pollMaxMs, jitterShare } = settings;
  const delayMs = Math.min(pollFirstMs * pollFactor ** round, pollMaxMs);
  return Math.round(delayMs * (1 + jitterShare * shareOf(`${orderId}/${round}`)));
}

/** The pause after the `failures`th failure in a row (1 for the first); doubles up to `maxMs`. */
export function retryDelayMs(
  settings: PaymentsSettings,
  orderId: string,
  failures: number,
  maxMs: number,
): number {
  const delayMs = Math.min(settings.retryFirstMs * 2 ** (failures - 1), maxMs);
  return Math.round(delayMs * (1 + settings.jitterShare * shareOf(`${orderId}/${failures}`)));
}

/**
 * When the verdict is checked the next time, counted from it: first at the times that are named, then
 * at a slow pace for as long as PayPay lets a shop refund. Undefined: never again.
 */
export function watchDelayMs(settings: PaymentsSettings, reads: number): number | undefined {
  const { watchAfterMs, watchEveryMs, watchUntilMs } = settings;
  const slowReads = reads - watchAfterMs.length;
  if (slowReads < 0) return watchAfterMs[reads];
  const delayMs = (watchAfterMs.at(-1) ?? 0) + (slowReads + 1) * watchEveryMs;
  return delayMs <= watchUntilMs ? delayMs : undefined;
}

/** A number in [0, 1) that depends on nothing but the text: FNV-1a, 32 bits. */
function shareOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  // FNV's last characters reach only the low bits; fold them over all.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
