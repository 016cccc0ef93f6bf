import type { Clock } from '../../../platform/clock';

/** Since when something is in progress that should end, for whoever watches that it does. */
export class Underway {
  /** Wall clock, ms since the epoch; undefined while nothing is. */
  since: number | undefined;

  constructor(private readonly clock: Clock) {}

  async note<T>(work: () => Promise<T>): Promise<T> {
    this.goesOn();
    try {
      return await work();
    } finally {
      this.rests();
    }
  }

  /** Progress: it is not stuck as long as it goes on. */
  goesOn(): void {
    this.since = this.clock.now();
  }

  rests(): void {
    this.since = undefined;
  }
}
