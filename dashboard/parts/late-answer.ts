/** Whether what was sent waits longer for its participant than that takes while it is up. */
import { computed, type ComputedRef } from 'vue';
import { useNow } from '../clock';

/** A participant answers within a second; after this it is down or far behind. */
const PATIENCE_MS = 15_000;

type Sent = { readonly kind: 'waiting'; readonly since: number } | { readonly kind: string };

/** `state`: of one that waits, `since` when; ms since the epoch. */
export function useLateAnswer(state: () => Sent): ComputedRef<boolean> {
  const now = useNow();
  return computed(() => {
    const sent = state();
    return 'since' in sent && now.value - sent.since > PATIENCE_MS;
  });
}
