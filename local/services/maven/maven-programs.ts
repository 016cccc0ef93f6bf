/**
 * Owns the programs fetched with Maven: one folder per program in the cache, named by a hash of
 * the pom, so that a changed version is a new folder. A folder is there whole or not at all: it
 * is filled under another name and then renamed.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from '../../processes/command';
import { mavenProblem } from '../../bootstrap/java-tools.cjs';
import type { Installation } from '../service';
import { StackError } from '../../stack/stack-error';
import { projectFolder } from '../../stack/stack-folders';
import { takeTurn } from '../../stack/turn';

export type MavenProgram = KafkaProgram | 'registry' | 'redis' | 'opensearch';
/** The newest Kafka that runs on the Java asked for, and the oldest that is supported. */
export type KafkaProgram = 'kafka' | 'oldest-kafka';

const services = path.join(projectFolder, 'local', 'services');

/** What no stack starts has a pom of its own, so that a change of it fetches nothing else anew. */
function pomOf(program: MavenProgram): string {
  return path.join(services, program === 'opensearch' ? 'opensearch' : 'maven', 'pom.xml');
}

const goals: Readonly<Record<MavenProgram, readonly string[]>> = {
  kafka: ['dependency:copy-dependencies@kafka'],
  'oldest-kafka': ['dependency:copy-dependencies@kafka', '--activate-profiles', 'oldest-kafka'],
  registry: ['dependency:unpack@registry'],
  redis: ['dependency:unpack@redis'],
  opensearch: ['dependency:copy-dependencies@opensearch'],
};

export function programFolder(cache: string, program: MavenProgram): string {
  const version = createHash('sha256')
    .update(readFileSync(pomOf(program)))
    .digest('hex')
    .slice(0, 12);
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
      args: ['-B', '-f', pomOf(program), ...goals[program], `-Dprogram=${partial}`],
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
