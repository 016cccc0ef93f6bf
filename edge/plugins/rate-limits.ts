/**
 * How often one user or one address may sign in, order, and send webhooks. Counted in Redis, for all
 * edges together; each answer says in RateLimit headers what is left, and 429 says when to come back.
 *
 * Without Redis each edge counts by itself: /api is 503 then anyway, and a webhook must not be lost
 * because of a counter. Redis is waited for only `rateAnswerMs`, much less than a webhook has.
 *
 * A webhook of PayPay's own addresses is never counted: what it is answered 429 it repeats three times
 * within half a second, and then it is lost. So the limit is for everybody else, whose webhooks are
 * hints that cost a record each; one too many is not archived, only counted in edge_webhooks_total.
 */
import rateLimit, { normalizeIP, type CreateRateLimitOptions } from '@fastify/rate-limit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { EdgeParts, EdgeScope } from '../app-parts';
import { TIMED_OUT, within } from '../deadline';
import { EdgeError } from '../errors';
import { limits } from '../limits';
import type { RateCount, RateCounter } from '../sessions/session-store';

export type RateName = 'sign-in' | 'orders' | 'webhooks';

type Limiter = ReturnType<EdgeScope['createRateLimit']>;

declare module 'fastify' {
  interface FastifyRequest {
    /** Whom the count that is under way is about; empty: nobody. */
    rateKey: string;
  }
}

export class RateLimits {
  constructor(private readonly limiters: ReadonlyMap<string, Limiter>) {}

  /** A hook for a route: counts the address that it is sent from. */
  byAddress(name: RateName) {
    return (request: FastifyRequest, reply: FastifyReply) =>
      this.take(name, `address:${normalizeIP(request.ip)}`, request, reply);
  }

  /** Rejects with `TOO_MANY_REQUESTS`. `key`: `user:…` or `address:…`. */
  async take(
    name: RateName,
    key: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const limiter = this.limiters.get(limiterName(name, key));
    if (limiter === undefined) throw new Error(`no rate is set for ${name} by ${key}`);
    request.rateKey = `${name}:${key}`;
    const outcome = await limiter(request);
    if (outcome.isAllowed) return;
    tell(reply, outcome);
    if (!outcome.isExceeded) return;
    reply.header('retry-after', outcome.ttlInSeconds);
    const detail = `Too many requests; at most ${String(outcome.max)} a minute. Wait ${String(outcome.ttlInSeconds)} s.`;
    throw new EdgeError('TOO_MANY_REQUESTS', { detail });
  }
}

function limiterName(name: RateName, key: string): string {
  return `${name}:${key.slice(0, key.indexOf(':'))}`;
}

interface Left {
  readonly max: number;
  readonly remaining: number;
  readonly ttlInSeconds: number;
}

/** Of several counts of one request, the one with the least left is told. */
function tell(reply: FastifyReply, { max, remaining, ttlInSeconds }: Left): void {
  const told = reply.getHeader('ratelimit-remaining');
  if (told !== undefined && Number(told) <= remaining) return;
  reply.header('ratelimit-limit', max);
  reply.header('ratelimit-remaining', remaining);
  reply.header('ratelimit-reset', ttlInSeconds);
}

export async function rateLimits(
  app: EdgeScope,
  { rates, settings }: Pick<EdgeParts, 'rates' | 'settings'>,
): Promise<RateLimits> {
  app.decorateRequest('rateKey', '');
  await app.register(rateLimit, { global: false, store: storeOver(rates) });
  const { signInsPerMinute, ordersPerMinute, webhooksPerMinute } = settings.rates;
  const perMinute = {
    'sign-in:address': signInsPerMinute,
    'sign-in:user': signInsPerMinute,
    'orders:user': ordersPerMinute,
    // An office or a mobile network shares one address.
    'orders:address': ordersPerMinute * limits.usersPerAddress,
    'webhooks:address': webhooksPerMinute,
  };
  const limiters = Object.entries(perMinute).map(([name, max]) => {
    const options: CreateRateLimitOptions = {
      max,
      timeWindow: limits.rateWindowMs,
      keyGenerator: ({ rateKey }) => rateKey,
    };
    return [name, app.createRateLimit(options)] as const;
  });
  return new RateLimits(new Map(limiters));
}

type Done = (error: Error | null, count?: { current: number; ttl: number }) => void;

/** The plugin makes its stores itself, so it is given a class. */
function storeOver(rates: RateCounter) {
  const memory = new MemoryRates();
  return class RateStore {
    incr(key: string, done: Done, windowMs: number): void {
      countWith(rates, memory, key, windowMs).then(
        ({ current, ttlMs }) => done(null, { current, ttl: Math.max(0, ttlMs) }),
        (error: unknown) => done(error as Error),
      );
    }

    child(): this {
      return this;
    }
  };
}

async function countWith(
  rates: RateCounter,
  memory: MemoryRates,
  key: string,
  windowMs: number,
): Promise<RateCount> {
  const counted = rates.count(key, windowMs).catch((error: unknown) => {
    if (error instanceof EdgeError && error.code === 'SESSIONS_UNAVAILABLE') return undefined;
    throw error;
  });
  const count = await within(counted, limits.rateAnswerMs);
  return count === TIMED_OUT || count === undefined ? memory.count(key, windowMs) : count;
}

/** What one edge counts by itself while Redis is away. */
export class MemoryRates {
  private readonly windows = new LRUCache<string, { current: number; readonly endsAt: number }>({
    max: limits.ratesKnownMax,
  });

  count(key: string, windowMs: number): RateCount {
    const now = Date.now();
    const known = this.windows.get(key);
    const window =
      known !== undefined && known.endsAt > now ? known : { current: 0, endsAt: now + windowMs };
    window.current += 1;
    this.windows.set(key, window);
    return { current: window.current, ttlMs: window.endsAt - now };
  }
}
