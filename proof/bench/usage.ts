/**
 * What processes have used, as Linux counts it in /proc: processor time, and the most memory that
 * was ever resident. A process is taken with all that it started.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { StackError } from '../../local/stack/stack-error';

export interface Usage {
  readonly cpuSeconds: number;
  /** Peak of each process (VmHWM), added up. */
  readonly peakBytes: number;
}

const KIB = 1024;
let ticksPerSecond: number | undefined;

/** Throws where there is no /proc. */
export function usageOf(pid: number): Usage {
  const pids = withDescendants(pid);
  return {
    cpuSeconds: sum(pids.map(cpuSecondsOf)),
    peakBytes: sum(pids.map(peakBytesOf)),
  };
}

function withDescendants(root: number): readonly number[] {
  const parents = new Map(processes().map((pid) => [pid, parentOf(pid)]));
  const found = [root];
  for (const known of found) {
    for (const [pid, parent] of parents) if (parent === known) found.push(pid);
  }
  return found;
}

function processes(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isSafeInteger);
  } catch {
    throw new StackError('BAD_ARGUMENTS', 'The benchmarks measure by /proc; they need Linux.');
  }
}

/** Fields behind the command, which may itself hold spaces and brackets; [] when it is gone. */
function statOf(pid: number): readonly string[] {
  const stat = read(`/proc/${String(pid)}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function parentOf(pid: number): number {
  return Number(statOf(pid)[1]);
}

function cpuSecondsOf(pid: number): number {
  const fields = statOf(pid);
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond;
}

function peakBytesOf(pid: number): number {
  const kib = /^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${String(pid)}/status`))?.[1];
  return Number(kib ?? 0) * KIB;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // It ended while we looked.
    return '';
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
