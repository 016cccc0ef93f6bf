/**
 * `npm run prove:install`: every way to install that the README names, each in a scratch folder of its
 * own, down to what it is for: `npm ci` and `npm install --ignore-scripts` build dist/, and the
 * production install runs each unit of deploy/systemd/ on real services until it is ready. Ends with 0
 * when all of it is so. Takes some minutes, and 3 GB in the folder for temporary files.
 */
import path from 'node:path';
import { runCommand } from '../local/processes/command-runner';
import { progressOn } from '../local/processes/progress';
import { serviceNames } from '../local/services/service';
import { startStack } from '../local/stack/stack';
import { projectFolder, stackFolders } from '../local/stack/stack-folders';
import type { StopRequest } from '../local/processes/stop-signals';
import { InstalledCopy } from './installed-copy';
import { runUnits } from './server-processes';

async function prove(_args: readonly string[], stop: StopRequest): Promise<number> {
  const copies: InstalledCopy[] = [];
  const made = (copy: InstalledCopy) => {
    copies.push(copy);
    return copy;
  };
  try {
    const clone = made(await InstalledCopy.ofRepository());
    await install(clone, 'npm', 'ci', '--include=dev');
    await build(clone);
    const without = made(await InstalledCopy.ofRepository());
    await withoutScripts(without);
    without.remove();
    const server = made(InstalledCopy.forServer(clone.folder));
    clone.remove();
    await production(server, stop);
    console.log('every install holds');
    return 0;
  } finally {
    for (const copy of copies) copy.remove();
  }
}

async function install(copy: InstalledCopy, ...command: readonly string[]): Promise<void> {
  const [program = '', ...args] = command;
  await timed(command.join(' '), () => copy.run(program, ...args));
  expectThat(copy.arePatchesApplied(), 'the patches are not applied');
}

async function build(copy: InstalledCopy): Promise<void> {
  await timed('npm run build', () => copy.run('npm', 'run', 'build'));
  expectThat(copy.notBuilt().length === 0, `dist/ lacks ${copy.notBuilt().join(', ')}`);
}

/** `npm start` and `npm test` apply the patches then; by hand it is the script that was left out. */
async function withoutScripts(copy: InstalledCopy): Promise<void> {
  const before = copy.read('package-lock.json');
  await timed('npm install --ignore-scripts', () =>
    copy.run('npm', 'install', '--ignore-scripts', '--include=dev'),
  );
  expectThat(copy.read('package-lock.json') === before, 'npm install changed package-lock.json');
  expectThat(!copy.arePatchesApplied(), 'the patches were applied without scripts');
  await timed('npm run postinstall', () => copy.run('npm', 'run', 'postinstall'));
  expectThat(copy.arePatchesApplied(), 'the patches are not applied');
  await build(copy);
}

async function production(copy: InstalledCopy, stop: StopRequest): Promise<void> {
  await install(copy, 'npm', 'ci', '--omit=dev');
  const found = copy.developmentPackages();
  expectThat(found.length === 0, `packages of development: ${found.join(', ')}`);
  const stack = await startStack({
    folders: stackFolders(path.join(projectFolder, 'var', 'prove-install')),
    only: serviceNames,
    fresh: true,
    environment: process.env,
    progress: progressOn(),
    abandon: stop.asked,
  });
  try {
    for (const { unit, readySeconds } of await runUnits(copy, stack.environment)) {
      console.log(`${unit}: ready in ${String(readySeconds)} s, stopped`);
    }
  } finally {
    await stack.stop();
  }
}

async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
  const begun = performance.now();
  await work();
  console.log(`${what}: ${((performance.now() - begun) / 1_000).toFixed(0)} s`);
}

function expectThat(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

runCommand(prove);
