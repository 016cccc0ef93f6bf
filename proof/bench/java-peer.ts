/**
 * Owns the Java side of the benchmarks: the programs in `proof/bench/kafka-streams/`, compiled against
 * Kafka Streams, which Maven fetches once per clone and version, and against classes that are made of
 * the shop's own schemas.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { runCommand } from '../../local/processes/command';
import { javaProblem, mavenProblem } from '../../local/bootstrap/java-tools.cjs';
import { StackError } from '../../local/stack/stack-error';
import { projectFolder } from '../../local/stack/stack-folders';
import { takeTurn } from '../../local/stack/turn';
import type { EventType } from '../../schemas/event';
import { recordType } from '../../schemas/avro-types';
import { alertsLifecycle, alertsRaised } from '../../topics/alerts';
import { ordersEvents } from '../../topics/orders';
import { paymentsEvents } from '../../topics/payments';

const sources = path.join(projectFolder, 'proof', 'bench', 'kafka-streams');
const pom = path.join(sources, 'pom.xml');
/** Some 100 MB, of which RocksDB's jar is most. */
const INSTALL_WITHIN_MS = 10 * 60_000;

/** A field named like a package hides it in Java; under this one no schema's namespace is. */
const JAVA_PACKAGE = 'shop';

/** What the peers read, write and keep. */
const RECORDS: readonly EventType[] = [
  ...[ordersEvents, paymentsEvents, alertsRaised, alertsLifecycle].flatMap(({ types }) => types),
  'OrderAlertsState',
];

/** Resolves to the class path of the compiled programs. */
export async function installJavaPeer(): Promise<string> {
  const programs = readdirSync(sources)
    .filter((name) => name.endsWith('.java'))
    .map((name) => path.join(sources, name));
  const hash = createHash('sha256').update(readFileSync(pom));
  for (const program of programs) hash.update(readFileSync(program));
  for (const type of RECORDS) hash.update(javaSchema(type));
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
  const jars = path.join(partial, '*');
  const schemas = path.join(partial, 'schemas');
  mkdirSync(schemas);
  for (const type of RECORDS) writeFileSync(path.join(schemas, `${type}.avsc`), javaSchema(type));
  const records = path.join(partial, 'records');
  const generator = path.join(sources, 'GenerateRecords.java');
  await run('making classes of the schemas', 'java', ['-cp', jars, generator, schemas, records]);
  const classes = readdirSync(records, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.java'))
    .map((name) => path.join(records, name));
  const compile = ['-nowarn', '-encoding', 'UTF-8', '-cp', jars, '-d', partial];
  await run('compiling the peer', 'javac', [...compile, ...classes, ...programs]);
  renameSync(partial, folder);
}

/** Below one package; times as the plain numbers that they are for the app too. */
function javaSchema(type: EventType): string {
  return JSON.stringify(forJava(JSON.parse(recordType(type).schema)));
}

function forJava(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(forJava);
  if (typeof part !== 'object' || part === null) return part;
  if ('logicalType' in part && 'type' in part) return part.type;
  return Object.fromEntries(
    Object.entries(part).map(([name, value]: [string, unknown]) => [
      name,
      name === 'namespace' ? `${JAVA_PACKAGE}.${String(value)}` : forJava(value),
    ]),
  );
}
