/**
 * Owns the file that remembers a member id over a crash. What always holds: it names a member that
 * may still be in the group, from before the coordinator can count it until it has left; writing
 * replaces the file as a whole, so that a kill leaves the old id or the new one.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface MemberIdFile {
  /** The previous id; undefined when it left, or never was, or the file is unreadable text. */
  read(): Promise<string | undefined>;
  write(memberId: string): Promise<void>;
  remove(): Promise<void>;
}

/** Keeps nothing: the member's partitions wait for its session to time out after a crash. */
const nowhere: MemberIdFile = {
  read: () => Promise.resolve(undefined),
  write: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};

/** The id is kept with its group: under another group's name the coordinator would not know it. */
export function memberIdFile(path: string | undefined, group: string): MemberIdFile {
  if (path === undefined) return nowhere;
  return {
    read: async () => parse(await readIfThere(path), group),
    write: async (memberId) => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${path}.new`, JSON.stringify({ group, memberId }));
      await rename(`${path}.new`, path);
    },
    remove: () => rm(path, { force: true }),
  };
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function parse(text: string, group: string): string | undefined {
  try {
    const kept = JSON.parse(text) as Partial<Record<string, unknown>> | null;
    const memberId = kept?.['memberId'];
    return kept?.['group'] === group && typeof memberId === 'string' ? memberId : undefined;
  } catch {
    return undefined;
  }
}
