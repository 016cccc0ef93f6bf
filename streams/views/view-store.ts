/**
 * The read models in Postgres, and where they stand in the log.
 *
 * What always holds:
 * - Rows and the positions they stand for change in one transaction.
 * - A position moves by compare-and-set from where the writer believed it to be: of two instances
 *   that hold a partition at once, one gets `stale` and has written nothing.
 * - Positions are kept here only; what the group has committed in Kafka is never looked at.
 * - Rows of another cluster, or of another format, are never mixed with new ones.
 */
import { Pool, type PoolClient } from 'pg';
import type { TopicPartition } from '../runtime/broker';
import { partitionName } from '../runtime/broker';
import type { Batch } from './batch';
import { VIEW_LIMITS } from './limits';
import { migrate, readMigrations } from './migrations';
import type { RowSet } from './row-set';
import { statementOf } from './statement';
import type { Table } from './table';
import * as tables from './tables';

/** Raised when rows of an earlier build would be wrong by this build's projections. */
export const FORMAT_VERSION = 4;

export interface Preparation {
  /** Names of the migrations that were applied now. */
  readonly migrated: readonly string[];
  readonly rows: RowsFound;
}

export type RowsFound =
  | { readonly kind: 'kept' }
  /** There were none to keep, or they came from elsewhere; everything is reprocessed. */
  | { readonly kind: 'rebuild'; readonly reason: string };

export interface StoredPosition {
  readonly next: number;
  /** When it moved last, by the database's clock. */
  readonly committedMsAgo: number;
}

export type CommitOutcome =
  | { readonly kind: 'committed' }
  /** Someone else has moved a position meanwhile; nothing was written. */
  | { readonly kind: 'stale' };

/**
 * Told of a connection that breaks while no query runs on it. The next query rejects with it, or
 * gets another connection; without a listener the process would end instead.
 */
function broken(): void {
  // Told by the next query.
}

/** What the views need of a database; the simulation keeps it in memory. */
export type ViewDatabase = Pick<ViewStore, keyof ViewStore>;

/** Rolls a transaction back whose positions do not stand where they should. */
class StalePosition extends Error {}

export class ViewStore {
  private readonly pool: Pool;

  constructor(private readonly databaseUrl: string) {
    this.pool = openPool(databaseUrl, VIEW_LIMITS.statementTimeoutMs);
  }

  /** Migrates, and empties the tables when their rows are not of this cluster and format. */
  async prepare(clusterId: string): Promise<Preparation> {
    const pool = openPool(this.databaseUrl, VIEW_LIMITS.migrationTimeoutMs);
    try {
      return await transaction(pool, (client) => prepareTables(client, clusterId));
    } finally {
      await pool.end();
    }
  }

  /** By `partitionName`; a partition that was never read is absent. */
  async positions(
    partitions: readonly TopicPartition[],
  ): Promise<ReadonlyMap<string, StoredPosition>> {
    const { rows } = await this.pool.query<{
      topic: string;
      partition: number;
      next_offset: string;
      committed_ms_ago: number;
    }>(
      `select topic, "partition", next_offset,
              (extract(epoch from now() - committed_at) * 1000)::float8 as committed_ms_ago
         from view_offsets join unnest($1::text[], $2::integer[]) as given(topic, "partition")
        using (topic, "partition")`,
      [partitions.map(({ topic }) => topic), partitions.map(({ partition }) => partition)],
    );
    return new Map(
      rows.map((row) => [
        partitionName(row),
        { next: Number(row.next_offset), committedMsAgo: row.committed_ms_ago },
      ]),
    );
  }

  /** Notes where reading of a partition begins; leaves it when someone else already has. */
  async begin(starts: readonly (TopicPartition & { readonly offset: number })[]): Promise<void> {
    await this.pool.query(
      `insert into view_offsets (topic, "partition", next_offset)
       select * from unnest($1::text[], $2::integer[], $3::bigint[])
       on conflict do nothing`,
      [
        starts.map(({ topic }) => topic),
        starts.map(({ partition }) => partition),
        starts.map(({ offset }) => offset),
      ],
    );
  }

  /** `rows`: what the batch's records come to. */
  async commit(batch: Batch, rows: RowSet): Promise<CommitOutcome> {
    return this.unlessStale(async (client) => {
      // First, because the lock on these rows is what an instance without the partition waits at.
      await advance(client, batch);
      for (const group of rows.groups()) {
        const { text, values } = statementOf(group);
        await client.query(text, [...values]);
      }
    });
  }

  /** Deletes what a compacted partition has written and sets its position back to `start`. */
  async rereadPartition(
    { topic, partition }: TopicPartition,
    table: Table,
    { from, start }: { readonly from: number; readonly start: number },
  ): Promise<CommitOutcome> {
    return this.unlessStale(async (client) => {
      await advance(client, [{ topic, partition, from, next: start, records: [] }]);
      await client.query(`delete from ${table.name} where source_partition = $1`, [partition]);
    });
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async unlessStale(work: (client: PoolClient) => Promise<void>): Promise<CommitOutcome> {
    try {
      await transaction(this.pool, work);
      return { kind: 'committed' };
    } catch (error) {
      if (error instanceof StalePosition) return { kind: 'stale' };
      throw error;
    }
  }
}

function openPool(databaseUrl: string, statementTimeoutMs: number): Pool {
  const pool = new Pool({
    connectionString: databaseUrl,
    max: VIEW_LIMITS.connectionsMax,
    connectionTimeoutMillis: VIEW_LIMITS.connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + VIEW_LIMITS.answerGraceMs,
    idle_in_transaction_session_timeout: VIEW_LIMITS.idleInTransactionMs,
    application_name: 'views',
  });
  pool.on('error', broken);
  // From its first moment: the server's last words may come in one packet with its welcome.
  pool.on('connect', (client) => client.on('error', broken));
  return pool;
}

/**
 * Rejects with the error of `work` or of the commit. After a lost connection the outcome is not
 * known: read the positions again.
 */
async function transaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    // Closing the connection rolls back, whatever state it is in.
    client.release(true);
    throw error;
  }
}

async function prepareTables(client: PoolClient, clusterId: string): Promise<Preparation> {
  const migrated = await migrate(client, readMigrations());
  const found = await client.query<{ cluster_id: string; format_version: number }>(
    'select cluster_id, format_version from view_meta for update',
  );
  const rows = judge(found.rows[0], clusterId);
  if (rows.kind === 'rebuild') await startAnew(client, clusterId);
  return { migrated, rows };
}

function judge(
  found: { readonly cluster_id: string; readonly format_version: number } | undefined,
  clusterId: string,
): RowsFound {
  if (found === undefined) return { kind: 'rebuild', reason: 'the database is empty' };
  if (found.cluster_id !== clusterId) {
    const reason = `the rows come from cluster ${found.cluster_id}, this is ${clusterId}`;
    return { kind: 'rebuild', reason };
  }
  if (found.format_version !== FORMAT_VERSION) {
    const reason = `the rows have format ${found.format_version}, this build writes ${FORMAT_VERSION}`;
    return { kind: 'rebuild', reason };
  }
  return { kind: 'kept' };
}

async function startAnew(client: PoolClient, clusterId: string): Promise<void> {
  const names = Object.values(tables).map(({ name }) => name);
  await client.query(`truncate ${['view_offsets', 'view_meta', ...names].join(', ')}`);
  await client.query('insert into view_meta (cluster_id, format_version) values ($1, $2)', [
    clusterId,
    FORMAT_VERSION,
  ]);
}

/** Throws StalePosition unless every position stands at `from`. */
async function advance(client: PoolClient, batch: Batch): Promise<void> {
  const { rowCount } = await client.query(
    `update view_offsets as stored set next_offset = given.next, committed_at = now()
       from unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[])
              as given(topic, "partition", old, next)
      where stored.topic = given.topic and stored."partition" = given."partition"
        and stored.next_offset = given.old`,
    [
      batch.map(({ topic }) => topic),
      batch.map(({ partition }) => partition),
      batch.map(({ from }) => from),
      batch.map(({ next }) => next),
    ],
  );
  if (rowCount !== batch.length) throw new StalePosition();
}
