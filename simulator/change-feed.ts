/** Pages and scripts that follow along; more than this is a leak, not an audience. */
const SUBSCRIBERS_MAX = 32;

/**
 * Tells followers that something changed, not what: they read the state anew. The revision lets
 * one who reconnects see whether anything was missed.
 */
export class ChangeFeed {
  private readonly subscribers = new Set<(revision: number) => void>();
  private count = 0;

  get revision(): number {
    return this.count;
  }

  announce(): void {
    this.count += 1;
    for (const subscriber of this.subscribers) subscriber(this.count);
  }

  /** The way to unsubscribe, or undefined when there are too many already. */
  subscribe(subscriber: (revision: number) => void): (() => void) | undefined {
    if (this.subscribers.size >= SUBSCRIBERS_MAX) return undefined;
    this.subscribers.add(subscriber);
    return () => void this.subscribers.delete(subscriber);
  }
}
