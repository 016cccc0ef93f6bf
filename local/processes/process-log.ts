/**
 * Owns the log file of a process: one file per start, the ones before it kept as `.1`, `.2`, …
 * The process writes to it directly, so its log goes on when the supervisor is gone.
 */
import { existsSync, openSync, readFileSync, renameSync } from 'node:fs';

/** Enough to compare a failing start with the good one before it. */
const STARTS_KEPT = 4;

/** The file descriptor to hand to the child; the caller closes it. */
export function openLog(file: string): number {
  for (let age = STARTS_KEPT - 1; age > 0; age -= 1) {
    const newer = age === 1 ? file : agedName(file, age - 1);
    if (existsSync(newer)) renameSync(newer, agedName(file, age));
  }
  return openSync(file, 'a');
}

function agedName(file: string, age: number): string {
  return file.replace(/\.log$/, `.${age}.log`);
}

/** The last lines, for an error message. */
export function lastLines(file: string, lines: number): string {
  if (!existsSync(file)) return '';
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}
