/** Backoff before the next retry: longer after each failure, and never all pages at once. */
const FIRST_MS = 400;
/** A service that comes back is noticed within this, which is what a person will wait. */
const LONGEST_MS = 5_000;

export class Backoff {
  private failures = 0;

  nextMs(): number {
    const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.failures);
    this.failures += 1;
    return whole * (0.5 + Math.random() / 2);
  }

  succeeded(): void {
    this.failures = 0;
  }
}
