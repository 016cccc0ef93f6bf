/**
 * `npm run scenario:matrix -- [--seed S] [--mixes N] [--var FOLDER]`: orders with mixes of faults
 * drawn from the seed, on a product of its own with short times, or on the one that runs on the
 * folder. Status 0 only when every end is the expected one; the seed repeats a failure.
 */
import { parseArgs } from 'node:util';
import { playMatrix, tableOf } from '../scenarios/matrix/matrix';
import { World } from '../scenarios/world';
import { runCommand } from './command-runner';
import { parseProductArguments } from './product';
import { onProduct } from './product-use';
import type { StopRequest } from './stop-signals';

/** Short enough to wait for every expiry and check, long enough for a machine that is busy. */
const SHORT_TIMES = { PAYMENTS_LIFETIME_MS: '25000', PAYMENTS_WATCH_AFTER_MS: '10000,30000,90000' };

async function matrix(args: readonly string[], stop: StopRequest): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { seed: { type: 'string' }, mixes: { type: 'string' }, var: { type: 'string' } },
  });
  const seed = Number(values.seed ?? 1);
  const mixes = Number(values.mixes ?? 200);
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(mixes) || seed < 0 || mixes < 1) {
    console.error('--seed and --mixes are whole numbers.');
    return 2;
  }
  const flags = parseProductArguments(
    values.var === undefined ? [] : ['--var', values.var],
    process.env,
  );
  return onProduct({ flags, environment: SHORT_TIMES, stop }, async (running) => {
    console.log(`seed ${String(seed)}, ${String(mixes)} mixes`);
    const world = await World.open(running, String(Date.now()));
    try {
      const rows = await playMatrix(world, { seed, mixes, say: (line) => console.log(line) });
      console.log(tableOf(rows));
      return rows.every(({ held }) => held) ? 0 : 1;
    } finally {
      await world.close();
    }
  });
}

runCommand(matrix);
