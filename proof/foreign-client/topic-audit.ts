/**
 * Owns the running of the foreign client: `TopicAudit.java` in this folder, which reads topics with
 * Apache's Kafka client and Avro and shares no code with this project. Its jars are fetched with
 * Maven, once per clone and version, as the programs of the local stack are.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from '../../local/processes/command';
import { javaProblem, mavenProblem } from '../../local/bootstrap/java-tools.cjs';
import { StackError } from '../../local/stack/stack-error';
import { projectFolder } from '../../local/stack/stack-folders';
import { takeTurn } from '../../local/stack/turn';
import { recordType } from '../../schemas/avro-types';
import type { EventType } from '../../schemas/event';

export interface TopicAuditOptions {
  /** host:port,… */
  readonly brokers: string;
  /** Base of Confluent's API. */
  readonly registryUrl: string;
  /** Undefined: every topic of the cluster but Kafka's own. */
  readonly topics?: readonly string[];
  /** Only records from this log time on, ms since the epoch; undefined: all. */
  readonly since?: number;
}

export type TopicAudit =
  /** All was decoded, and no eventId stands twice. */
  | ({ readonly kind: 'clean' } & TopicAuditReport)
  | ({ readonly kind: 'faulty' } & TopicAuditReport);

export interface TopicAuditReport {
  readonly records: number;
  /** A row per topic, the faults one by one, and the sum. */
  readonly text: string;
}

/**
 * What the edge writes. It answers a repeated request by writing the same eventId again, and the
 * reader absorbs it: idempotency without a database. All others write through transactions.
 */
export const EDGE_WRITES: readonly EventType[] = [
  'PurchaseRequested',
  'CancellationRequested',
  'StockReceived',
  'StockAdjustmentRequested',
  'SpendingLimitChanged',
  'Product',
  'PaymentNotificationReceived',
  'WebhookSetAside',
  'PaymentCheckRequested',
  'AlertAcknowledgeRequested',
  'AlertResolveRequested',
  'AlertReopenRequested',
  'AlertActionRequested',
  'AlertNoteRequested',
  'Silence',
];

/** A million records take a minute; longer means that it hangs. */
const AUDIT_WITHIN_MS = 10 * 60_000;
/** A row per topic and fifty faults are a hundredth of it. */
const OUTPUT_BYTES_MAX = 1024 * 1024;
/** Exit status of the program when the audit was done and found faults. */
const FAULTS_FOUND = 1;

const sources = path.join(projectFolder, 'proof', 'foreign-client');
const pom = path.join(sources, 'pom.xml');
const program = path.join(sources, 'TopicAudit.java');

/** It lives for seconds: what a long-lived server gains from is what it would wait for. */
const JVM_FLAGS = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/** Rejects when not everything could be read: that says nothing about the records. */
export async function auditTopics(options: TopicAuditOptions): Promise<TopicAudit> {
  const folder = await install(AbortSignal.timeout(AUDIT_WITHIN_MS));
  const { topics, since } = options;
  const { status, text } = await runJava([
    ...JVM_FLAGS,
    '-cp',
    [folder, path.join(folder, '*')].join(path.delimiter),
    'TopicAudit',
    options.brokers,
    options.registryUrl,
    '--repeatable',
    EDGE_WRITES.map((type) => recordType(type).fullName).join(),
    ...(topics === undefined ? [] : ['--topics', topics.join()]),
    ...(since === undefined ? [] : ['--since', String(since)]),
  ]);
  if (status !== 0 && status !== FAULTS_FOUND) throw new Error(text);
  return { kind: status === 0 ? 'clean' : 'faulty', records: recordsIn(text), text };
}

function recordsIn(text: string): number {
  const sum = /^\d+ topics, (\d+) records,/m.exec(text)?.[1];
  if (sum === undefined) throw new Error(`the audit ended without its sum:\n${text}`);
  return Number(sum);
}

function runJava(args: readonly string[]): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const limits = { timeout: AUDIT_WITHIN_MS, maxBuffer: OUTPUT_BYTES_MAX };
    const child = execFile('java', args, limits, (error, stdout, stderr) => {
      const status = child.exitCode;
      // Cut off, or not run at all.
      if (status === null) reject(error ?? new Error('java was ended'));
      else resolve({ status, text: `${stdout}${stderr}` });
    });
  });
}

/** Resolves to the folder of the jars and the compiled program. */
async function install(abandon: AbortSignal): Promise<string> {
  const hash = createHash('sha256').update(readFileSync(pom)).update(readFileSync(program));
  const cache = path.join(projectFolder, 'var', 'cache');
  const folder = path.join(cache, `foreign-client-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  requireJavaTools();
  mkdirSync(cache, { recursive: true });
  const release = await takeTurn(`${folder}.installing`, () => undefined, abandon);
  try {
    if (existsSync(folder)) return folder;
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    const run = (purpose: string, command: string, args: readonly string[]) =>
      runCommand({ purpose, command, args, folder: cache, abandon });
    const copy = ['-B', '-f', pom, 'dependency:copy-dependencies', `-Dprogram=${partial}`];
    await run('fetching the foreign client with Maven', 'mvn', copy);
    const compile = ['-cp', path.join(partial, '*'), '-d', partial, program];
    await run('compiling the foreign client', 'javac', compile);
    renameSync(partial, folder);
    return folder;
  } finally {
    release();
  }
}

function requireJavaTools(): void {
  const java = javaProblem();
  if (java !== undefined) throw new StackError('JAVA_MISSING', java);
  const maven = mavenProblem();
  if (maven !== undefined) throw new StackError('MAVEN_MISSING', maven);
}
