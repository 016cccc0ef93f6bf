/**
 * `npm run prove:polling -- [--orders N] [--rate R]`: N open orders with all webhooks lost, on a
 * product of its own that may call PayPay R times a second. Status 0 when every one is settled,
 * within the budget, and the worst wait is near the ideal.
 */
import { provePolling } from './polling-proof';
import { runCommand } from '../../local/processes/command-runner';
import { readNumberFlags } from '../../local/pipeline/number-flags';
import { onProduct } from '../../local/pipeline/product-use';
import type { StopRequest } from '../../local/processes/stop-signals';

const USAGE = `usage: npm run prove:polling -- [flags]

  --orders N     open at once (default 10000)
  --rate R       calls a second that PayPay may be asked for (default 100); a stack that runs
                 already keeps its own
  --var FOLDER   of the stack that runs, or of one to be started (default: var, or STACK_VAR)
  --fresh        start from empty data`;

async function prove(args: readonly string[], stop: StopRequest): Promise<number> {
  const flags = readNumberFlags(args, {
    // The rate is above the gateway's default, so that the proof takes minutes on any machine.
    flags: { orders: { usual: 10_000, min: 1 }, rate: { usual: 100, min: 1 } },
    usage: USAGE,
  });
  if (flags === undefined) {
    console.log(USAGE);
    return 0;
  }
  const { orders, rate } = flags.numbers;
  const environment = {
    GATEWAY_CALLS_PER_SECOND: String(rate),
    // No code may run out while the others are still being made and paid.
    PAYMENTS_LIFETIME_MS: '3600000',
    // Checks of verdicts would come on top of the polls that are measured.
    PAYMENTS_WATCH_AFTER_MS: '3600000',
  };
  return onProduct({ flags: flags.product, environment, stop }, async (running) =>
    (await provePolling(running, { orders, say: (line) => console.log(line) })) ? 0 : 1,
  );
}

runCommand(prove);
