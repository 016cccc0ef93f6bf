/**
 * A clock whose time passes only in `sleep`, and there at once: backoffs and timeouts of a client
 * take no time of the test's.
 */
import type { Clock } from '../../../../platform/clock';

export function hurriedClock(): Clock & { advance(ms: number): void } {
  let now = 1_000_000;
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    sleep: async (ms) => {
      now += ms;
      // A turn of the event loop, so that sockets make progress between two sleeps.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
