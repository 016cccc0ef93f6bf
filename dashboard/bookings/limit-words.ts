/** What a new spending limit would change, and what came of a change, in words. */
import type { AccountView, SpendingLimitHistory } from '../../edge/contract/api-types';
import { t } from '../i18n/translate';
import { moneyText } from '../text/money';
import type { BookingOutcome } from './booking';
import { NOTHING_TYPED, isWhole, type Preview, type Typed } from './preview';

/** Whole yen; the edge refuses more. */
export const SPENDING_LIMIT_YEN_MAX = 1_000_000_000;

/** `account`: null where the shop's usual limit stands and nothing was ordered. */
export function limitPreview(account: AccountView | null, limit: Typed): Preview {
  if (!isWhole(limit)) return NOTHING_TYPED;
  if (limit < 0 || limit > SPENDING_LIMIT_YEN_MAX) {
    return {
      kind: 'against',
      message: t('bookings.limit.range', { max: moneyText(SPENDING_LIMIT_YEN_MAX) }),
    };
  }
  const spent = (account?.held ?? 0) + (account?.used ?? 0);
  return {
    kind: 'becomes',
    figures: [
      { label: t('bookings.limit.limit'), before: textOf(account?.limit), after: moneyText(limit) },
      {
        label: t('bookings.limit.available'),
        before: textOf(account?.available),
        after: moneyText(limit - spent),
      },
    ],
    warning: limit < spent ? t('bookings.limit.below', { spent: moneyText(spent) }) : '',
  };
}

function textOf(amount: number | null | undefined): string {
  return typeof amount === 'number' ? moneyText(amount) : t('bookings.preview.usual');
}

/** What the history of the limit says of the request `eventId`. */
export function limitOutcome(
  changes: SpendingLimitHistory['changes'],
  eventId: string,
): BookingOutcome {
  const change = changes.find((known) => known.eventId === eventId);
  if (change === undefined) return { kind: 'none' };
  return { kind: 'booked', message: t('bookings.limit.now', { limit: moneyText(change.limit) }) };
}
