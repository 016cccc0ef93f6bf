/**
 * The rows of a list that stay where they are while somebody reads it: what is new waits until it is
 * asked for, and what does not belong any more stays until then. Only an empty list takes new rows
 * by itself: there is nothing that could jump.
 */
import { computed, shallowRef, watch, type ComputedRef, type Ref } from 'vue';
import type { AlertView } from '../../edge/contract/api-types';
import { alertsAmong } from './alert-board';

export interface SteadyList {
  readonly rows: ComputedRef<readonly AlertView[]>;
  /** In the order of the list. */
  readonly waiting: ComputedRef<readonly AlertView[]>;
  /** Puts the list as it is now on the screen. */
  readonly show: () => void;
}

/** `listed`: what belongs in the list, in order; `known`: all alerts by id. */
export function useSteadyList(
  listed: Readonly<Ref<readonly AlertView[]>>,
  known: Readonly<Ref<ReadonlyMap<string, AlertView>>>,
): SteadyList {
  const shown = shallowRef<readonly string[]>([]);
  const rows = computed(() => alertsAmong(known.value, shown.value));
  const waiting = computed(() => {
    const ids = new Set(shown.value);
    return listed.value.filter(({ alertId }) => !ids.has(alertId));
  });
  const show = (): void => {
    shown.value = listed.value.map(({ alertId }) => alertId);
  };
  watch(
    listed,
    () => {
      if (rows.value.length === 0) show();
    },
    { immediate: true },
  );
  return { rows, waiting, show };
}
