/**
 * Owns commands that run to their end: Maven, npm, a service's formatting step. Their output goes
 * line by line to whoever shows progress; the end of it is in the error when one fails.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { StackError } from '../stack/stack-error';

export interface CommandSpec {
  /** As a person would say it, for the error: "fetching Kafka". */
  readonly purpose: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly user?: { readonly uid: number; readonly gid: number };
  /** What it reads from standard input. */
  readonly input?: string;
  readonly abandon: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** Enough to hold Maven's or npm's last error. */
const LINES_KEPT = 30;

export function runCommand(spec: CommandSpec): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(spec.command, spec.args, {
      cwd: spec.folder,
      env: spec.environment ?? process.env,
      // A group of its own, so that abandoning it also ends what it started.
      detached: true,
      stdio: 'pipe',
      ...spec.user,
    });
    // A command that ends without reading all of it says why by its status.
    child.stdin.on('error', () => undefined).end(spec.input ?? '');
    const tail: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        tail.push(line);
        if (tail.length > LINES_KEPT) tail.shift();
        spec.onLine?.(line);
      });
    }
    const abandon = (): void => endCommand(child.pid);
    spec.abandon.addEventListener('abort', abandon);
    if (spec.abandon.aborted) abandon();
    child.once('error', (error) => reject(failed(spec, error.message)));
    child.once('close', (code, signal) => {
      spec.abandon.removeEventListener('abort', abandon);
      if (spec.abandon.aborted) {
        reject(new StackError('STOPPED', `Stopped while ${spec.purpose}.`));
      } else if (code === 0) {
        resolve();
      } else {
        const status = signal ?? `status ${code ?? 0}`;
        reject(failed(spec, `it ended by ${status}\n${tail.join('\n')}`));
      }
    });
  });
}

function failed(spec: CommandSpec, reason: string): StackError {
  const line = [spec.command, ...spec.args].join(' ');
  return new StackError('INSTALL_FAILED', `Failed ${spec.purpose}: ${reason}\nCommand: ${line}`);
}

function endCommand(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
