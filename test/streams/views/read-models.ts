/** Every row of the read models, in an order that does not depend on when it was written. */
import * as tables from '../../../streams/views/tables';
import type { FreshDatabase } from './fresh-database';

export type ReadModels = Readonly<Record<string, readonly string[]>>;

/** Rows as Postgres prints them, by table. */
export async function readModels(database: FreshDatabase): Promise<ReadModels> {
  const entries: [string, readonly string[]][] = [];
  for (const { name } of Object.values(tables)) {
    const rows = await database.query(
      `select row_to_json(t)::text as row from ${name} t order by 1`,
    );
    entries.push([name, rows.map(({ row }) => String(row))]);
  }
  return Object.fromEntries(entries);
}
