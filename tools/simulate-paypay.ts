/**
 * `npm run simulate:paypay -- …` on the simulator of the stack that runs, whatever port it was given;
 * another one is named by SIMULATOR_URL. A load needs the stack's shop as well.
 */
import { playLoad } from '../proof/scenarios/load';
import { runCli } from '../simulator/cli';
import {
  CommandError,
  drawOf,
  milliseconds,
  wholeNumber,
  type CommandOptions,
} from '../simulator/command';
import { findRunningStack } from '../platform/connection';

/** Above it the edge's own limits would be what is seen. */
const ORDERS_PER_SECOND_MAX = 200;
const DURATION_MAX_MS = 3_600_000;

async function load(options: CommandOptions): Promise<void> {
  const { rate, for: duration } = options;
  if (rate === undefined || duration === undefined) {
    throw new CommandError('how many, and how long? give --rate 5 --for 60s');
  }
  const ordersPerSecond = wholeNumber(rate, '--rate');
  const durationMs = milliseconds(duration);
  if (ordersPerSecond < 1 || ordersPerSecond > ORDERS_PER_SECOND_MAX) {
    throw new CommandError(`--rate is from 1 to ${String(ORDERS_PER_SECOND_MAX)} orders a second`);
  }
  if (durationMs < 1_000 || durationMs > DURATION_MAX_MS) {
    throw new CommandError('--for is from 1s to 60m');
  }
  const draw = drawOf(options);
  const say = (line: string) => console.log(line);
  await playLoad(findRunningStack(), { ordersPerSecond, durationMs, ...draw, say });
}

void runCli({
  baseUrl: () => process.env['SIMULATOR_URL'] ?? findRunningStack().simulatorUrl,
  others: { load },
});
