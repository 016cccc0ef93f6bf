/**
 * Owns waiting: a condition is asked again and again until it holds, the time is over, or the
 * wait is abandoned. The three ends are told apart by the result, never by an exception.
 */
import { setTimeout as pause } from 'node:timers/promises';

export type Wait =
  | { readonly kind: 'held' }
  | { readonly kind: 'abandoned' }
  /** With what the last try said. */
  | { readonly kind: 'timed-out'; readonly reason: string };

export interface WaitLimits {
  readonly withinMs: number;
  /** Asked this often. Short, because start-up time is what a developer waits for. */
  readonly everyMs?: number;
  readonly abandon?: AbortSignal;
}

/** A condition that throws counts as "not yet": a port that refuses is the usual case. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  { withinMs, everyMs = 100, abandon }: WaitLimits,
): Promise<Wait> {
  const deadline = performance.now() + withinMs;
  const abandoned = whenAborted(abandon);
  for (;;) {
    if (abandon?.aborted === true) return { kind: 'abandoned' };
    const answer = await Promise.race([ask(condition), abandoned]);
    if (answer.holds) return { kind: 'held' };
    if (performance.now() >= deadline) return { kind: 'timed-out', reason: answer.reason };
    await pause(everyMs);
  }
}

/** A question that hangs does not hold up whoever abandons the wait. */
function whenAborted(signal: AbortSignal | undefined): Promise<Answer> {
  return new Promise((resolve) => {
    signal?.addEventListener('abort', () => resolve({ holds: false, reason: 'abandoned' }), {
      once: true,
    });
  });
}

type Answer = { readonly holds: true } | { readonly holds: false; readonly reason: string };

async function ask(condition: () => boolean | Promise<boolean>): Promise<Answer> {
  try {
    return (await condition()) ? { holds: true } : { holds: false, reason: 'not yet' };
  } catch (error) {
    return { holds: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** A probe that hangs would otherwise outlive the wait it serves. */
const PROBE_MS = 2_000;

export async function respondsOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_MS) });
  await response.arrayBuffer();
  return response.ok;
}
