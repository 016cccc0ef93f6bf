/** How far the apps are behind the log, for the operator's first screen. */
import { computed, type ComputedRef } from 'vue';
import type { StreamLag } from '../../edge/contract/api-types';
import type { EdgeApi } from '../api/edge-api';
import { usePolledLoad } from '../api/load';

/** One look at Kafka's offsets each time. */
const READ_EVERY_MS = 5_000;
/** Less than a second of a busy shop: what is just being handled is not behind. */
const BEHIND_RECORDS_MIN = 500;

export interface Lag {
  readonly kind: 'unknown' | 'none' | 'behind';
  readonly words: string;
}

export function lagOf({ apps }: StreamLag): Lag {
  const behind = apps.filter(({ lagRecords }) => lagRecords >= BEHIND_RECORDS_MIN);
  if (behind.length === 0) return { kind: 'none', words: 'up to date' };
  const words = behind.map(
    ({ app, lagRecords }) => `${app} ${lagRecords.toLocaleString('en-US')} records behind`,
  );
  return { kind: 'behind', words: words.join(', ') };
}

export function useLag(api: Pick<EdgeApi, 'lag'>): ComputedRef<Lag> {
  const { state } = usePolledLoad(() => api.lag(), READ_EVERY_MS);
  return computed(() =>
    state.value.kind === 'loaded'
      ? lagOf(state.value.value)
      : { kind: 'unknown', words: 'not known' },
  );
}
