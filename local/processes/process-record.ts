/**
 * Owns the form of a pid file and what may be concluded from one. Only a process whose start time
 * is the recorded one is ours; nothing else is ever signalled.
 */
import { readFileSync } from 'node:fs';
import type { Sighting } from './process-identity';

export interface ProcessRecord {
  readonly name: string;
  readonly pid: number;
  readonly startedAt: string;
}

export type Leftover =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'stale' }
  | { readonly kind: 'orphan'; readonly pid: number };

export function judgeLeftover(
  record: ProcessRecord | undefined,
  sighting: (pid: number) => Sighting,
): Leftover {
  if (record === undefined) return { kind: 'nothing' };
  const seen = sighting(record.pid);
  return seen.kind === 'running' && seen.startedAt === record.startedAt
    ? { kind: 'orphan', pid: record.pid }
    : { kind: 'stale' };
}

/** Undefined for anything that is not a whole record, such as a file cut short by a full disk. */
export function parseRecord(text: string): ProcessRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { name, pid, startedAt } = value as Record<string, unknown>;
  // Pid 1 and below are never a child of ours, and signalling -1 or 0 would hit everybody.
  if (typeof name !== 'string' || typeof startedAt !== 'string') return undefined;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 1) return undefined;
  return { name, pid, startedAt };
}

export function readRecord(file: string): ProcessRecord | undefined {
  try {
    return parseRecord(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
