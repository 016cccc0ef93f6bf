/** Waiting for what comes back by itself. */
import { RegistryUnreachableError } from '../../schemas/schema-registry';
import type { Clock } from '../../streams/runtime/clock';
import { recoveryOf } from '../../streams/runtime/errors';
import { limits } from '../limits';

/** Whether the same call may succeed later; an unknown error may not. */
export function isTransient(error: unknown): boolean {
  return error instanceof RegistryUnreachableError || recoveryOf(error) === 'retry';
}

/**
 * The first success of `attempt`, tried again after a pause; undefined when `signal` was aborted
 * first. Rejects with the first error that is not transient.
 */
export async function eventually<T>(
  attempt: () => Promise<T>,
  {
    clock,
    signal,
    onRetry,
  }: {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly onRetry?: (error: unknown) => void;
  },
): Promise<T | undefined> {
  while (!signal.aborted) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error)) throw error;
      onRetry?.(error);
    }
    await clock.sleep(limits.logReconnectMs, signal);
  }
  return undefined;
}
