/**
 * The row changes of a batch, folded so that each row is touched once: a statement must not meet
 * the same row twice, and the newest value of a column is the only one that counts.
 *
 * What always holds: changes of one row are folded in the order in which they were added, which is
 * that of the log, because all writers of a column stand in one partition.
 */
import { withoutNul } from './storable';
import type { ColumnValue, RowChange, Row, Table } from './table';

type Folded =
  | { readonly kind: 'upsert'; readonly table: Table; readonly row: Row<Table> }
  | { readonly kind: 'delete'; readonly table: Table; readonly row: Row<Table> };

/** Rows that one statement can write: of one table, with the same columns. */
export interface RowGroup {
  readonly kind: RowChange['kind'];
  readonly table: Table;
  readonly columns: readonly string[];
  readonly rows: readonly Row<Table>[];
}

export class RowSet {
  private readonly folded = new Map<string, Folded>();

  add(change: RowChange): void {
    const name = rowName(change);
    const before = this.folded.get(name);
    // After a delete nothing of the old row may come back; a delete forgets what came before it.
    const keeps = before?.kind === 'upsert' && change.kind === 'upsert';
    this.folded.set(name, keeps ? { ...change, row: { ...before.row, ...change.row } } : change);
  }

  groups(): readonly RowGroup[] {
    const groups = new Map<string, RowGroup & { readonly rows: Row<Table>[] }>();
    for (const { kind, table, row } of this.folded.values()) {
      const columns = Object.keys(table.columns).filter((column) => row[column] !== undefined);
      const name = [kind, table.name, ...columns].join(' ');
      const group = groups.get(name);
      if (group === undefined) groups.set(name, { kind, table, columns, rows: [row] });
      else group.rows.push(row);
    }
    return [...groups.values()];
  }
}

function rowName({ table, row }: RowChange): string {
  const key = table.key.map((column): ColumnValue => {
    const value = row[column] ?? null;
    if (value === null) throw new Error(`a row of ${table.name} without ${column}`);
    // As it will be stored: two keys that Postgres takes for one are one row.
    return typeof value === 'string' ? withoutNul(value) : value;
  });
  return JSON.stringify([table.name, ...key]);
}
