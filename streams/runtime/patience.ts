/** Waiting for what comes back by itself: Kafka, the registry. */
import { RegistryUnreachableError } from '../../platform/avro/schema-registry';
import { KafkaUnreachableError } from '../../platform/bring-up';
import type { Clock } from '../../platform/clock';
import { recoveryOf } from './errors';

/** Whether the same call may succeed later; an unknown error may not. */
export function isTransient(error: unknown): boolean {
  return (
    error instanceof RegistryUnreachableError ||
    error instanceof KafkaUnreachableError ||
    recoveryOf(error) === 'retry'
  );
}

export interface Patience {
  readonly clock: Clock;
  /** Between two attempts. */
  readonly pauseMs: number;
  readonly signal: AbortSignal;
  readonly onRetry?: (error: unknown) => void;
  /** What else passes by itself here; nothing, where it is left out. */
  readonly mayPass?: (error: unknown) => boolean;
}

/**
 * The first success of `attempt`, retried after a pause; undefined when `signal` was aborted
 * first. Rejects with the first error that is not transient.
 */
export async function eventually<T>(
  attempt: () => Promise<T>,
  { clock, pauseMs, signal, onRetry, mayPass }: Patience,
): Promise<T | undefined> {
  while (!signal.aborted) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error) && mayPass?.(error) !== true) throw error;
      onRetry?.(error);
    }
    await clock.sleep(pauseMs, signal);
  }
  return undefined;
}

/**
 * The same attempt for all who ask while it is in progress. A success is kept; after a failure the
 * next to ask retries.
 */
export function shared<T>(attempt: () => Promise<T>): () => Promise<T> {
  let current: Promise<T> | undefined;
  return () => {
    current ??= attempt().catch((error: unknown) => {
      current = undefined;
      throw error;
    });
    return current;
  };
}
