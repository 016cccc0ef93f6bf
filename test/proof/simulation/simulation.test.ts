import { simulate } from '../../../proof/simulation/simulation';
import { TraceTail } from '../../../proof/simulation/trace';

/** More than a run has lines. */
const LINES_MAX = 1_000_000;

async function tracedRun(seed: number): Promise<readonly string[]> {
  let trace: TraceTail | undefined;
  await simulate({
    seed,
    traceOf: (scheduler, startAt) => (trace = new TraceTail(scheduler, startAt, LINES_MAX)).trace,
  });
  return trace?.tail ?? [];
}

// One test per hundred, so that a slow machine is told apart from a run without end.
test.each([1, 101])(
  'a hundred seeds from %i on leave every order, yen, piece, alert and view as it must be',
  async (from) => {
    const violations: string[] = [];
    for (let seed = from; seed < from + 100; seed += 1) {
      const result = await simulate({ seed });
      violations.push(...result.violations.map((violation) => `seed ${seed}: ${violation}`));
      expect(result.events).toBeGreaterThan(0);
    }
    expect(violations).toEqual([]);
  },
  300_000,
);

test('a seed gives the same run every time, and another seed another one', async () => {
  const first = await tracedRun(7);
  expect(first.length).toBeGreaterThan(100);
  expect(await tracedRun(7)).toEqual(first);
  expect(await tracedRun(8)).not.toEqual(first);
});
