/** One statement per group of rows: arrays in, `unnest` makes the rows, so its text stays short. */
import type { RowGroup } from './row-set';
import { jsonWithoutNul, withoutNul } from './storable';
import type { ColumnType, ColumnValue } from './table';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

export function statementOf(group: RowGroup): Statement {
  return { text: textOf(group), values: valuesOf(group) };
}

function textOf({ kind, table, columns }: RowGroup): string {
  const names = columns.map(quoted).join(', ');
  const arrays = columns
    .map((column, index) => `$${index + 1}::${String(table.columns[column])}[]`)
    .join(', ');
  const rows = `unnest(${arrays}) as given(${names})`;
  switch (kind) {
    case 'upsert': {
      const own = columns.filter((column) => !table.key.includes(column));
      const settings = own.map((column) => `${quoted(column)} = excluded.${quoted(column)}`);
      const onConflict = settings.length === 0 ? 'nothing' : `update set ${settings.join(', ')}`;
      return (
        `insert into ${table.name} (${names}) select ${names} from ${rows} ` +
        `on conflict (${table.key.map(quoted).join(', ')}) do ${onConflict}`
      );
    }
    case 'delete': {
      const matches = columns.map(
        (column) => `${table.name}.${quoted(column)} = given.${quoted(column)}`,
      );
      return `delete from ${table.name} using ${rows} where ${matches.join(' and ')}`;
    }
  }
}

function valuesOf({ table, columns, rows }: RowGroup): readonly unknown[] {
  return columns.map((column) =>
    rows.map((row) => parameter(table.columns[column] ?? 'text', row[column] ?? null)),
  );
}

function parameter(type: ColumnType, value: ColumnValue): unknown {
  if (value === null) return null;
  switch (type) {
    case 'timestamptz':
      return new Date(value as number).toISOString();
    case 'jsonb':
      return jsonWithoutNul(value as object);
    case 'text':
      return withoutNul(value as string);
    case 'integer':
    case 'bigint':
    case 'boolean':
    case 'bytea':
      return value;
  }
}

/** Some columns are named as SQL's own words are, such as offset. */
function quoted(name: string): string {
  return `"${name}"`;
}
