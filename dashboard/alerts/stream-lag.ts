/** How far the apps are behind the log, for the operator's first screen. */
import { computed, type ComputedRef } from 'vue';
import type { StreamLag } from '../../edge/contract/api-types';
import type { EdgeApi } from '../api/edge-api';
import { usePolledLoad } from '../api/load';
import { numberText, t } from '../i18n/translate';

/** One look at Kafka's offsets each time. */
const READ_EVERY_MS = 5_000;
/** Less than a second of a busy shop: what is just being handled is not behind. */
const BEHIND_RECORDS_MIN = 500;

export interface Lag {
  readonly kind: 'unknown' | 'none' | 'behind';
  readonly words: string;
}

export function lagOf({ apps }: StreamLag): Lag {
  const words = apps.flatMap(({ app, lagRecords }) => {
    if (lagRecords === null) return [t('alerts.summary.appNotKnown', { app })];
    if (lagRecords < BEHIND_RECORDS_MIN) return [];
    return [t('alerts.summary.appBehind', { app, n: numberText(lagRecords) })];
  });
  if (words.length === 0) return { kind: 'none', words: t('alerts.summary.upToDate') };
  const isBehind = apps.some(({ lagRecords }) => (lagRecords ?? 0) >= BEHIND_RECORDS_MIN);
  return { kind: isBehind ? 'behind' : 'unknown', words: words.join(', ') };
}

export function useLag(api: Pick<EdgeApi, 'lag'>): ComputedRef<Lag> {
  const { state } = usePolledLoad(() => api.lag(), READ_EVERY_MS);
  return computed(() =>
    state.value.kind === 'loaded'
      ? lagOf(state.value.value)
      : { kind: 'unknown', words: t('alerts.summary.notKnown') },
  );
}
