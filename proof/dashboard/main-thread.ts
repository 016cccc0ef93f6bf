/**
 * What the main thread of a page did, by Chromium's own trace. The time that a task took is told apart
 * from the processor time that it used: on a machine that is busy with other things the first says
 * how busy that is, the second what the page costs.
 */
import type { Browser, Page } from 'playwright-core';

export interface LongestTask {
  /** From its beginning to its end, ms. */
  readonly tookMs: number;
  /** The most processor time that any task used, ms. */
  readonly usedMs: number;
}

export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds, both. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

const CATEGORIES = ['toplevel', '__metadata'];
const TASK = 'ThreadControllerImpl::RunTask';
const MAIN_THREAD = 'CrRendererMain';

export async function traced(
  browser: Browser,
  page: Page,
  work: () => Promise<unknown>,
): Promise<LongestTask> {
  await browser.startTracing(page, { categories: CATEGORIES });
  try {
    await work();
  } catch (error) {
    await browser.stopTracing();
    throw error;
  }
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString('utf8')) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  return longestOf(traceEvents);
}

/** Of all main threads of the trace. */
export function longestOf(events: readonly TraceEvent[]): LongestTask {
  const mains = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === MAIN_THREAD)
      .map(({ pid, tid }) => `${String(pid)}/${String(tid)}`),
  );
  const tasks = events.filter(
    ({ name, ph, pid, tid }) =>
      name === TASK && ph === 'X' && mains.has(`${String(pid)}/${String(tid)}`),
  );
  // A trace without tasks shows nothing, and must not look like a page without long ones.
  if (tasks.length === 0) throw new Error('The trace holds no task of the page.');
  return {
    tookMs: largest(tasks.map(({ dur = 0 }) => dur)) / 1_000,
    usedMs: largest(tasks.map(({ tdur = 0 }) => tdur)) / 1_000,
  };
}

function largest(numbers: readonly number[]): number {
  return numbers.reduce((most, number) => Math.max(most, number), 0);
}
