/**
 * Owns the refusal to work on a kafkajs without this project's patches, which an install with
 * `--ignore-scripts` leaves out: its timers would spin, and aborted records would be read.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { RuntimeError } from '../errors';

/** One of the files that patches/ changes; patch-package applies all of them or fails. */
const PATCHED_FILE = 'kafkajs/src/network/requestQueue';
const MARK = 'Patched: ';

let seen = false;

/** Looks once a process. Throws CLIENT_NOT_PATCHED. */
export function requirePatchedClient(): void {
  if (seen) return;
  const source = readFileSync(createRequire(__filename).resolve(PATCHED_FILE), 'utf8');
  if (!isPatched(source)) {
    throw new RuntimeError(
      'CLIENT_NOT_PATCHED',
      'kafkajs was installed without its patches; run "npx patch-package" in the folder of package.json',
    );
  }
  seen = true;
}

export function isPatched(source: string): boolean {
  return source.includes(MARK);
}
