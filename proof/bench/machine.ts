/** What a figure was measured on: without it a figure says nothing. */
import { execFileSync } from 'node:child_process';
import { cpus, freemem, loadavg, release, totalmem } from 'node:os';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../../local/stack/stack-folders';

export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly cpus: number;
  readonly memoryGiB: number;
  readonly freeGiB: number;
  /** Runnable processes over the last minute, before anything was measured. */
  readonly load: number;
  readonly kernel: string;
  readonly node: string;
  /** Of everything that took part, by its name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly commit: string;
}

const GIB = 1024 ** 3;
const brokerPom = path.join(projectFolder, 'local', 'services', 'maven', 'pom.xml');
const peerPom = path.join(projectFolder, 'proof', 'bench', 'kafka-streams', 'pom.xml');

export function thisMachine(): Machine {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString(),
    cpu: cpu?.model ?? 'unknown',
    cpus: cpus().length,
    memoryGiB: Math.round(totalmem() / GIB),
    freeGiB: Math.round(freemem() / GIB),
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
    kernel: release(),
    node: process.version,
    versions: {
      java: javaVersion(),
      'Kafka broker': versionIn(brokerPom, 'kafka_2.13'),
      'Kafka Streams': versionIn(peerPom, 'kafka-streams'),
    },
    commit:
      git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') ? ' and changes' : ''),
  };
}

function javaVersion(): string {
  // The one form that goes to standard output.
  const text = execFileSync('java', ['--version'], { encoding: 'utf8' });
  return /\d+(\.\d+)*/.exec(text)?.[0] ?? 'unknown';
}

function versionIn(pom: string, artifact: string): string {
  const text = readFileSync(pom, 'utf8');
  const entry = text.slice(text.indexOf(`<artifactId>${artifact}<`));
  const version = /<version>([^<]+)</.exec(entry)?.[1] ?? 'unknown';
  const property = /^\$\{(.+)\}$/.exec(version)?.[1];
  // The first is the one that holds without a profile.
  return property === undefined
    ? version
    : (new RegExp(`<${property}>([^<]+)<`).exec(text)?.[1] ?? 'unknown');
}

function git(...args: readonly string[]): string {
  try {
    return execFileSync('git', args, { cwd: projectFolder, encoding: 'utf8' }).trim();
  } catch {
    // A copy without its history.
    return 'unknown';
  }
}
