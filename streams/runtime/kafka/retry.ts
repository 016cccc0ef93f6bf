/**
 * Retries until there is an answer. What always holds: only what certainly was not done, or may
 * be done twice without harm, is retried; the caller passes nothing else.
 */
import type { Clock } from '../../../platform/clock';
import { messageOf, RuntimeError } from '../errors';
import { KAFKA_LIMITS } from '../limits';
import { ConnectionLost, KafkaError } from './protocol/error-codes';

/** Backoff before attempt `attempt` (0 is the first retry): doubles up to its limit, in ms. */
export function backoffMs(attempt: number): number {
  const { retryBackoffMinMs, retryBackoffMaxMs } = KAFKA_LIMITS;
  return Math.min(retryBackoffMinMs * 2 ** attempt, retryBackoffMaxMs);
}

/** True for a broker that is away, has moved, or asks for patience. */
export function isTransient(error: unknown): boolean {
  if (error instanceof ConnectionLost) return true;
  return error instanceof KafkaError && error.verdict !== 'refused';
}

export interface RetryOptions {
  readonly clock: Clock;
  /** What is tried, for the error's message. */
  readonly what: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Repeats `attempt` while its error is transient, then rejects with `BROKER_UNREACHABLE`. */
export async function retryTransient<T>(
  { clock, what, timeoutMs = KAFKA_LIMITS.unreachableMs, signal }: RetryOptions,
  attempt: () => Promise<T>,
): Promise<T> {
  const giveUpAt = clock.now() + timeoutMs;
  for (let retry = 0; ; retry++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error)) throw asRuntimeError(error, what);
      const pauseMs = backoffMs(retry);
      if (signal?.aborted === true || clock.now() + pauseMs > giveUpAt) {
        throw new RuntimeError('BROKER_UNREACHABLE', `${what}: ${messageOf(error)}`, {
          cause: error,
        });
      }
      await clock.sleep(pauseMs, signal);
    }
  }
}

/** The port's error for one of this folder: what a broker refuses for good is `PROTOCOL`. */
export function asRuntimeError(error: unknown, what: string): RuntimeError {
  if (error instanceof RuntimeError) return error;
  const code = isTransient(error) ? 'BROKER_UNREACHABLE' : 'PROTOCOL';
  return new RuntimeError(code, `${what}: ${messageOf(error)}`, { cause: error });
}
