/**
 * Brings the database to the form of this build: the files of migrations/, in the order of their
 * names, each once. Forward only: the read models can be rebuilt from Kafka, so there is no way
 * back to write.
 *
 * What always holds: one process migrates at a time, all missing files go in with one transaction,
 * and a file that was applied is never changed.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientBase } from 'pg';
import { VIEW_LIMITS } from './limits';

/** Any number that nothing else in the database locks. */
const MIGRATION_LOCK = 7_041_958_213;

export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly digest: string;
}

/** The database was migrated by files that differ from these. */
export class MigrationMismatchError extends Error {
  override readonly name = 'MigrationMismatchError';
}

export function readMigrations(): readonly Migration[] {
  const folder = join(__dirname, 'migrations');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name), 'utf8');
      return { name, sql, digest: createHash('sha256').update(sql).digest('hex') };
    });
}

/** Gives the names of the files that were applied now. Runs in the caller's transaction. */
export async function migrate(
  client: ClientBase,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  await client.query(`set local lock_timeout = ${VIEW_LIMITS.migrationLockWaitMs}`);
  await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
  await client.query(
    `create table if not exists view_migrations (
       name text primary key, digest text not null, applied_at timestamptz not null default now())`,
  );
  const applied = await client.query<{ name: string; digest: string }>(
    'select name, digest from view_migrations order by name',
  );
  const missing = missingMigrations(migrations, applied.rows);
  for (const { name, sql, digest } of missing) {
    await client.query(sql);
    await client.query('insert into view_migrations (name, digest) values ($1, $2)', [
      name,
      digest,
    ]);
  }
  return missing.map(({ name }) => name);
}

/** Throws MigrationMismatchError unless `applied` is how `migrations` begin. */
export function missingMigrations(
  migrations: readonly Migration[],
  applied: readonly { readonly name: string; readonly digest: string }[],
): readonly Migration[] {
  applied.forEach(({ name, digest }, index) => {
    const expected = migrations[index];
    if (expected?.name !== name || expected.digest !== digest) {
      throw new MigrationMismatchError(
        `the database has migration ${name} (${digest.slice(0, 8)}), this build has ` +
          `${expected === undefined ? 'none there' : `${expected.name} (${expected.digest.slice(0, 8)})`}; ` +
          'read models rebuild themselves in an empty database',
      );
    }
  });
  return migrations.slice(applied.length);
}
