/**
 * `npm test`: what a commit must pass, from format to browser, on real services of its own
 * (`var/test`, free ports), which start while the steps that need none are running. Checks run two at
 * a time, suites one after the other. Says at the end how long each took, and prints the sum of all
 * suites as its last line. `npm test -- --only unit,broker` runs some of the steps.
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

/** What a step came to, in its time. */
interface Outcome extends Counts {
  readonly name: string;
  readonly seconds: number;
}

/** One script of package.json; it counts as one test: it passes or it fails. */
interface Check {
  readonly name: string;
  readonly script: string;
}

interface Suite {
  readonly name: string;
  readonly workers: number;
}

/** Types and lint need what it makes. */
const GENERATE: Check = { name: 'generate', script: 'generate' };

/** The longest first, so that the others fit beside it. */
const CHECKS: readonly Check[] = [
  { name: 'lint', script: 'lint' },
  { name: 'types', script: 'types:check' },
  { name: 'format', script: 'format:check' },
  { name: 'structure', script: 'structure' },
];

/** Lint alone takes 3 GB; two processors are what is counted on. */
const CHECKS_AT_ONCE = 2;

const UNIT: Suite = { name: 'unit', workers: 2 };

/** The end-to-end suite starts processes of its own and must not compete with another suite. */
const ON_SERVICES: readonly Suite[] = [
  { name: 'broker', workers: 2 },
  { name: 'e2e', workers: 1 },
];

const STEPS = [GENERATE, ...CHECKS, UNIT, ...ON_SERVICES];

async function test(args: readonly string[], stop: StopRequest): Promise<number> {
  const only = chosen(args);
  const wanted = ({ name }: { readonly name: string }) => only.length === 0 || only.includes(name);
  const onServices = ON_SERVICES.filter(wanted);
  const dashboard = onServices.some(({ name }) => name === 'e2e') ? buildDashboard(say) : undefined;
  // The first suite's services start while the steps that need none are running.
  let starting = onServices.length > 0 ? startServices(stop) : undefined;
  // Both are awaited below; a failure before that must not end the process on its own.
  dashboard?.catch(() => undefined);
  starting?.catch(() => undefined);
  const outcomes: Outcome[] = [];
  try {
    if (wanted(GENERATE)) outcomes.push(await check(GENERATE, stop));
    const checks = CHECKS.filter(wanted);
    outcomes.push(...(await inLanes(checks, CHECKS_AT_ONCE, (each) => check(each, stop))));
    if (wanted(UNIT)) outcomes.push(await runSuite(UNIT, process.env, stop));
    await dashboard;
    for (const suite of onServices) {
      const stack = await (starting ?? startServices(stop));
      starting = Promise.resolve(stack);
      outcomes.push(await runSuite(suite, { ...process.env, ...stack.environment }, stop));
      await stack.stop();
      starting = undefined;
    }
  } finally {
    const stack = await starting?.catch(() => undefined);
    await stack?.stop();
  }
  return report(outcomes);
}

function chosen(args: readonly string[]): readonly string[] {
  const { values } = parseArgs({ args: [...args], options: { only: { type: 'string' } } });
  const names = values.only?.split(',').map((name) => name.trim()) ?? [];
  const known = STEPS.map(({ name }) => name);
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

/** Resolves with the results in the order of the items, of which `lanes` are under way at once. */
async function inLanes<Item, Result>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const rest = items.entries();
  const lane = async () => {
    for (const [index, item] of rest) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

/** Another check may run beside it, so that what it says is shown when it ends. */
async function check({ name, script }: Check, stop: StopRequest): Promise<Outcome> {
  const begun = performance.now();
  const { status, said } = await run(['npm', 'run', '--silent', script], process.env, stop, 'kept');
  say(`\n== ${name}`);
  process.stderr.write(said);
  const passed = status === 0 ? 1 : 0;
  return { name, passed, failed: 1 - passed, skipped: 0, seconds: secondsSince(begun) };
}

async function runSuite(
  { name, workers }: Suite,
  environment: NodeJS.ProcessEnv,
  stop: StopRequest,
): Promise<Outcome> {
  say(`\n== ${name}`);
  const begun = performance.now();
  const folder = mkdtempSync(path.join(tmpdir(), 'jest-'));
  const results = path.join(folder, 'results.json');
  const jest = path.join(projectFolder, 'node_modules', 'jest', 'bin', 'jest.js');
  try {
    const flags = ['--selectProjects', name, `--maxWorkers=${String(workers)}`];
    const output = ['--json', `--outputFile=${results}`];
    const command = [process.execPath, jest, ...flags, ...output];
    const { status } = await run(command, environment, stop, 'shown');
    const counts = readCounts(results);
    // A suite that does not even load has no failed test to count.
    const failed = status !== 0 && counts.failed === 0 ? 1 : counts.failed;
    return { ...counts, name, failed, seconds: secondsSince(begun) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function secondsSince(begun: number): number {
  return Math.round((performance.now() - begun) / 1_000);
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

/** Standard output of the child never goes to ours, which ends with the sum alone. */
function run(
  [command = '', ...args]: readonly string[],
  environment: NodeJS.ProcessEnv,
  stop: StopRequest,
  output: 'shown' | 'kept',
): Promise<{ readonly status: number; readonly said: Buffer }> {
  return new Promise((resolve, reject) => {
    const said: Buffer[] = [];
    const target = output === 'shown' ? 2 : 'pipe';
    const child = spawn(command, args, {
      cwd: projectFolder,
      env: environment,
      stdio: ['ignore', target, target],
    });
    child.stdout?.on('data', (part: Buffer) => said.push(part));
    child.stderr?.on('data', (part: Buffer) => said.push(part));
    const interrupt = () => child.kill('SIGTERM');
    stop.asked.addEventListener('abort', interrupt, { once: true });
    child.once('error', reject);
    child.once('close', (code) => {
      stop.asked.removeEventListener('abort', interrupt);
      resolve({ status: code ?? 1, said: Buffer.concat(said) });
    });
  });
}

function report(outcomes: readonly Outcome[]): number {
  const sum = (pick: (count: Counts) => number) =>
    outcomes.reduce((total, count) => total + pick(count), 0);
  const failed = sum((count) => count.failed);
  const skipped = sum((count) => count.skipped);
  const took = outcomes.map(({ name, seconds }) => `${name} ${String(seconds)} s`);
  say(`\n${took.join(', ')}`);
  const bad = outcomes.filter((outcome) => outcome.failed > 0).map(({ name }) => name);
  if (bad.length > 0) say(`failed: ${bad.join(', ')}`);
  const passed = `${String(sum((count) => count.passed))} passed, ${String(failed)} failed`;
  console.log(skipped === 0 ? passed : `${passed}, ${String(skipped)} skipped`);
  return failed === 0 ? 0 : 1;
}

runCommand(test);
