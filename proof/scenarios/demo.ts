/**
 * `npm run demo`: every scenario against the whole product, and a table of what was seen. Uses the
 * stack that runs on the var folder, or starts one and stops it again. Status 0 only when all hold.
 */
import { playAll, tableOf } from './all-stories';
import type { RunningStack } from '../../platform/running-stack';
import { runCommand } from '../../local/processes/command-runner';
import { parseProductArguments, productUsage } from '../../local/pipeline/product';
import { onProduct } from '../../local/pipeline/product-use';
import type { StopRequest } from '../../local/processes/stop-signals';

/**
 * One story waits for a code to expire; another has a code open while PayPay is down and judged well
 * again, which takes more than a minute.
 */
const SHORT_TIMES = { PAYMENTS_LIFETIME_MS: '120000' };

async function demo(args: readonly string[], stop: StopRequest): Promise<number> {
  if (args.includes('--help')) {
    console.log(`npm run demo -- [flags]\n${productUsage}`);
    return 0;
  }
  const flags = parseProductArguments(args, process.env);
  return onProduct({ flags, environment: SHORT_TIMES, stop }, perform);
}

async function perform(running: RunningStack): Promise<number> {
  const results = await playAll(running, (line) => console.log(line));
  console.log(tableOf(results));
  return results.every(({ result }) => result.kind === 'held') ? 0 : 1;
}

runCommand(demo);
