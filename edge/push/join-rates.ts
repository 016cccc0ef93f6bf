/**
 * How often a person may ask for rooms, on one edge: each time reads Postgres, and may read Kafka. A
 * person has the pages of a few devices, which all come back at once when an edge was started anew.
 */
import { LRUCache } from 'lru-cache';
import { fullBucket, spend, type TokenBucket } from '../../platform/token-bucket';
import { EdgeError } from '../errors';
import { limits } from '../limits';

const RATE = { perSecond: limits.joinsPerSecond, burst: limits.joinsBurst } as const;

export class JoinRates {
  private readonly buckets = new LRUCache<string, TokenBucket>({ max: limits.ratesKnownMax });

  /** Throws `TOO_MANY_REQUESTS`. `now`: ms since the epoch. */
  take(userId: string, now: number): void {
    const spending = spend(this.buckets.get(userId) ?? fullBucket(RATE, now), now, RATE);
    if (spending.kind === 'empty') {
      const seconds = Math.ceil(spending.waitMs / 1_000);
      const detail = `Too many rooms were asked for; wait ${String(seconds)} s.`;
      throw new EdgeError('TOO_MANY_REQUESTS', { detail });
    }
    this.buckets.set(userId, spending.bucket);
  }
}
