import type { Clock } from './clock';

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
  private sleepers: { readonly until: number; wake(): void }[] = [];

  constructor(private time: number) {}

  now(): number {
    return this.time;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { until: this.time + ms, wake };
      this.sleepers.push(sleeper);
      signal?.addEventListener('abort', wake);
    });
  }

  /** Moves time forward to `time`, ms since the epoch, and wakes who slept until then. */
  moveTo(time: number): void {
    if (time < this.time) throw new RangeError(`time went from ${String(this.time)} back`);
    this.time = time;
    const woken = this.sleepers.filter(({ until }) => until <= time);
    for (const sleeper of woken.sort((a, b) => a.until - b.until)) sleeper.wake();
  }
}
