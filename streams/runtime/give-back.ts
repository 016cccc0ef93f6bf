import type { Clock } from '../../platform/clock';
import { WORKER_LIMITS } from './limits';

/**
 * Waits until an app has given back what it holds. One that failed does not wait for ever for what
 * may hang: its process must end, and the restart finds all as it was. Rejects as `given` does, but
 * for a failed app only while it waits.
 */
export async function untilGivenBack(
  given: Promise<unknown>,
  { hasFailed, clock }: { readonly hasFailed: boolean; readonly clock: Clock },
): Promise<void> {
  if (!hasFailed) {
    await given;
    return;
  }
  const ended = new AbortController();
  const settled = given.finally(() => ended.abort());
  // Whoever waits no longer has the failure that matters already.
  settled.catch(() => undefined);
  await Promise.race([settled, clock.sleep(WORKER_LIMITS.giveUpMs, ended.signal)]);
}
