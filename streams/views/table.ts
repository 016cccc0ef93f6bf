/**
 * A table of the read models as a typed constant, and what a projection may do to its rows. The
 * columns are those of migrations/; a test holds the two against each other.
 */
export type ColumnType =
  'text' | 'integer' | 'bigint' | 'boolean' | 'timestamptz' | 'jsonb' | 'bytea';

/** How a column's value is given. */
export interface ColumnValues {
  readonly text: string;
  readonly integer: number;
  readonly bigint: number;
  readonly boolean: boolean;
  /** Milliseconds since the epoch. */
  readonly timestamptz: number;
  readonly jsonb: object;
  readonly bytea: Buffer;
}

export type Columns = Readonly<Record<string, ColumnType>>;

export interface Table<C extends Columns = Columns> {
  readonly name: string;
  /** Columns of the primary key. */
  readonly key: readonly string[];
  readonly columns: C;
}

export type ColumnValue = ColumnValues[ColumnType] | null;

/** Only the columns that one event knows; the others keep what they have. */
export type Row<T extends Table> = {
  readonly [Name in keyof T['columns']]?: ColumnValues[T['columns'][Name]] | null;
};

export type RowChange =
  | { readonly kind: 'upsert'; readonly table: Table; readonly row: Row<Table> }
  | { readonly kind: 'delete'; readonly table: Table; readonly row: Row<Table> };

export function defineTable<const C extends Columns>(
  table: Table<C> & { readonly key: readonly (keyof C & string)[] },
): Table<C> {
  return table;
}

/** Inserts the row, or sets these columns of the one that is there. Must hold the whole key. */
export function upsert<C extends Columns>(table: Table<C>, row: Row<Table<C>>): RowChange {
  return { kind: 'upsert', table, row };
}

/** Deletes the row of this key; for tables that one topic alone writes. */
export function remove<C extends Columns>(table: Table<C>, key: Row<Table<C>>): RowChange {
  return { kind: 'delete', table, row: key };
}
