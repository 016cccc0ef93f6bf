/** What a figure was measured on: without it a figure says nothing. */
import { execFileSync } from 'node:child_process';
import { cpus, freemem, loadavg, release, totalmem } from 'node:os';
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
  readonly commit: string;
}

const GIB = 1024 ** 3;

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
    commit:
      git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') ? ' and changes' : ''),
  };
}

function git(...args: readonly string[]): string {
  try {
    return execFileSync('git', args, { cwd: projectFolder, encoding: 'utf8' }).trim();
  } catch {
    // A copy without its history.
    return 'unknown';
  }
}
