/**
 * `npm run bench`: every question in turn, each on a fresh stack; `--only NAMES` for some. What it
 * prints and writes is what each prints and writes alone. Recovery has flags of its own, so it runs
 * by its own command.
 */
import { runCommand } from '../../local/processes/command-runner';
import { chosen, readBenchFlags } from './bench-flags';
import { ceiling } from './ceiling';
import { intake } from './intake';
import { join } from './join';
import { latency } from './latency';
import { push } from './push';
import { saga } from './saga';
import { askOnFreshStack, type Question } from './question';

const QUESTIONS: readonly Question[] = [ceiling, join, latency, intake, push, saga];

runCommand(async (args, stop) => {
  const { only } = readBenchFlags(args);
  for (const question of chosen('--only', QUESTIONS, only)) {
    await askOnFreshStack(question, args, stop.asked);
  }
  return 0;
});
