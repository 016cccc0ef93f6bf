/**
 * Owns how a long-lived process of the project is started: compiled, from dist/, by Node alone.
 * Whoever starts one (the pipeline, chaos, a proof, a benchmark, the image) has its command from
 * here, so that all of them run the same code in the same way.
 */
import path from 'node:path';
import { buildFolder, projectFolder } from '../../platform/project-folder';

/** The script of each process, from the project's folder. The build compiles what they reach. */
export const PROCESS_SCRIPTS = [
  'streams/main',
  'edge/server',
  'edge/replay/command',
  'simulator/server',
  'proof/chaos/streams-process',
  'proof/bench/bare-http-server',
  'proof/bench/bare-socket-server',
  'proof/bench/socket-crowd-thread',
  'proof/bench/recovery/app-process',
  'proof/bench/recovery/raw-reader',
] as const;

export type ProcessScript = (typeof PROCESS_SCRIPTS)[number];

export interface NodeCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
}

/**
 * Source maps: a stack trace names the line that somebody wrote. V8 on a large machine lets its heap
 * grow to several times of what is in use before it collects; this keeps it at twice that, for a
 * twentieth of the CPU under a backlog.
 */
export const NODE_FLAGS = ['--enable-source-maps', '--heap-growing-percent=100'] as const;

/** For glibc: an arena for each thread of RocksDB keeps what is freed to itself. */
export const NODE_ENVIRONMENT = { MALLOC_ARENA_MAX: '2' } as const;

/** Only what `npm run build` has made can be started; `buildProcesses` sees to it. */
export function nodeProcess(script: ProcessScript, ...args: readonly string[]): NodeCommand {
  return {
    command: process.execPath,
    args: [...NODE_FLAGS, path.join(buildFolder, `${script}.js`), ...args],
    folder: projectFolder,
  };
}
