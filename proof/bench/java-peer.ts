/**
 * Owns the Java side of the benchmarks: the programs in `proof/bench/kafka-streams/`, compiled against
 * Kafka Streams, which Maven fetches once per clone and version.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from '../../local/processes/command';
import { javaProblem, mavenProblem } from '../../local/bootstrap/java-tools.cjs';
import { StackError } from '../../local/stack/stack-error';
import { projectFolder } from '../../local/stack/stack-folders';
import { takeTurn } from '../../local/stack/turn';

const sources = path.join(projectFolder, 'proof', 'bench', 'kafka-streams');
const pom = path.join(sources, 'pom.xml');
/** Some 100 MB, of which RocksDB's jar is most. */
const INSTALL_WITHIN_MS = 10 * 60_000;

/** Resolves to the class path of the compiled programs. */
export async function installJavaPeer(): Promise<string> {
  const programs = readdirSync(sources)
    .filter((name) => name.endsWith('.java'))
    .map((name) => path.join(sources, name));
  const hash = createHash('sha256').update(readFileSync(pom));
  for (const program of programs) hash.update(readFileSync(program));
  const cache = path.join(projectFolder, 'var', 'cache');
  const folder = path.join(cache, `kafka-streams-${hash.digest('hex').slice(0, 12)}`);
  const classPath = [folder, path.join(folder, '*')].join(path.delimiter);
  if (existsSync(folder)) return classPath;
  for (const [code, problem] of [
    ['JAVA_MISSING', javaProblem()],
    ['MAVEN_MISSING', mavenProblem()],
  ] as const) {
    if (problem !== undefined) throw new StackError(code, problem);
  }
  mkdirSync(cache, { recursive: true });
  const abandon = AbortSignal.timeout(INSTALL_WITHIN_MS);
  const release = await takeTurn(`${folder}.installing`, () => undefined, abandon);
  try {
    if (!existsSync(folder)) await build(folder, programs, cache, abandon);
    return classPath;
  } finally {
    release();
  }
}

async function build(
  folder: string,
  programs: readonly string[],
  cache: string,
  abandon: AbortSignal,
): Promise<void> {
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  const run = (purpose: string, command: string, args: readonly string[]) =>
    runCommand({ purpose, command, args, folder: cache, abandon });
  const copy = ['-B', '-f', pom, 'dependency:copy-dependencies', `-Dprogram=${partial}`];
  await run('fetching Kafka Streams with Maven', 'mvn', copy);
  const compile = ['-cp', path.join(partial, '*'), '-d', partial, ...programs];
  await run('compiling the peer', 'javac', compile);
  renameSync(partial, folder);
}
