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

  async claim(key: string, fingerprint: string): Promise<IdempotencyClaim> {
    const name = `idempotency:${key}`;
    const seconds = limits.idempotencySeconds;
    try {
      const taken = await this.redis.set(name, fingerprint, 'EX', seconds, 'NX');
      if (taken !== null) return 'first';
      const known = await this.redis.get(name);
      return known === null || known === fingerprint ? 'repeat' : 'conflict';
    } catch {
      // Orders are taken without Redis' help: orders itself records a key that came with two bodies.
      return 'repeat';
    }
  }

  async release(key: string): Promise<void> {
    // Left standing it ends by itself; until then only another body is refused.
    await this.redis.del(`idempotency:${key}`).catch(() => undefined);
  }
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
