/** Below jest's own limit for a test, so that the failure names the condition's place. */
const GIVE_UP_MS = 4_000;

/** Waits for a condition, looking at it once per turn of the event loop. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + GIVE_UP_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('the condition did not come true in time');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
