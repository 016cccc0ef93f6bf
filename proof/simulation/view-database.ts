/**
 * The views' database in memory: rows by table and key, and positions. What always holds: a commit
 * moves every position of its batch from where the writer believed it to be, and writes all of its
 * rows, or does nothing.
 */
import { partitionName, type TopicPartition } from '../../streams/runtime/broker';
import { NoAnswer } from '../../streams/runtime/memory/link';
import type { Batch } from '../../streams/views/batch';
import type { RowSet } from '../../streams/views/row-set';
import type { Row, Table } from '../../streams/views/table';
import type { CommitOutcome, StoredPosition, ViewDatabase } from '../../streams/views/view-store';
import type { FaultPlan } from './fault-plan';
import type { Host } from './host';

interface Position {
  readonly next: number;
  readonly committedAt: number;
}

export type ViewRow = Row<Table>;

export class MemoryViewDatabase {
  private readonly tables = new Map<string, Map<string, ViewRow>>();
  private readonly offsets = new Map<string, Position>();
  private clusterId: string | undefined;

  /** `faults`: undefined once they have ended. */
  constructor(private readonly faults: () => FaultPlan | undefined = () => undefined) {}

  /** The database as a process on `host` reaches it. */
  connect(host: Host): ViewDatabase {
    return {
      prepare: (clusterId) => this.ask(host, 'prepare', () => this.prepare(clusterId)),
      positions: (partitions) =>
        this.ask(host, 'positions', () => this.positions(partitions, host)),
      begin: (starts) => this.ask(host, 'begin', () => this.begin(starts, host)),
      commit: (batch, rows) => this.ask(host, 'commit', () => this.commit(batch, rows, host)),
      rereadPartition: (partition, table, move) => {
        return this.ask(host, 'reread', () => this.reread(partition, table, move, host));
      },
      close: () => Promise.resolve(),
    };
  }

  /** Rows by key, in one order; for checkers. */
  rows(table: string): ReadonlyMap<string, ViewRow> {
    return new Map([...(this.tables.get(table) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  get tableNames(): readonly string[] {
    return [...this.tables.keys()].sort();
  }

  /** Applies rows without a position: how a checker replays. */
  write(rows: RowSet): void {
    for (const { kind, table, rows: changed } of rows.groups()) {
      const stored = this.table(table.name);
      for (const row of changed) {
        const key = JSON.stringify(table.key.map((column) => row[column]));
        if (kind === 'delete') stored.delete(key);
        else stored.set(key, { ...stored.get(key), ...row });
      }
    }
  }

  private prepare(clusterId: string) {
    const kept = this.clusterId === clusterId;
    this.clusterId = clusterId;
    return {
      migrated: [],
      rows: kept
        ? ({ kind: 'kept' } as const)
        : ({ kind: 'rebuild', reason: 'the database is empty' } as const),
    };
  }

  private positions(
    partitions: readonly TopicPartition[],
    host: Host,
  ): ReadonlyMap<string, StoredPosition> {
    return new Map(
      partitions.flatMap((place): (readonly [string, StoredPosition])[] => {
        const position = this.offsets.get(partitionName(place));
        if (position === undefined) return [];
        const committedMsAgo = host.clock.now() - position.committedAt;
        return [[partitionName(place), { next: position.next, committedMsAgo }]];
      }),
    );
  }

  private begin(
    starts: readonly (TopicPartition & { readonly offset: number })[],
    host: Host,
  ): void {
    for (const { offset, ...place } of starts) {
      if (this.offsets.has(partitionName(place))) continue;
      this.offsets.set(partitionName(place), { next: offset, committedAt: host.clock.now() });
    }
  }

  private commit(batch: Batch, rows: RowSet, host: Host): CommitOutcome {
    if (!batch.every((slice) => this.standsAt(slice, slice.from))) return { kind: 'stale' };
    for (const slice of batch) this.moveTo(slice, slice.next, host);
    this.write(rows);
    return { kind: 'committed' };
  }

  private reread(
    partition: TopicPartition,
    table: Table,
    { from, start }: { readonly from: number; readonly start: number },
    host: Host,
  ): CommitOutcome {
    if (!this.standsAt(partition, from)) return { kind: 'stale' };
    this.moveTo(partition, start, host);
    const stored = this.table(table.name);
    for (const [key, row] of stored) {
      if (row['source_partition'] === partition.partition) stored.delete(key);
    }
    return { kind: 'committed' };
  }

  /** Whether a writer is right about where a partition stands. */
  protected standsAt(place: TopicPartition, offset: number): boolean {
    return this.offsets.get(partitionName(place))?.next === offset;
  }

  private moveTo(place: TopicPartition, next: number, host: Host): void {
    this.offsets.set(partitionName(place), { next, committedAt: host.clock.now() });
  }

  private table(name: string): Map<string, ViewRow> {
    const table = this.tables.get(name) ?? new Map<string, ViewRow>();
    this.tables.set(name, table);
    return table;
  }

  /** A lost connection is what the driver would call it. */
  private async ask<T>(host: Host, what: string, serve: () => T): Promise<T> {
    try {
      return await host.ask(`database ${what}`, serve, this.faults()?.lateDatabaseRequest);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      throw Object.assign(new Error(`${what} was not answered`), { code: 'ECONNRESET' });
    }
  }
}
