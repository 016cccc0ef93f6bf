/**
 * Owns files that stand for a living process: the stack's lock, a claimed port, an installation
 * in progress. Such a file appears whole or not at all, and it counts only while the process named
 * in it lives, so a kill -9 blocks nobody.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sight } from '../processes/process-identity';
import { judgeLeftover, parseRecord, type ProcessRecord } from '../processes/process-record';

export type Claim =
  | { readonly kind: 'held'; readonly release: () => void }
  | { readonly kind: 'taken'; readonly pid: number };

/** Each round lost means that another process moved; more than this many in a row is a bug. */
const ROUNDS_MAX = 20;

export function claimFile(file: string, name: string): Claim {
  mkdirSync(path.dirname(file), { recursive: true });
  const text = JSON.stringify(ownRecord(name));
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    if (createWhole(file, text)) return { kind: 'held', release: () => releaseFile(file, text) };
    const found = readIfThere(file);
    if (found === undefined) continue;
    const leftover = judgeLeftover(parseRecord(found), sight);
    if (leftover.kind === 'orphan') return { kind: 'taken', pid: leftover.pid };
    discard(file, found);
  }
  throw new Error(`${file} keeps changing its owner`);
}

function ownRecord(name: string): ProcessRecord {
  const self = sight(process.pid);
  if (self.kind === 'absent') throw new Error('this process does not see itself');
  return { name, pid: process.pid, startedAt: self.startedAt };
}

/** A link, unlike a create and a write, never shows another process a half-written file. */
function createWhole(file: string, text: string): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moves the stale file away; had it meanwhile become somebody's, it goes back. */
function discard(file: string, judged: string): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = readFileSync(aside, 'utf8');
  if (moved !== judged) createWhole(file, moved);
  rmSync(aside, { force: true });
}

function releaseFile(file: string, text: string): void {
  if (readIfThere(file) === text) rmSync(file, { force: true });
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
