/**
 * `npm run prove:dashboard -- [--alerts N] [--rate R]`: N alerts are raised, R a second, on the real
 * log, while a real Chromium has the list of alerts open; then all of them are scrolled through.
 * Status 0 when no task of the page used more processor time than it may, and each alert was drawn.
 */
import { runCommand } from '../../local/processes/command-runner';
import { readNumberFlags } from '../../local/pipeline/number-flags';
import { onProduct } from '../../local/pipeline/product-use';
import type { StopRequest } from '../../local/processes/stop-signals';
import { proveDashboard } from './dashboard-proof';

const USAGE = `usage: npm run prove:dashboard -- [flags]

  --alerts N     raised and scrolled through (default 10000)
  --rate R       raised a second (default 200)
  --var FOLDER   of the stack that runs, or of one to be started (default: var, or STACK_VAR)
  --fresh        start from empty data`;

async function prove(args: readonly string[], stop: StopRequest): Promise<number> {
  const flags = readNumberFlags(args, {
    flags: { alerts: { usual: 10_000, min: 1 }, rate: { usual: 200, min: 1 } },
    usage: USAGE,
  });
  if (flags === undefined) {
    console.log(USAGE);
    return 0;
  }
  const { alerts, rate } = flags.numbers;
  return onProduct({ flags: flags.product, environment: {}, stop }, async (running) =>
    (await proveDashboard(running, { alerts, rate, say: (line) => console.log(line) })) ? 0 : 1,
  );
}

runCommand(prove);
