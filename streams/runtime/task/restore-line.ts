/**
 * The line in which the tasks of an app wait to have their stores built. One is built at a time:
 * side by side all of them would be done when the last is, one after the other the first goes back
 * to work after its own share. What always holds: whoever leaves holds up nobody behind it.
 */
export class RestoreLine {
  private last: Promise<unknown> = Promise.resolve();

  /** Does `work` when all before it are done, or at once when `signal` aborts: then it must end early. */
  async turn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.last;
    let done!: () => void;
    const mine = new Promise<void>((resolve) => (done = resolve));
    this.last = before.then(() => mine);
    try {
      await firstOf(before, signal);
      return await work();
    } finally {
      done();
    }
  }
}

async function firstOf(before: Promise<unknown>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  let leave!: () => void;
  const left = new Promise<void>((resolve) => (leave = resolve));
  signal.addEventListener('abort', leave);
  await Promise.race([before, left]);
  signal.removeEventListener('abort', leave);
}
