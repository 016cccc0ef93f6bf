/**
 * The simulation as a command:
 *
 *   tsx proof/simulation/simulate.ts --seeds 10000 [--from 1] [--jobs 2]
 *   tsx proof/simulation/simulate.ts --seed 4711 [--trace]
 *
 * Prints progress, the failures with the end of their traces, and how many seeds a second it ran.
 * Exit status 0 only when every seed was clean.
 */
import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { systemClock } from '../../platform/clock';
import { simulate, type SimulationResult } from './simulation';
import { TraceTail } from './trace';

interface Range {
  readonly from: number;
  readonly seeds: number;
}

/** Lines of a failure's trace that are printed. */
const TAIL_LINES = 60;
/** Lines kept with --trace: a whole run has a few thousand. */
const WHOLE_TRACE_LINES = 1_000_000;
/** Violations of one seed that are printed; one bug may break much. */
const VIOLATIONS_SHOWN = 10;
/** Failing seeds whose traces are printed; the others are only named. */
const TRACES_SHOWN = 3;
const PROGRESS_EVERY_MS = 5_000;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs one seed again with its trace: the same seed, so the same run. */
async function replay(seed: number, lines: number): Promise<boolean> {
  let trace: TraceTail | undefined;
  const result = await simulate({
    seed,
    traceOf: (scheduler, startAt) => (trace = new TraceTail(scheduler, startAt, lines)).trace,
  });
  for (const line of trace?.tail ?? []) print(line);
  report(result);
  return result.violations.length === 0;
}

function report({ seed, violations, events }: SimulationResult): void {
  if (violations.length === 0) {
    print(`seed ${seed}: clean, ${events} records`);
    return;
  }
  print(`seed ${seed}: ${violations.length} violations`);
  for (const violation of violations.slice(0, VIOLATIONS_SHOWN)) print(`  - ${violation}`);
  print(`  replay: npm run simulate -- --seed ${seed} --trace`);
}

/** One finished seed, as a job tells it to its parent. */
interface Verdict {
  readonly seed: number;
  readonly clean: boolean;
}

async function runHere({ from, seeds }: Range, tell: (verdict: Verdict) => void): Promise<void> {
  for (let seed = from; seed < from + seeds; seed += 1) {
    const { violations } = await simulate({ seed });
    tell({ seed, clean: violations.length === 0 });
  }
}

/** Shares the range out; every job is a process of its own, told its part by arguments. */
async function runInJobs(
  { from, seeds }: Range,
  jobs: number,
  tell: (verdict: Verdict) => void,
): Promise<void> {
  const perJob = Math.ceil(seeds / jobs);
  const parts = Array.from({ length: jobs }, (_, job) => ({
    from: from + job * perJob,
    seeds: Math.min(perJob, seeds - job * perJob),
  }));
  await Promise.all(parts.filter((part) => part.seeds > 0).map((part) => runJob(part, tell)));
}

function runJob({ from, seeds }: Range, tell: (verdict: Verdict) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const args = ['--seeds', String(seeds), '--from', String(from)];
    const job = fork(__filename, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    job.on('message', tell);
    job.on('error', reject);
    job.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`the job from seed ${from} ended with ${String(code)}`));
    });
  });
}

async function runAll(range: Range, jobs: number): Promise<boolean> {
  const startedAt = systemClock.now();
  const failed: number[] = [];
  let finished = 0;
  let printedAt = startedAt;
  const tell = ({ seed, clean }: Verdict) => {
    finished += 1;
    if (!clean) {
      failed.push(seed);
      print(`seed ${seed} failed`);
    }
    const now = systemClock.now();
    if (now - printedAt < PROGRESS_EVERY_MS && finished < range.seeds) return;
    printedAt = now;
    const perSecond = (finished / ((now - startedAt) / 1_000)).toFixed(1);
    print(`${finished} of ${range.seeds} seeds, ${perSecond} a second, ${failed.length} failed`);
  };
  await (jobs === 1 ? runHere(range, tell) : runInJobs(range, jobs, tell));
  failed.sort((a, b) => a - b);
  for (const seed of failed.slice(0, TRACES_SHOWN)) await replay(seed, TAIL_LINES);
  const seconds = ((systemClock.now() - startedAt) / 1_000).toFixed(0);
  const named = failed.length === 0 ? 'all clean' : `failed: ${failed.join(' ')}`;
  print(`${range.seeds} seeds from ${range.from} in ${seconds} s, ${named}`);
  return failed.length === 0;
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      jobs: { type: 'string', default: '1' },
      seed: { type: 'string' },
      trace: { type: 'boolean', default: false },
    },
  });
  if (values.seed !== undefined) {
    const lines = values.trace ? WHOLE_TRACE_LINES : TAIL_LINES;
    return replay(wholeNumber('seed', values.seed), lines);
  }
  const range = {
    from: wholeNumber('from', values.from),
    seeds: wholeNumber('seeds', values.seeds),
  };
  if (process.send === undefined) return runAll(range, wholeNumber('jobs', values.jobs));
  await runHere(range, (verdict) => process.send?.(verdict));
  process.disconnect();
  return true;
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name}: ${text} is not a whole number`);
  return Number(text);
}

main().then(
  (clean) => {
    process.exitCode = clean ? 0 : 1;
  },
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  },
);
