/**
 * `npm run docs:commands`: every command that a document names, as a table in Markdown, with what shows
 * that it works. With `-- --run` those that need a running stack are run, after `npm start` itself, on a
 * stack of their own (`var/docs-commands`), and the table says what became of each; ends with 1 when one
 * does not work.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../local/processes/command-runner';
import { waitUntil } from '../local/services/readiness';
import { findRunningStack } from '../platform/connection';
import { projectFolder } from '../platform/project-folder';
import { proofOf, type Proof } from './command-proofs';
import { readersEnvironment, runDocumented, runnableCommands } from './command-runs';
import { documentedCommands } from './documented-commands';

/** Of `npm start`, installs included. */
const START_MS_MAX = 15 * 60_000;

/** What `npm start` says once its orders are told. */
const EVERYTHING = 'Ctrl-C stops everything';

async function list(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { run: { type: 'boolean' } } });
  const results = values.run === true ? await runAll() : new Map<string, string>();
  console.log('| command | documents | shown by | result |\n| --- | --- | --- | --- |');
  for (const { command, files } of documentedCommands()) {
    const result = results.get(command) ?? '';
    console.log(
      `| \`${cell(command)}\` | ${files.join(', ')} | ${cell(wordsOf(proofOf(command)))} | ${result} |`,
    );
  }
  return [...results.values()].every((result) => result.startsWith('works')) ? 0 : 1;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function wordsOf(proof: Proof): string {
  switch (proof.kind) {
    case 'run':
      return proof.as === undefined ? 'run' : `run, as \`${proof.as}\``;
    case 'test':
      return proof.where;
    case 'command':
      return proof.command;
    case 'smaller':
      return `smaller, in ${proof.where}`;
    case 'not run':
      return `not run: ${proof.why}`;
  }
}

async function runAll(): Promise<ReadonlyMap<string, string>> {
  const results = new Map<string, string>();
  const folder = path.join(projectFolder, 'var', 'docs-commands');
  const begun = performance.now();
  const start = begin(`npm start -- --fresh --var ${folder}`);
  const wait = await waitUntil(() => start.said().includes(EVERYTHING), { withinMs: START_MS_MAX });
  try {
    if (wait.kind !== 'held') throw new Error(`npm start is never done\n${start.said()}`);
    results.set('npm start -- --fresh', worksIn(begun));
    const running = findRunningStack({ STACK_VAR: folder });
    const environment = await readersEnvironment(folder, running);
    for (const command of runnableCommands()) {
      console.error(command);
      const { result, seconds } = await runDocumented(command, environment);
      if (result.kind === 'fails') console.error(result.said);
      results.set(command, `${result.kind}, ${String(seconds)} s`);
    }
  } finally {
    const [status] = (await start.end()) as [number | null];
    if (status !== 0) results.set('npm start', `ends with ${String(status)}`);
  }
  return results;
}

function worksIn(begun: number): string {
  return `works, ${((performance.now() - begun) / 1_000).toFixed(1)} s`;
}

function begin(line: string) {
  const child: ChildProcess = spawn('bash', ['-c', line], {
    cwd: projectFolder,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  let said = '';
  child.stdout?.on('data', (part: Buffer) => (said += part.toString('utf8')));
  const closed = once(child, 'close');
  return {
    said: () => said,
    end: () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
      return closed;
    },
  };
}

runCommand(list);
