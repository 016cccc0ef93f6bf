/** The alerts that an operator has ticked, to do one thing with all of them. */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';

export const useAlertSelection = defineStore('alert-selection', () => {
  const ids = shallowRef<ReadonlySet<string>>(new Set());

  function tick(alertId: string): void {
    const after = new Set(ids.value);
    if (!after.delete(alertId)) after.add(alertId);
    ids.value = after;
  }

  function choose(alertIds: readonly string[]): void {
    ids.value = new Set(alertIds);
  }

  /** What is not listed any more must not be acted upon unseen. */
  function keepOnly(listed: ReadonlySet<string>): void {
    const kept = [...ids.value].filter((alertId) => listed.has(alertId));
    if (kept.length < ids.value.size) ids.value = new Set(kept);
  }

  return { ids, size: computed(() => ids.value.size), tick, choose, keepOnly };
});
