/**
 * The connection to Postgres, for reading only. What Postgres blames on the statement is our bug;
 * any other failure means that the read models cannot be read right now. The pool reconnects.
 */
import { DatabaseError, Pool, types, type PoolClient, type QueryResultRow } from 'pg';
import { EdgeError } from '../errors';
import { limits } from '../limits';

// pg's types keep these numbers in an enum of their own.
type TypeId = Parameters<typeof types.getTypeParser>[0];
const INT8: TypeId = types.builtins.INT8;
const TIMESTAMPTZ: TypeId = types.builtins.TIMESTAMPTZ;

const parseTimestamp = types.getTypeParser(TIMESTAMPTZ) as (text: string) => Date;

/** bigint as a number (money and offsets are safe integers), timestamptz as ms since the epoch. */
function typeParser(oid: TypeId, format?: 'text' | 'binary'): (text: string) => unknown {
  switch (oid) {
    case INT8:
      return Number;
    case TIMESTAMPTZ:
      return (text) => parseTimestamp(text).getTime();
    default:
      return types.getTypeParser(oid, format ?? 'text') as (text: string) => unknown;
  }
}

/** Runs one statement; rows as the statement names its columns. */
export type Query = <Row extends QueryResultRow>(
  text: string,
  values?: readonly unknown[],
) => Promise<readonly Row[]>;

export class Database {
  private readonly pool: Pool;

  constructor(url: string, onError: (error: Error) => void) {
    this.pool = new Pool({
      connectionString: url,
      application_name: 'edge',
      max: limits.postgresConnectionsMax,
      connectionTimeoutMillis: limits.postgresConnectMs,
      statement_timeout: limits.postgresQueryMs,
      query_timeout: limits.postgresQueryMs,
      // For search/postgres-search.ts: how similar a gram must be for its product to be looked at.
      options: `-c pg_trgm.word_similarity_threshold=${String(limits.searchSimilarityMin)}`,
      types: { getTypeParser: typeParser },
    });
    // A connection that breaks, idle or in use, ends the process unless somebody listens; what was
    // asked on it rejects by itself.
    this.pool.on('error', onError);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  readonly query: Query = (text, values = []) =>
    readable(this.pool.query(text, [...values])).then(({ rows }) => rows as never);

  /** All that `read` asks sees the rows of one moment. */
  async snapshot<T>(read: (query: Query) => Promise<T>): Promise<T> {
    const client = await readable(this.pool.connect());
    try {
      const query = queryOn(client);
      await query('begin isolation level repeatable read read only');
      const result = await read(query);
      await query('commit');
      client.release();
      return result;
    } catch (error) {
      // The transaction is in an unknown state, so the connection is not used again.
      client.release(true);
      throw error;
    }
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}

function queryOn(client: PoolClient): Query {
  return (text, values = []) =>
    readable(client.query(text, [...values])).then(({ rows }) => rows as never);
}

/** Wrong statement or wrong value; but a table that views has not made yet is only not there yet. */
function isOurFault(error: unknown): boolean {
  if (!(error instanceof DatabaseError) || error.code === undefined) return false;
  const UNDEFINED_TABLE = '42P01';
  return /^(22|23|42)/.test(error.code) && error.code !== UNDEFINED_TABLE;
}

async function readable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (isOurFault(error)) throw error;
    throw new EdgeError('VIEWS_UNAVAILABLE', { cause: error });
  }
}
