/**
 * `npm run demo`: every scenario against the whole product, and a table of what was seen. Uses the
 * stack that runs on the var folder, or starts one and stops it again. Status 0 only when all hold.
 */
import path from 'node:path';
import { playAll, tableOf } from '../scenarios/demo';
import { readRunningStack, type RunningStack } from '../scenarios/running-stack';
import { runCommand } from './command-runner';
import { parseProductArguments, productUsage, startProduct } from './product';
import { respondsOk } from './readiness';
import type { StopRequest } from './stop-signals';

async function demo(args: readonly string[], stop: StopRequest): Promise<number> {
  if (args.includes('--help')) {
    console.log(`npm run demo -- [flags]\n${productUsage}`);
    return 0;
  }
  const flags = parseProductArguments(args, process.env);
  const found = readRunningStack(path.join(flags.varFolder, 'run', 'running-stack.json'));
  if (found !== undefined && (await isUp(found))) {
    console.log(`Using the stack that runs at ${found.edgeUrl}.`);
    return perform(found);
  }
  const product = await startProduct(flags, stop);
  try {
    return await Promise.race([perform(product.pipeline.running), interrupted(stop)]);
  } finally {
    await product.stop();
  }
}

async function perform(running: RunningStack): Promise<number> {
  const results = await playAll(running, (line) => console.log(line));
  console.log(tableOf(results));
  return results.every(({ result }) => result.kind === 'held') ? 0 : 1;
}

function isUp({ edgeUrl }: RunningStack): Promise<boolean> {
  return respondsOk(`${edgeUrl}/health/live`).catch(() => false);
}

function interrupted(stop: StopRequest): Promise<number> {
  return new Promise((resolve) => {
    stop.asked.addEventListener('abort', () => resolve(130), { once: true });
  });
}

runCommand(demo);
