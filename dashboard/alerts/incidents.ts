/**
 * Incidents, and what explains or silences alerts, as the edge groups them; read again and again
 * while the calling component lives, because conditions and silences end by themselves.
 */
import { computed, type ComputedRef } from 'vue';
import type {
  AlertView,
  ConditionView,
  IncidentList,
  SilenceView,
} from '../../edge/contract/api-types';
import type { EdgeApi } from '../api/edge-api';
import { knownValue, usePolledLoad, type Load } from '../api/load';
import { silenceOf } from './silence-scope';

/** How late a condition or a silence is seen; one small query each time. */
const READ_EVERY_MS = 5_000;

export interface Incidents {
  readonly load: Load<IncidentList>;
  /** Undefined until they were read once. */
  readonly list: ComputedRef<IncidentList | undefined>;
}

export function useIncidents(api: Pick<EdgeApi, 'incidents'>): Incidents {
  const load = usePolledLoad(() => api.incidents(), READ_EVERY_MS);
  return { load, list: computed(() => knownValue(load.state.value)) };
}

/** Why an alert is shown without urgency. */
export type Quiet =
  | { readonly kind: 'no' }
  | { readonly kind: 'silenced'; readonly silence: SilenceView }
  | { readonly kind: 'explained'; readonly by: ConditionView['condition'] };

const LOUD: Quiet = { kind: 'no' };

/**
 * To be asked for each of a long list, at a time: the incidents that are explained are gone through
 * once, not for every alert. Before they were read nothing is quiet.
 */
export function quietAmong(
  list: IncidentList | undefined,
): (alert: AlertView, now: number) => Quiet {
  if (list === undefined) return () => LOUD;
  const explained = new Map(
    list.incidents.flatMap(({ alertIds, explainedBy }) =>
      explainedBy === null ? [] : alertIds.map((alertId) => [alertId, explainedBy] as const),
    ),
  );
  return (alert, now) => {
    if (alert.status === 'RESOLVED') return LOUD;
    const silence = silenceOf(alert, list.silences, now);
    if (silence !== undefined) return { kind: 'silenced', silence };
    const by = explained.get(alert.alertId);
    return by === undefined ? LOUD : { kind: 'explained', by };
  };
}
