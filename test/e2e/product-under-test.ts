/**
 * Owns the whole product as an end-to-end test sees it: the project's own processes, started as
 * `npm start` starts them, on the services that the environment names. Ports are free ones and data
 * lies in a folder of its own, so what was there before is met as a new machine would meet it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { oneStreamsProcess, startPipeline, type Pipeline } from '../../local/pipeline/pipeline';
import type { Progress } from '../../local/processes/progress';
import { serviceNames } from '../../local/services/service';
import { startStack, type Stack } from '../../local/stack/stack';
import { stackFolders } from '../../local/stack/stack-folders';
import { lastLines } from '../../local/processes/process-log';
import type { RunningStack } from '../../platform/running-stack';

export interface ProductUnderTest {
  readonly running: RunningStack;
  /** For commands: STACK_VAR. */
  readonly varFolder: string;
  /** Of the streams process; undefined while the supervisor has none. */
  streamsPid(): number | undefined;
  /** Of the edge; undefined while the supervisor has none. */
  edgePid(): number | undefined;
  /** What the streams process said last, for a failure's message. */
  streamsLog(): string;
  stop(): Promise<void>;
}

const LOG_LINES_SHOWN = 20;

const silent: Progress = {
  show: () => undefined,
  say: () => undefined,
  close: () => undefined,
};

/** `settings` are variables of the processes, on top of those of this one. */
export async function startProductUnderTest(
  settings: Readonly<Record<string, string>> = {},
): Promise<ProductUnderTest> {
  const folder = mkdtempSync(path.join(tmpdir(), 'e2e-'));
  const abandon = new AbortController();
  const shared = { progress: silent, abandon: abandon.signal };
  const environment = { ...process.env, ...settings };
  const folders = stackFolders(folder);
  const stack = await startStack({
    ...shared,
    folders,
    environment,
    only: serviceNames,
    fresh: false,
  });
  try {
    const pipeline = await startPipeline({
      ...shared,
      stack,
      environment,
      streams: oneStreamsProcess(),
    });
    return underTest(stack, pipeline, folder, async () => {
      // Else the supervisor would start again what a test has just killed.
      abandon.abort();
      await pipeline.stop();
      await stack.stop();
      rmSync(folder, { recursive: true, force: true });
    });
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

function underTest(
  { folders }: Stack,
  { running, processes }: Pipeline,
  varFolder: string,
  stop: () => Promise<void>,
): ProductUnderTest {
  return {
    running,
    varFolder,
    streamsPid: () => processes.get('streams')?.pid,
    edgePid: () => processes.get('edge')?.pid,
    streamsLog: () => lastLines(path.join(folders.log, 'streams.log'), LOG_LINES_SHOWN),
    stop,
  };
}
