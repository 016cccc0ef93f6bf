/** Everything at once: the services, the dashboard's files, and the project's processes on them. */
import { parseArgs } from 'node:util';
import path from 'node:path';
import { buildDashboard } from './dashboard-build';
import { buildProcesses } from './process-build';
import { oneStreamsProcess, startPipeline, type Pipeline, type StreamsLayout } from './pipeline';
import { progressOn, type Progress } from '../processes/progress';
import { serviceNames } from '../services/service';
import { startStack, type Stack } from '../stack/stack';
import { parseBrokers } from '../stack/stack-arguments';
import { StackError } from '../stack/stack-error';
import { projectFolder, stackFolders } from '../stack/stack-folders';
import type { StopRequest } from '../processes/stop-signals';

export interface ProductArguments {
  readonly varFolder: string;
  readonly fresh: boolean;
  /** That make up Kafka, where it is started here. */
  readonly brokers: number;
  readonly streams: StreamsLayout;
}

export const productUsage = [
  '  --var FOLDER   where data and logs are kept (default: var, or STACK_VAR)',
  '  --fresh        start from empty data',
  '  --apps NAMES   only these apps in the streams process, such as orders,alerts',
  '  --brokers N    1, or 3 with every record on all of them (default: 1)',
].join('\n');

export interface Product {
  readonly stack: Stack;
  readonly pipeline: Pipeline;
  /** All that was started is gone when it resolves. */
  readonly stop: () => Promise<void>;
}

export function parseProductArguments(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): ProductArguments {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        var: { type: 'string' },
        fresh: { type: 'boolean' },
        apps: { type: 'string' },
        brokers: { type: 'string' },
      },
    });
    const named =
      values.var ?? (environment['STACK_VAR'] === '' ? undefined : environment['STACK_VAR']);
    return {
      varFolder: named === undefined ? path.join(projectFolder, 'var') : path.resolve(named),
      fresh: values.fresh ?? false,
      brokers: parseBrokers(values.brokers),
      streams: oneStreamsProcess(values.apps),
    };
  } catch (error) {
    if (error instanceof StackError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackError('BAD_ARGUMENTS', `${reason}\n${productUsage}`);
  }
}

/** Rejects with a StackError; whatever was started by then is stopped again. */
export async function startProduct(
  { varFolder, fresh, brokers, streams }: ProductArguments,
  stop: StopRequest,
  progress: Progress = progressOn(),
): Promise<Product> {
  const built = build(progress, stop.asked);
  // A build that fails is reported once the services, started meanwhile, can be stopped again.
  built.catch(() => undefined);
  const stack = await startStack({
    folders: stackFolders(varFolder),
    only: serviceNames,
    fresh,
    brokers,
    environment: process.env,
    progress,
    abandon: stop.asked,
  });
  try {
    await built;
    const pipeline = await startPipeline({
      stack,
      progress,
      abandon: stop.asked,
      environment: process.env,
      streams,
    });
    progress.close();
    return {
      stack,
      pipeline,
      stop: async () => {
        await pipeline.stop();
        await stack.stop();
      },
    };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

/** dist/, while the services start: what they wait for most is not the processor. */
async function build(progress: Progress, abandon: AbortSignal): Promise<void> {
  const installing = (name: string) => (detail: string) =>
    progress.show(name, 'installing', detail);
  await buildProcesses(installing('processes'), abandon);
  await buildDashboard(installing('dashboard'));
  for (const name of ['processes', 'dashboard']) progress.show(name, 'ready', '');
}
