/**
 * Owns waiting: a condition is asked again and again until it holds, the time is over, or the
 * wait is abandoned. The three ends are told apart by the result, never by an exception.
 */
import { setTimeout as pause } from 'node:timers/promises';

export type Wait = 'held' | 'timed-out' | 'abandoned';

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
  for (;;) {
    if (abandon?.aborted === true) return 'abandoned';
    if (await holds(condition)) return 'held';
    if (performance.now() >= deadline) return 'timed-out';
    await pause(everyMs);
  }
}

async function holds(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await condition();
  } catch {
    return false;
  }
}

/** A probe that hangs would otherwise outlive the wait it serves. */
const probeMs = 2_000;

export async function respondsOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(probeMs) });
  await response.arrayBuffer();
  return response.ok;
}
