/**
 * The read models as a replay of the log gives them, in a schema of their own beside those that the
 * views wrote; Postgres itself says where the two differ.
 */
import { Client } from 'pg';
import type { CommittedLog } from '../simulation/checkers/committed-log';
import { migrate, readMigrations } from '../../streams/views/migrations';
import { allProjections } from '../../streams/views/projections/all-projections';
import { rowsOf } from '../../streams/views/record-rows';
import { RowSet } from '../../streams/views/row-set';
import { statementOf } from '../../streams/views/statement';
import * as tables from '../../streams/views/tables';

const SCHEMA = 'replay';
/** Records of one write. */
const WRITE_RECORDS_MAX = 2_000;
const SHOWN_MAX = 5;

export class ViewReplay {
  private constructor(private readonly client: Client) {}

  /** Afterwards nothing is left of it; Postgres would wait for its connection to stop. */
  static async during<T>(databaseUrl: string, use: (replay: ViewReplay) => Promise<T>): Promise<T> {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    try {
      await client.query(`drop schema if exists ${SCHEMA} cascade`);
      await client.query(`create schema ${SCHEMA}`);
      // Extensions stand in public.
      await client.query(`set search_path = ${SCHEMA}, public`);
      await client.query('begin');
      await migrate(client, readMigrations());
      await client.query('commit');
      const result = await use(new ViewReplay(client));
      await client.query(`drop schema ${SCHEMA} cascade`);
      return result;
    } finally {
      await client.end();
    }
  }

  /** A log, or the next part of one. */
  async write(log: CommittedLog): Promise<void> {
    for (const projection of allProjections) {
      let [rows, waiting] = [new RowSet(), 0];
      for (const record of log.recordsOn(projection.topic.name)) {
        const verdict = log.codec.decode(record.value);
        if (verdict.kind === 'unknown-schema') throw new Error('the codec knows every schema');
        for (const change of rowsOf(projection, record, verdict)) rows.add(change);
        waiting += 1;
        if (waiting < WRITE_RECORDS_MAX) continue;
        await this.flush(rows);
        [rows, waiting] = [new RowSet(), 0];
      }
      await this.flush(rows);
    }
  }

  /** What is in the one and not in the other. */
  async differences(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const { name } of Object.values(tables)) {
      const missing = await this.without(`${SCHEMA}.${name}`, `public.${name}`);
      const surplus = await this.without(`public.${name}`, `${SCHEMA}.${name}`);
      found.push(
        ...missing.map((row) => `view ${name} lacks ${row}`),
        ...surplus.map((row) => `view ${name} has ${row}, which no replay gives`),
      );
    }
    return found;
  }

  private async flush(rows: RowSet): Promise<void> {
    for (const group of rows.groups()) {
      const { text, values } = statementOf(group);
      await this.client.query(text, [...values]);
    }
  }

  private async without(these: string, those: string): Promise<readonly string[]> {
    const { rows } = await this.client.query<{ row: string }>(
      `select row_to_json(differing)::text as row
         from (select * from ${these} except select * from ${those}) as differing
        limit ${SHOWN_MAX}`,
    );
    return rows.map(({ row }) => row);
  }
}
