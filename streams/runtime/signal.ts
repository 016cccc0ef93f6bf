import type { Clock } from '../../platform/clock';

/** Wakes one waiter; a notification that nobody waits for is kept for the next wait. */
export class Signal {
  private notified = false;
  private wake: (() => void) | undefined;

  notify(): void {
    this.notified = true;
    this.wake?.();
  }

  /** Resolves at the next notification, or at `until` (ms since the epoch; Infinity: never). */
  async wait(clock: Clock, until: number): Promise<void> {
    if (!this.notified) {
      const timeout = new AbortController();
      const notification = new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      const waits = [notification];
      if (until !== Infinity) {
        waits.push(clock.sleep(Math.max(0, until - clock.now()), timeout.signal));
      }
      await Promise.race(waits);
      // With a reason of its own: without one every wait would make an exception, stack and all.
      timeout.abort('over');
      this.wake = undefined;
    }
    this.notified = false;
  }
}
