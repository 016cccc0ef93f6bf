import { fullBucket, spend, type TokenBucket, type TokenRate } from '../../platform/token-bucket';

/**
 * How many webhooks of a sort may be archived: so many a second, and more at once after a quiet time.
 * What is archived stays for ever, and anybody may send.
 */
export class WebhookBudget {
  private bucket: TokenBucket;
  private refused = 0;

  constructor(private readonly rate: TokenRate) {
    this.bucket = fullBucket(rate, 0);
  }

  /** False once it is used up. `now`: ms since the epoch. */
  take(now: number): boolean {
    const spending = spend(this.bucket, now, this.rate);
    if (spending.kind === 'spent') this.bucket = spending.bucket;
    else this.refused += 1;
    return spending.kind === 'spent';
  }

  /** How many were refused since it was last asked. */
  takeRefused(): number {
    const { refused } = this;
    this.refused = 0;
    return refused;
  }
}
