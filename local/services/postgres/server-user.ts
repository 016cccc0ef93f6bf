/**
 * Owns the user that Postgres runs as. It refuses root, which is who one is in most containers;
 * there it runs as an ordinary user of the system, who must be able to reach its files.
 */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { StackError } from '../../stack/stack-error';

export type ServerUser =
  | { readonly kind: 'self' }
  | { readonly kind: 'other'; readonly name: string; readonly uid: number; readonly gid: number };

/** The first that the system has. */
const ORDINARY_USERS = ['postgres', 'nobody'];

export function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return { kind: 'self' };
  for (const name of ORDINARY_USERS) {
    const [uid, gid] = ['-u', '-g'].map((option) => numericId(option, name));
    if (uid !== undefined && gid !== undefined) return { kind: 'other', name, uid, gid };
  }
  throw new StackError(
    'FOLDER_CLOSED',
    `Postgres does not run as root, and this system has no user ${ORDINARY_USERS.join(' or ')}. ` +
      'Start as an ordinary user, or set DATABASE_URL.',
  );
}

function numericId(option: string, name: string): number | undefined {
  try {
    const output = execFileSync('id', [option, name], { encoding: 'utf8', stdio: 'pipe' });
    return Number.parseInt(output, 10);
  } catch {
    return undefined;
  }
}

const OTHERS_MAY_ENTER = 0o001;

/** Throws for the first folder on the way that the server's user cannot enter. */
export function requireReachable(file: string, user: ServerUser): void {
  if (user.kind === 'self') return;
  const closed = foldersOnTheWay(file).find((folder) => {
    const { mode, uid } = statSync(folder);
    return uid !== user.uid && (mode & OTHERS_MAY_ENTER) === 0;
  });
  if (closed === undefined) return;
  throw new StackError(
    'FOLDER_CLOSED',
    `Postgres does not run as root, and its user "${user.name}" cannot enter ${closed}. ` +
      'Move the clone elsewhere, start as an ordinary user, or set DATABASE_URL.',
  );
}

/** From the root down, without the file itself. */
export function foldersOnTheWay(file: string): readonly string[] {
  const parent = path.dirname(file);
  return parent === file ? [] : [...foldersOnTheWay(parent), parent];
}
