/** The time of day for what is on the screen: one tick a second for all components together. */
import { onScopeDispose, readonly, ref, type Ref } from 'vue';

const TICK_MS = 1_000;

const now = ref(Date.now());
let watchers = 0;
let ticker: ReturnType<typeof setInterval> | undefined;

/** Milliseconds since the epoch, kept up to date while the calling component lives. */
export function useNow(): Readonly<Ref<number>> {
  now.value = Date.now();
  watchers += 1;
  ticker ??= setInterval(() => {
    now.value = Date.now();
  }, TICK_MS);
  onScopeDispose(() => {
    watchers -= 1;
    if (watchers > 0) return;
    clearInterval(ticker);
    ticker = undefined;
  });
  return readonly(now);
}
