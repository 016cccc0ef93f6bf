/**
 * Owns the programs fetched with Maven: one folder per program in the cache, named by a hash of
 * the pom, so that a changed version is a new folder. A folder is there whole or not at all: it
 * is filled under another name and then renamed.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from '../command';
import { claimFile } from '../owned-file';
import { waitUntil } from '../readiness';
import { mavenProblem } from '../java-tools.cjs';
import type { Installation } from '../service';
import { StackError } from '../stack-error';
import { projectFolder } from '../stack-folders';

export type MavenProgram = 'kafka' | 'registry' | 'redis';

const pom = path.join(projectFolder, 'local', 'maven', 'pom.xml');

const goals: Readonly<Record<MavenProgram, string>> = {
  kafka: 'dependency:copy-dependencies@kafka',
  registry: 'dependency:unpack@registry',
  redis: 'dependency:unpack@redis',
};

/** 110 MB over a slow line; longer than this, somebody should look. */
const otherInstallMs = 20 * 60_000;

export function programFolder(cache: string, program: MavenProgram): string {
  const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  return path.join(cache, `${program}-${version}`);
}

export async function installProgram(
  program: MavenProgram,
  { cache, report, abandon }: Installation,
): Promise<void> {
  const folder = programFolder(cache, program);
  if (existsSync(folder)) return;
  const release = await takeTurn(`${folder}.installing`, report, abandon);
  try {
    if (existsSync(folder)) return;
    const problem = mavenProblem();
    if (problem !== undefined) throw new StackError('MAVEN_MISSING', problem);
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    let files = 0;
    await runCommand({
      purpose: `fetching ${program} with Maven`,
      command: 'mvn',
      args: ['-B', '-f', pom, goals[program], `-Dcache=${partial}`],
      folder: cache,
      abandon,
      onLine: (line) => {
        if (!line.includes('Downloaded from')) return;
        files += 1;
        report(`downloading (${files} files)`);
      },
    });
    renameSync(partial, folder);
  } finally {
    release();
  }
}

/** Another stack of this clone may be fetching the same: wait for it rather than fetch twice. */
async function takeTurn(
  lock: string,
  report: (detail: string) => void,
  abandon: AbortSignal,
): Promise<() => void> {
  let claim = claimFile(lock, 'installation');
  if (claim.kind === 'taken') report('another stack is downloading it');
  const wait = await waitUntil(
    () => {
      if (claim.kind === 'taken') claim = claimFile(lock, 'installation');
      return claim.kind === 'held';
    },
    { withinMs: otherInstallMs, abandon },
  );
  if (claim.kind === 'held' && wait !== 'abandoned') return claim.release;
  if (claim.kind === 'held') claim.release();
  throw new StackError('STOPPED', 'Stopped while another stack was downloading.');
}
