/**
 * Owns one child process: the services of the stack and the project's own apps alike.
 *
 * ```
 *            start              ready
 *   stopped ───────▶ starting ───────▶ running
 *      ▲                │                 │ exits by itself
 *      │ gone           │ stop, or        ├────────────────▶ stopped, told to onExit
 *      │                ▼ never ready     │ stop
 *      └──────────── stopping ◀───────────┘
 * ```
 *
 * Always true:
 * - The child leads a process group of its own, so a Ctrl-C in the terminal reaches the
 *   supervisor alone, which then stops its children in order; signals go to the whole group.
 * - A pid file exists from the moment after the spawn until the child is seen gone. What a killed
 *   supervisor left running is found through it and stopped by the next start.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sight } from './process-identity';
import { lastLines, openLog } from './process-log';
import { judgeLeftover, readRecord, type ProcessRecord } from './process-record';
import { waitUntil } from '../services/readiness';
import { StackError } from '../stack/stack-error';

export interface ProcessSpec {
  /** Names the log and the pid file. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Another user to run as; only root can ask for one. */
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly ready: () => boolean | Promise<boolean>;
  readonly readyWithinMs: number;
  /** After SIGTERM; then comes SIGKILL. */
  readonly stopWithinMs: number;
}

export type ProcessExit =
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals };

interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly exit: Promise<ProcessExit>;
}

type State =
  | { readonly kind: 'stopped' }
  | ({ readonly kind: 'starting' } & Running)
  | ({ readonly kind: 'running' } & Running)
  | ({ readonly kind: 'stopping' } & Running);

/** What a failed start shows of the log. */
const LOG_LINES_SHOWN = 15;
/** SIGKILL is not refused; a process that stays longer hangs in the kernel. */
const KILL_WITHIN_MS = 10_000;

export class SupervisedProcess {
  readonly logFile: string;
  private readonly pidFile: string;
  private state: State = { kind: 'stopped' };
  private readonly exitListeners = new Set<(exit: ProcessExit) => void>();

  constructor(
    readonly spec: ProcessSpec,
    folders: { readonly log: string; readonly run: string },
  ) {
    this.logFile = path.join(folders.log, `${spec.name}.log`);
    this.pidFile = pidFileOf(folders.run, spec.name);
  }

  get pid(): number | undefined {
    return this.state.kind === 'stopped' ? undefined : this.state.pid;
  }

  /** Told when a running child goes without being asked to. */
  onExit(listener: (exit: ProcessExit) => void): void {
    this.exitListeners.add(listener);
  }

  /** Resolves once the child is ready. A start that fails leaves no child behind. */
  async start(abandon?: AbortSignal): Promise<void> {
    if (this.state.kind !== 'stopped') throw new Error(`${this.spec.name} is ${this.state.kind}`);
    await stopLeftover(this.pidFile, this.spec.stopWithinMs);
    const running = this.spawn();
    this.state = { kind: 'starting', ...running };
    const gone = new AbortController();
    void running.exit.then(() => gone.abort());
    const wait = await waitUntil(this.spec.ready, {
      withinMs: this.spec.readyWithinMs,
      abandon: AbortSignal.any(abandon === undefined ? [gone.signal] : [gone.signal, abandon]),
    });
    if (gone.signal.aborted) throw this.exitedEarly(await running.exit);
    if (wait.kind === 'held' && abandon?.aborted !== true) {
      this.state = { kind: 'running', ...running };
      return;
    }
    const error =
      wait.kind === 'timed-out'
        ? this.neverReady(wait.reason)
        : new StackError('STOPPED', `${this.spec.name} was stopped while it started.`);
    await this.stop();
    throw error;
  }

  /** SIGTERM, then SIGKILL; the child is gone when it resolves. Harmless when there is none. */
  async stop(): Promise<void> {
    if (this.state.kind === 'stopped') return;
    const { pid, exit } = this.state;
    if (this.state.kind !== 'stopping') {
      this.state = { ...this.state, kind: 'stopping' };
      await endGroup(pid, this.spec.stopWithinMs);
    }
    await exit;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** As a crash would: for tests of what survives one. */
  async kill(): Promise<void> {
    if (this.state.kind === 'stopped') return;
    const { pid, exit } = this.state;
    this.state = { ...this.state, kind: 'stopping' };
    signalGroup(pid, 'SIGKILL');
    await exit;
  }

  private spawn(): Running {
    const { name, command, args, folder, environment, user } = this.spec;
    const log = openLog(this.logFile);
    try {
      const child = spawn(command, args, {
        cwd: folder,
        env: environment,
        detached: true,
        stdio: ['ignore', log, log],
        ...user,
      });
      const exit = this.watch(child);
      if (child.pid === undefined) return { child, pid: 0, exit };
      const seen = sight(child.pid);
      if (seen.kind === 'running') {
        const record: ProcessRecord = { name, pid: child.pid, startedAt: seen.startedAt };
        writeFileSync(this.pidFile, JSON.stringify(record));
      }
      return { child, pid: child.pid, exit };
    } finally {
      closeSync(log);
    }
  }

  private watch(child: ChildProcess): Promise<ProcessExit> {
    return new Promise((resolve) => {
      const ended = (exit: ProcessExit): void => {
        const unasked = this.state.kind === 'running';
        this.state = { kind: 'stopped' };
        rmSync(this.pidFile, { force: true });
        resolve(exit);
        if (unasked) for (const listener of this.exitListeners) listener(exit);
      };
      // A command that cannot be run at all: the shell's own status for it.
      child.once('error', () => ended({ kind: 'code', code: 127 }));
      child.once('exit', (code, signal) =>
        ended(signal === null ? { kind: 'code', code: code ?? 0 } : { kind: 'signal', signal }),
      );
    });
  }

  private exitedEarly(exit: ProcessExit): StackError {
    return new StackError(
      'PROCESS_EXITED',
      `${this.spec.name} ended ${describeExit(exit)} before it was ready.\n${this.logTail()}`,
    );
  }

  private neverReady(reason: string): StackError {
    const seconds = Math.round(this.spec.readyWithinMs / 1_000);
    return new StackError(
      'PROCESS_NOT_READY',
      `${this.spec.name} was not ready within ${seconds} s (${reason}).\n${this.logTail()}`,
    );
  }

  private logTail(): string {
    return `The end of ${this.logFile}:\n${lastLines(this.logFile, LOG_LINES_SHOWN)}`;
  }
}

export function describeExit(exit: ProcessExit): string {
  return exit.kind === 'code' ? `with status ${exit.code}` : `by ${exit.signal}`;
}

export function pidFileOf(runFolder: string, name: string): string {
  return path.join(runFolder, `${name}.pid`);
}

/** Stops what an earlier supervisor left behind. Resolves to whether there was anything. */
export async function stopLeftover(pidFile: string, withinMs: number): Promise<boolean> {
  const leftover = judgeLeftover(readRecord(pidFile), sight);
  if (leftover.kind === 'orphan') await endGroup(leftover.pid, withinMs);
  rmSync(pidFile, { force: true });
  return leftover.kind === 'orphan';
}

async function endGroup(leader: number, withinMs: number): Promise<void> {
  const gone = (): boolean => sight(leader).kind === 'absent';
  signalGroup(leader, 'SIGTERM');
  const left = await waitUntil(gone, { withinMs, everyMs: 20 });
  // Also after a clean end: what the leader itself had started may still be there.
  signalGroup(leader, 'SIGKILL');
  if (left.kind === 'held') return;
  const killed = await waitUntil(gone, { withinMs: KILL_WITHIN_MS, everyMs: 20 });
  if (killed.kind !== 'held') {
    throw new Error(`process ${leader} does not end even on SIGKILL`);
  }
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  // Group 0 would be our own.
  if (leader <= 1) return;
  try {
    process.kill(-leader, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
