/**
 * Owns what a start in progress has to remember: how to undo what it did, and what it deferred.
 */

/** What to do, last first, to take back what was done. */
export type Undo = (() => unknown)[];

export interface Underway {
  readonly undo: Undo;
  /** Work that can wait until the developer has what they wait for. */
  readonly later: ((abandon: AbortSignal) => Promise<void>)[];
}

/** A step that fails does not keep the others from being done. Resolves to the failures. */
export async function undoAll(undo: Undo): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  return failures;
}

/** One after the other: together they would take the processor from the apps. */
export function beginLater({ undo, later }: Underway): void {
  const stop = new AbortController();
  const done = (async () => {
    for (const work of later) if (!stop.signal.aborted) await work(stop.signal);
  })();
  // Reported by the stop, which waits for it.
  done.catch(() => undefined);
  undo.push(() => {
    stop.abort();
    return done;
  });
}
