/** A question that a benchmark answers, and how one is asked: on a fresh stack, its answer written. */
import path from 'node:path';
import { runCommand } from '../../local/processes/command-runner';
import { buildProcesses } from '../../local/pipeline/process-build';
import { progressOn } from '../../local/processes/progress';
import type { ServiceName } from '../../local/services/service';
import { startStack } from '../../local/stack/stack';
import { stackFolders } from '../../local/stack/stack-folders';
import { buildFolder } from '../../platform/project-folder';
import { readBenchFlags, type BenchFlags } from './bench-flags';
import { BenchGround } from './bench-ground';
import type { Answer } from './figures';
import { thisMachine } from './machine';
import { writeResults } from './results';

export interface Question {
  /** `join` of `npm run bench:join`. */
  readonly name: string;
  readonly services: readonly ServiceName[];
  ask(bench: Bench): Promise<Answer>;
}

export interface Bench {
  readonly flags: BenchFlags;
  readonly ground: BenchGround;
  /** For stores, profiles, and whatever else a question puts down; kept until the next run. */
  readonly folder: string;
  readonly abandon: AbortSignal;
  /** A line for whoever waits. */
  readonly say: (line: string) => void;
}

/** A benchmark judges nothing but that the sides did the same: status 0 means that it ran. */
export function runAlone(question: Question): void {
  runCommand(async (args, stop) => {
    await askOnFreshStack(question, args, stop.asked);
    return 0;
  });
}

export async function askOnFreshStack(
  question: Question,
  args: readonly string[],
  abandon: AbortSignal,
): Promise<void> {
  const flags = readBenchFlags(args);
  const machine = thisMachine();
  if (flags.build.compiled === buildFolder) await buildProcesses(console.error, abandon);
  const stack = await startStack({
    folders: stackFolders(flags.varFolder),
    only: question.services,
    fresh: true,
    environment: {},
    progress: progressOn(),
    abandon,
  });
  const results = path.join(flags.varFolder, 'results');
  try {
    const ground = await BenchGround.open(stack);
    try {
      const answer = await question.ask({
        flags,
        ground,
        folder: path.join(results, question.name),
        abandon,
        say: (line) => console.error(line),
      });
      console.log(writeResults(results, { machine, arguments: args, answer }));
      console.error(`written to ${path.join(results, question.name)}.{json,md}`);
    } finally {
      await ground.close();
    }
  } finally {
    await stack.stop();
  }
}
