/** The read models are what a replay of the whole log gives, record after record. */
import { rowsOf } from '../../../streams/views/record-rows';
import { allProjections } from '../../../streams/views/projections/all-projections';
import { RowSet } from '../../../streams/views/row-set';
import { MemoryViewDatabase, type ViewRow } from '../view-database';
import type { CommittedLog } from './committed-log';

export function checkViews(log: CommittedLog, database: MemoryViewDatabase): readonly string[] {
  const replayed = replay(log);
  const names = new Set([...database.tableNames, ...replayed.tableNames]);
  return [...names].flatMap((name) => {
    const [stored, expected] = [database.rows(name), replayed.rows(name)];
    const keys = new Set([...stored.keys(), ...expected.keys()]);
    return [...keys].flatMap((key) => {
      const [row, other] = [stored.get(key) ?? {}, expected.get(key) ?? {}];
      if (isSame(row, other)) return [];
      return [`view ${name} ${key}: ${textOf(row)}, a replay gives ${textOf(other)}`];
    });
  });
}

function replay(log: CommittedLog): MemoryViewDatabase {
  const database = new MemoryViewDatabase();
  for (const projection of allProjections) {
    for (const record of log.recordsOn(projection.topic.name)) {
      const verdict = log.codec.decode(record.value);
      if (verdict.kind === 'unknown-schema') throw new Error('the codec knows every schema');
      const rows = new RowSet();
      for (const change of rowsOf(projection, record, verdict)) rows.add(change);
      database.write(rows);
    }
  }
  return database;
}

function isSame(row: ViewRow, other: ViewRow): boolean {
  const columns = Object.keys(row);
  if (columns.length !== Object.keys(other).length) return false;
  return columns.every((column) => textOf(row[column]) === textOf(other[column]));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
