/**
 * Sessions, rates and idempotency fingerprints in Redis. Commands never queue up while Redis is away: they
 * fail at once, and the connection comes back by itself.
 */
import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { EdgeError } from '../errors';
import { limits } from '../limits';
import type {
  IdempotencyClaim,
  IdempotencyMemory,
  RateCount,
  RateCounter,
  Session,
  SessionStore,
  Use,
} from './session-store';

export interface RedisAddress {
  /** `rediss:` for TLS. */
  readonly url: string;
  /** In PEM, whom its certificate must be by; null: whom the system believes. */
  readonly ca: string | null;
}

export function connectRedis({ url, ca }: RedisAddress, onError: (error: Error) => void): Redis {
  const redis = new Redis(url, {
    ...(ca === null ? {} : { tls: { ca } }),
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: limits.redisCommandMs,
    connectTimeout: limits.redisConnectMs,
    retryStrategy: (attempt) => Math.min(attempt * 100, limits.redisReconnectMaxMs),
  });
  // ioredis reports every failed reconnect here; without a listener it writes to the console.
  redis.on('error', onError);
  return redis;
}

/** How long sessions last, and how many a user may have. */
export interface SessionLimits {
  /** A session that is not used for so long is over; milliseconds. */
  readonly idleMs: number;
  readonly perUserMax: number;
}

export class RedisSessions implements SessionStore {
  constructor(
    private readonly redis: Redis,
    private readonly max: SessionLimits,
  ) {}

  async create(token: string, session: Session): Promise<void> {
    const { userId, expiresAt } = session;
    const lifetimeMs = Math.max(1, expiresAt - Date.now());
    const idleMs = Math.min(this.max.idleMs, lifetimeMs);
    const keys = [sessionKey(token), listKey(userId)];
    const text = JSON.stringify(session);
    const values = [text, idleMs, Date.now(), lifetimeMs, this.max.perUserMax];
    await answered(this.redis.eval(CREATE, keys.length, ...keys, ...values));
  }

  async find(token: string, use: Use): Promise<Session | undefined> {
    const key = sessionKey(token);
    const asked =
      use === 'used' ? this.redis.getex(key, 'PX', this.max.idleMs) : this.redis.get(key);
    const text = await answered(asked);
    if (text === null) return undefined;
    const session = JSON.parse(text) as Session;
    // One of an earlier build does not say it, and no revocation could be held against it.
    return Number.isFinite(session.authenticatedAt) ? session : undefined;
  }

  async remove(token: string): Promise<void> {
    await answered(this.redis.del(sessionKey(token)));
  }

  async removeAllOf(userId: string): Promise<void> {
    await answered(this.redis.eval(REMOVE_ALL, 1, listKey(userId)));
  }

  async check(): Promise<void> {
    await answered(this.redis.ping());
  }
}

export class RedisRates implements RateCounter {
  constructor(private readonly redis: Redis) {}

  async count(key: string, windowMs: number): Promise<RateCount> {
    const counted = this.redis.eval(COUNT, 1, `rate:${key}`, windowMs);
    const [current, ttlMs] = (await answered(counted)) as [number, number];
    return { current, ttlMs };
  }
}

export class RedisIdempotency implements IdempotencyMemory {
  constructor(private readonly redis: Redis) {}

  async claim(requestKey: string, fingerprint: string): Promise<IdempotencyClaim> {
    const name = idempotencyName(requestKey);
    try {
      const known = await this.redis.eval(CLAIM, 1, name, fingerprint, limits.idempotencySeconds);
      if (known === null) return 'first';
      return known === fingerprint ? 'repeat' : 'conflict';
    } catch {
      // Requests are taken without Redis' help: whoever reads the log records a conflict.
      return 'repeat';
    }
  }

  async release(requestKey: string, fingerprint: string): Promise<void> {
    // Left standing it ends by itself; until then only another request is refused.
    const name = idempotencyName(requestKey);
    await this.redis.eval(RELEASE, 1, name, fingerprint).catch(() => undefined);
  }
}

/** Redis runs a script as one step. Gives what stood there before, or nothing. */
const CLAIM = `
  local known = redis.call('get', KEYS[1])
  if not known then redis.call('set', KEYS[1], ARGV[1], 'EX', ARGV[2]) end
  return known`;

/** One step, so that of two sign-ins at once neither is forgotten in the user's list. */
const CREATE = `
  redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
  for _, key in ipairs(redis.call('zrange', KEYS[2], 0, -1)) do
    if redis.call('exists', key) == 0 then redis.call('zrem', KEYS[2], key) end
  end
  redis.call('zadd', KEYS[2], ARGV[3], KEYS[1])
  redis.call('pexpire', KEYS[2], ARGV[4])
  local oldest = redis.call('zrange', KEYS[2], 0, -1 - tonumber(ARGV[5]))
  for _, key in ipairs(oldest) do
    redis.call('del', key)
    redis.call('zrem', KEYS[2], key)
  end`;

const REMOVE_ALL = `
  for _, key in ipairs(redis.call('zrange', KEYS[1], 0, -1)) do redis.call('del', key) end
  redis.call('del', KEYS[1])`;

const COUNT = `
  local current = redis.call('incr', KEYS[1])
  if current == 1 then redis.call('pexpire', KEYS[1], ARGV[1]) end
  return { current, redis.call('pttl', KEYS[1]) }`;

const RELEASE = `
  if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end`;

function idempotencyName(requestKey: string): string {
  return `idempotency:${requestKey}`;
}

/** A dump of Redis must not let anyone in, so the token itself is never stored. */
function sessionKey(token: string): string {
  return `session:${createHash('sha256').update(token).digest('hex')}`;
}

/** The keys of a user's sessions, the oldest first. */
function listKey(userId: string): string {
  return `sessions-of:${createHash('sha256').update(userId).digest('hex')}`;
}

async function answered<T>(command: Promise<T>): Promise<T> {
  try {
    return await command;
  } catch (error) {
    throw new EdgeError('SESSIONS_UNAVAILABLE', { cause: error });
  }
}
