/** Looks at the log's offsets, again and again while the calling component lives: two make a rate. */
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import type { LogOffsets } from '../../edge/contract/api-types';
import type { EdgeApi } from '../api/edge-api';
import { knownValue, usePolledLoad, type Load } from '../api/load';

/** Short enough to see a flow, long enough to be no load. */
const LOOK_EVERY_MS = 4_000;
/** A quarter of an hour on a curve. */
const LOOKS_KEPT_MAX = 225;

export interface LogLooks {
  readonly load: Load<LogOffsets>;
  readonly now: ComputedRef<LogOffsets | undefined>;
  readonly before: ComputedRef<LogOffsets | undefined>;
  /** Oldest first. */
  readonly all: Readonly<ShallowRef<readonly LogOffsets[]>>;
}

export function useLogLooks(api: Pick<EdgeApi, 'logOffsets'>): LogLooks {
  const load = usePolledLoad(() => api.logOffsets(), LOOK_EVERY_MS);
  const all = shallowRef<readonly LogOffsets[]>([]);
  watch(load.state, (state) => {
    const look = knownValue(state);
    if (look === undefined || all.value.at(-1) === look) return;
    all.value = [...all.value, look].slice(-LOOKS_KEPT_MAX);
  });
  return {
    load,
    all,
    now: computed(() => all.value.at(-1)),
    before: computed(() => all.value.at(-2)),
  };
}
