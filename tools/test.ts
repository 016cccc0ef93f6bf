/**
 * `npm test`: what a commit must pass, from format to browser, on real services of its own
 * (`var/test`, free ports), which start while the checks that need none are running. Prints the sum
 * of all suites as its last line. `npm test -- --only unit,broker` runs some of the steps.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../local/processes/command-runner';
import { buildDashboard } from '../local/pipeline/dashboard-build';
import { progressOn } from '../local/processes/progress';
import { serviceNames } from '../local/services/service';
import { startStack, type Stack } from '../local/stack/stack';
import { StackError } from '../local/stack/stack-error';
import { projectFolder, stackFolders } from '../local/stack/stack-folders';
import type { StopRequest } from '../local/processes/stop-signals';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

type Step =
  | { readonly name: string; readonly kind: 'check'; readonly command: readonly string[] }
  | { readonly name: string; readonly kind: 'suite'; readonly workers: number };

/** A check counts as one test: it passes or it fails. */
const WITHOUT_SERVICES: readonly Step[] = [
  { name: 'generate', kind: 'check', command: ['npm', 'run', '--silent', 'generate'] },
  { name: 'format', kind: 'check', command: ['npm', 'run', '--silent', 'format:check'] },
  { name: 'types', kind: 'check', command: ['npm', 'run', '--silent', 'types'] },
  { name: 'lint', kind: 'check', command: ['npm', 'run', '--silent', 'lint'] },
  { name: 'structure', kind: 'check', command: ['npm', 'run', '--silent', 'structure'] },
  { name: 'unit', kind: 'suite', workers: 2 },
];

/** The end-to-end suite starts processes of its own and must not compete with another suite. */
const ON_SERVICES: readonly Step[] = [
  { name: 'broker', kind: 'suite', workers: 2 },
  { name: 'e2e', kind: 'suite', workers: 1 },
];

async function test(args: readonly string[], stop: StopRequest): Promise<number> {
  const only = chosen(args);
  const wanted = (step: Step) => only.length === 0 || only.includes(step.name);
  const onServices = ON_SERVICES.filter(wanted);
  const dashboard = onServices.some(({ name }) => name === 'e2e') ? buildDashboard(say) : undefined;
  // The first suite's services start while the checks that need none are running.
  let starting = onServices.length > 0 ? startServices(stop) : undefined;
  // Both are awaited below; a failure before that must not end the process on its own.
  dashboard?.catch(() => undefined);
  starting?.catch(() => undefined);
  const counts: Counts[] = [];
  try {
    for (const step of WITHOUT_SERVICES.filter(wanted)) {
      counts.push(await perform(step, process.env, stop));
    }
    await dashboard;
    for (const step of onServices) {
      const stack = await (starting ?? startServices(stop));
      starting = Promise.resolve(stack);
      counts.push(await perform(step, { ...process.env, ...stack.environment }, stop));
      await stack.stop();
      starting = undefined;
    }
  } finally {
    const stack = await starting?.catch(() => undefined);
    await stack?.stop();
  }
  return report(counts);
}

function chosen(args: readonly string[]): readonly string[] {
  const { values } = parseArgs({ args: [...args], options: { only: { type: 'string' } } });
  const names = values.only?.split(',').map((name) => name.trim()) ?? [];
  const known = [...WITHOUT_SERVICES, ...ON_SERVICES].map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new StackError(
      'BAD_ARGUMENTS',
      `--only: no step ${unknown}; there are ${known.join(', ')}`,
    );
  }
  return names;
}

function say(line: string): void {
  console.error(line);
}

/** Each suite's own, from empty data: what an earlier suite or run left must not matter. */
function startServices(stop: StopRequest): Promise<Stack> {
  const varFolder = process.env['STACK_VAR'] ?? path.join(projectFolder, 'var', 'test');
  return startStack({
    folders: stackFolders(varFolder),
    only: serviceNames,
    fresh: true,
    environment: process.env,
    progress: progressOn(),
    abandon: stop.asked,
  });
}

async function perform(
  step: Step,
  environment: NodeJS.ProcessEnv,
  stop: StopRequest,
): Promise<Counts> {
  say(`\n== ${step.name}`);
  switch (step.kind) {
    case 'check': {
      const status = await run(step.command, environment, stop);
      return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
    }
    case 'suite':
      return runSuite(step.name, step.workers, environment, stop);
  }
}

async function runSuite(
  project: string,
  workers: number,
  environment: NodeJS.ProcessEnv,
  stop: StopRequest,
): Promise<Counts> {
  const folder = mkdtempSync(path.join(tmpdir(), 'jest-'));
  const results = path.join(folder, 'results.json');
  const jest = path.join(projectFolder, 'node_modules', 'jest', 'bin', 'jest.js');
  try {
    const flags = ['--selectProjects', project, `--maxWorkers=${String(workers)}`];
    const output = ['--json', `--outputFile=${results}`];
    const status = await run([process.execPath, jest, ...flags, ...output], environment, stop);
    const counts = readCounts(results);
    // A suite that does not even load has no failed test to count.
    return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readCounts(file: string): Counts {
  try {
    const results = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
    return {
      passed: results['numPassedTests'] ?? 0,
      failed: (results['numFailedTests'] ?? 0) + (results['numRuntimeErrorTestSuites'] ?? 0),
      skipped: (results['numPendingTests'] ?? 0) + (results['numTodoTests'] ?? 0),
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** Standard output of the child goes to standard error: ours ends with the sum alone. */
function run(
  [command = '', ...args]: readonly string[],
  environment: NodeJS.ProcessEnv,
  stop: StopRequest,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: projectFolder,
      env: environment,
      stdio: ['ignore', 2, 2],
    });
    const interrupt = () => child.kill('SIGTERM');
    stop.asked.addEventListener('abort', interrupt, { once: true });
    child.once('error', reject);
    child.once('exit', (code) => {
      stop.asked.removeEventListener('abort', interrupt);
      resolve(code ?? 1);
    });
  });
}

function report(counts: readonly Counts[]): number {
  const sum = (pick: (count: Counts) => number) =>
    counts.reduce((total, count) => total + pick(count), 0);
  const failed = sum((count) => count.failed);
  const skipped = sum((count) => count.skipped);
  const passed = `${String(sum((count) => count.passed))} passed, ${String(failed)} failed`;
  console.log(skipped === 0 ? passed : `${passed}, ${String(skipped)} skipped`);
  return failed === 0 ? 0 : 1;
}

runCommand(test);
