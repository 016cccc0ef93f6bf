/**
 * `npm run prove:polling -- [--orders N] [--rate R] [--var FOLDER]`: N open orders with all webhooks
 * lost, on a product of its own that may call PayPay R times a second. Status 0 when every one is
 * settled, within the budget, and the worst wait is near the ideal.
 */
import { parseArgs } from 'node:util';
import { provePolling } from '../scenarios/polling-proof';
import { runCommand } from './command-runner';
import { parseProductArguments } from './product';
import { onProduct } from './product-use';
import type { StopRequest } from './stop-signals';

const ORDERS_DEFAULT = 10_000;
/** Above the gateway's default, so that the proof takes minutes on any machine. */
const RATE_DEFAULT = 100;

async function prove(args: readonly string[], stop: StopRequest): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { orders: { type: 'string' }, rate: { type: 'string' }, var: { type: 'string' } },
  });
  const orders = Number(values.orders ?? ORDERS_DEFAULT);
  const rate = Number(values.rate ?? RATE_DEFAULT);
  if (!Number.isSafeInteger(orders) || !Number.isSafeInteger(rate) || orders < 1 || rate < 1) {
    console.error('--orders and --rate are whole numbers above 0.');
    return 2;
  }
  const flags = parseProductArguments(
    values.var === undefined ? [] : ['--var', values.var],
    process.env,
  );
  const environment = {
    GATEWAY_CALLS_PER_SECOND: String(rate),
    // No code may run out while the others are still being made and paid.
    PAYMENTS_LIFETIME_MS: '3600000',
    // Checks of verdicts would come on top of the polls that are measured.
    PAYMENTS_WATCH_AFTER_MS: '3600000',
  };
  return onProduct({ flags, environment, stop }, async (running) =>
    (await provePolling(running, { orders, say: (line) => console.log(line) })) ? 0 : 1,
  );
}

runCommand(prove);
