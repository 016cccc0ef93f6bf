/** The product for the length of one command: the one that runs on the folder, or one of its own. */
import path from 'node:path';
import { readRunningStack, type RunningStack } from '../../platform/running-stack';
import { startProduct, type ProductArguments } from './product';
import { respondsOk } from '../services/readiness';
import type { StopRequest } from '../processes/stop-signals';

export interface ProductUse {
  readonly flags: ProductArguments;
  /** Settings of a product that is started; one that runs already keeps its own. */
  readonly environment: Readonly<Record<string, string>>;
  readonly stop: StopRequest;
}

export async function onProduct(
  { flags, environment, stop }: ProductUse,
  use: (running: RunningStack) => Promise<number>,
): Promise<number> {
  const found = readRunningStack(path.join(flags.varFolder, 'run', 'running-stack.json'));
  if (found !== undefined && (await isUp(found))) {
    console.log(`Using the stack that runs at ${found.edgeUrl}.`);
    return use(found);
  }
  for (const [name, value] of Object.entries(environment)) process.env[name] ??= value;
  const product = await startProduct(flags, stop);
  try {
    return await Promise.race([use(product.pipeline.running), interrupted(stop)]);
  } finally {
    await product.stop();
  }
}

function isUp({ edgeUrl }: RunningStack): Promise<boolean> {
  return respondsOk(`${edgeUrl}/health/live`).catch(() => false);
}

function interrupted(stop: StopRequest): Promise<number> {
  return new Promise((resolve) => {
    stop.asked.addEventListener('abort', () => resolve(130), { once: true });
  });
}
