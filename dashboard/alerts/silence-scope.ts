/** Which alerts a silence is about, seen from one of them, and for how long. Pure. */
import type { AlertView, SilenceBody, SilenceView } from '../../edge/contract/api-types';
import { t } from '../i18n/translate';
import { ruleLetter } from './alert-words';

export const SILENCE_SCOPES = ['ALERT', 'ORDER', 'RULE'] as const;
export type SilenceScope = (typeof SILENCE_SCOPES)[number];

const MINUTE_MS = 60_000;
/** What operators mostly need; anything else is typed in. */
export const SILENCE_PERIODS = [
  { text: 'alerts.silences.periods.halfHour', ms: 30 * MINUTE_MS },
  { text: 'alerts.silences.periods.twoHours', ms: 120 * MINUTE_MS },
  { text: 'alerts.silences.periods.eightHours', ms: 480 * MINUTE_MS },
  { text: 'alerts.silences.periods.day', ms: 1_440 * MINUTE_MS },
] as const;

export function scopeWords(scope: SilenceScope, { rule }: Pick<AlertView, 'rule'>): string {
  return t(`alerts.silences.scopes.${scope}`, { letter: ruleLetter(rule) });
}

/** What a silence is about, wherever it is looked at from. */
export function silenceWords({ rule, orderId }: Pick<SilenceView, 'rule' | 'orderId'>): string {
  const rules =
    rule === null ? t('alerts.silences.everyRule') : t('alerts.rule', { letter: ruleLetter(rule) });
  return orderId === null
    ? t('alerts.silences.onEvery', { rules })
    : t('alerts.silences.onOrder', { rules, id: orderId });
}

export function matcherOf(
  scope: SilenceScope,
  { rule, orderId }: Pick<AlertView, 'rule' | 'orderId'>,
): Pick<SilenceBody, 'rule' | 'orderId'> {
  return {
    ...(scope === 'ORDER' ? {} : { rule }),
    ...(scope === 'RULE' ? {} : { orderId }),
  };
}

/** The silence that keeps the alert quiet for longest; undefined: none does. */
export function silenceOf(
  { rule, orderId }: Pick<AlertView, 'rule' | 'orderId'>,
  silences: readonly SilenceView[],
  now: number,
): SilenceView | undefined {
  const matching = silences.filter(
    (silence) =>
      silence.until > now &&
      (silence.rule ?? rule) === rule &&
      (silence.orderId ?? orderId) === orderId,
  );
  return matching.sort((a, b) => b.until - a.until)[0];
}
