/**
 * `npm run scenario:matrix -- [--seed S] [--mixes N]`: orders with mixes of faults drawn from the
 * seed, on a product of its own with short times, or on the one that runs on the folder. Status 0
 * only when every end is the expected one; the seed repeats a failure.
 */
import { playMatrix, tableOf } from './matrix';
import { World } from '../world';
import { runCommand } from '../../../local/processes/command-runner';
import { readNumberFlags } from '../../../local/pipeline/number-flags';
import { onProduct } from '../../../local/pipeline/product-use';
import type { StopRequest } from '../../../local/processes/stop-signals';

const USAGE = `usage: npm run scenario:matrix -- [flags]

  --seed S       draws the mixes (default 1); each fault alone comes first, whatever the seed
  --mixes N      how many orders (default 200)
  --var FOLDER   of the stack that runs, or of one to be started (default: var, or STACK_VAR)
  --fresh        start from empty data`;

/** Short enough to wait for every expiry and check, long enough for a machine that is busy. */
const SHORT_TIMES = { PAYMENTS_LIFETIME_MS: '25000', PAYMENTS_WATCH_AFTER_MS: '10000,30000,90000' };

async function matrix(args: readonly string[], stop: StopRequest): Promise<number> {
  const flags = readNumberFlags(args, {
    flags: { seed: { usual: 1, min: 0 }, mixes: { usual: 200, min: 1 } },
    usage: USAGE,
  });
  if (flags === undefined) {
    console.log(USAGE);
    return 0;
  }
  const { seed, mixes } = flags.numbers;
  return onProduct({ flags: flags.product, environment: SHORT_TIMES, stop }, async (running) => {
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
