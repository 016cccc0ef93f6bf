/**
 * How many webhooks of a sort may be archived: so many a second, and more at once after a quiet time.
 * What is archived stays for ever, and anybody may send.
 */
export class WebhookBudget {
  private left: number;
  private refilledAt = 0;
  private refused = 0;

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
  ) {
    this.left = burst;
  }

  /** False once it is used up. `now`: ms since the epoch. */
  take(now: number): boolean {
    const elapsedMs = Math.max(0, now - this.refilledAt);
    this.left = Math.min(this.burst, this.left + (elapsedMs * this.perSecond) / 1_000);
    this.refilledAt = now;
    if (this.left < 1) {
      this.refused += 1;
      return false;
    }
    this.left -= 1;
    return true;
  }

  /** How many were refused since it was last asked. */
  takeRefused(): number {
    const { refused } = this;
    this.refused = 0;
    return refused;
  }
}
