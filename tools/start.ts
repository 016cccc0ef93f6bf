/**
 * `npm start`: everything, seeded, with three orders placed before your eyes; then it stays up
 * until Ctrl-C.
 */
import { narrate } from '../proof/scenarios/narrative';
import { openingOrders } from '../proof/scenarios/opening';
import { seed } from '../proof/scenarios/seed';
import { World } from '../proof/scenarios/world';
import { runCommand } from '../local/processes/command-runner';
import {
  parseProductArguments,
  productUsage,
  startProduct,
  type Product,
} from '../local/pipeline/product';
import type { StopRequest } from '../local/processes/stop-signals';
import { whereabouts } from './whereabouts';

async function start(args: readonly string[], stop: StopRequest): Promise<number> {
  if (args.includes('--help')) {
    console.log(`npm start -- [flags]\n${productUsage}`);
    return 0;
  }
  const product = await startProduct(parseProductArguments(args, process.env), stop);
  try {
    await tell(product, stop);
    console.log(whereabouts(product));
    await asked(stop);
    return 0;
  } finally {
    await product.stop();
  }
}

/** Seeds the shop and places the opening orders; Ctrl-C in the middle ends it early. */
async function tell(product: Product, stop: StopRequest): Promise<void> {
  const world = await World.open(product.pipeline.running, String(Date.now()));
  try {
    narrate(world.log, (line) => console.log(line));
    await Promise.race([seed(world).then(() => openingOrders(world, console.log)), asked(stop)]);
  } finally {
    await world.close();
  }
}

function asked(stop: StopRequest): Promise<void> {
  return new Promise((resolve) => {
    if (stop.asked.aborted) resolve();
    stop.asked.addEventListener('abort', () => resolve(), { once: true });
  });
}

runCommand(start);
