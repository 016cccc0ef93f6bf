/**
 * Sessions and idempotency fingerprints in Redis. Commands never queue up while Redis is away: they
 * fail at once, and the connection comes back by itself.
 */
import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { EdgeError } from '../errors';
import { limits } from '../limits';
import type { IdempotencyClaim, IdempotencyMemory, Session, SessionStore } from './session-store';

export function connectRedis(url: string, onError: (error: Error) => void): Redis {
  const redis = new Redis(url, {
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

export class RedisSessions implements SessionStore {
  constructor(private readonly redis: Redis) {}

  async create(token: string, session: Session): Promise<void> {
    const seconds = Math.ceil((session.expiresAt - Date.now()) / 1_000);
    await answered(this.redis.set(sessionKey(token), JSON.stringify(session), 'EX', seconds));
  }

  async find(token: string): Promise<Session | undefined> {
    const text = await answered(this.redis.get(sessionKey(token)));
    if (text === null) return undefined;
    const session = JSON.parse(text) as Session;
    // One of an earlier build does not say it, and no revocation could be held against it.
    return Number.isFinite(session.authenticatedAt) ? session : undefined;
  }

  async remove(token: string): Promise<void> {
    await answered(this.redis.del(sessionKey(token)));
  }

  async check(): Promise<void> {
    await answered(this.redis.ping());
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

const RELEASE = `
  if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end`;

function idempotencyName(requestKey: string): string {
  return `idempotency:${requestKey}`;
}

/** A dump of Redis must not let anyone in, so the token itself is never stored. */
function sessionKey(token: string): string {
  return `session:${createHash('sha256').update(token).digest('hex')}`;
}

async function answered<T>(command: Promise<T>): Promise<T> {
  try {
    return await command;
  } catch (error) {
    throw new EdgeError('SESSIONS_UNAVAILABLE', { cause: error });
  }
}
