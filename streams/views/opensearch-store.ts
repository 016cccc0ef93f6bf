/**
 * Products in OpenSearch, and where they stand in the log: what ViewStore is for Postgres, for the one
 * table that is searched.
 *
 * OpenSearch has no transactions. What always holds all the same:
 * - A product carries the offset that it comes from as its version, and an older one never takes the
 *   place of a newer: to write a stretch of the log again changes nothing.
 * - A position moves after the products are written, by compare-and-set: after a crash between the two
 *   the stretch is written again.
 * - Products and positions are one index: a wiped one, one of another cluster or format begins anew.
 */
import { errors, type Client } from '@opensearch-project/opensearch';
import type { Clock } from '../../platform/clock';
import {
  openSearchClient,
  PRODUCT_INDEX,
  PRODUCT_INDEX_DATA,
  PRODUCT_INDEX_FIELDS,
  type ProductDocument,
} from '../../platform/search/product-index';
import { partitionName, type TopicPartition } from '../runtime/broker';
import { messageOf, RuntimeError } from '../runtime/errors';
import type { Batch } from './batch';
import { VIEW_LIMITS } from './limits';
import type { RowSet } from './row-set';
import type { Row, Table } from './table';
import { products } from './tables';
import type { CommitOutcome, Preparation, StoredPosition, ViewDatabase } from './view-store';

/** Where a position stands, and by which mark it can be moved. */
interface FoundPosition {
  readonly next: number;
  readonly committedAt: number;
  readonly seqNo: number;
  readonly primaryTerm: number;
}

type Operation = Readonly<Record<string, unknown>>;

const CONFLICT = 409;
const NOT_FOUND = 404;
/** Busy, a proxy before one that is away, away, late. */
const PASSING_STATUSES: readonly number[] = [429, 502, 503, 504];

export class OpenSearchStore implements ViewDatabase {
  private readonly client: Client;
  private clusterId = '';

  constructor(
    url: string,
    private readonly clock: Clock,
  ) {
    this.client = openSearchClient({ url, answerWithinMs: VIEW_LIMITS.statementTimeoutMs });
  }

  prepare(clusterId: string): Promise<Preparation> {
    this.clusterId = clusterId;
    return passing(async () => {
      const found = await this.clusterOf();
      if (found === clusterId) return { migrated: [], rows: { kind: 'kept' } };
      if (found !== undefined) await this.client.indices.delete({ index: PRODUCT_INDEX_DATA });
      await this.create();
      const reason =
        found === undefined
          ? 'there is no index of products'
          : `the products come from cluster ${found}, this is ${clusterId}`;
      return { migrated: [], rows: { kind: 'rebuild', reason } };
    });
  }

  positions(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, StoredPosition>> {
    return passing(async () => {
      const now = this.clock.now();
      const found = await this.find(partitions);
      return new Map(
        [...found].map(([name, { next, committedAt }]) => [
          name,
          { next, committedMsAgo: Math.max(0, now - committedAt) },
        ]),
      );
    });
  }

  /** Also where an index that was deleted meanwhile begins anew. */
  begin(starts: readonly (TopicPartition & { readonly offset: number })[]): Promise<void> {
    return passing(async () => {
      if ((await this.clusterOf()) === undefined) await this.create();
      await this.bulk(
        starts.flatMap(({ offset, ...place }) => [
          { create: { _id: positionId(place) } },
          this.positionAt(offset),
        ]),
      );
    });
  }

  /** Of `rows` only the products. */
  commit(batch: Batch, rows: RowSet): Promise<CommitOutcome> {
    return passing(async () => {
      const found = await this.find(batch);
      const stand = ({ from, ...place }: Batch[number]) =>
        found.get(partitionName(place))?.next === from;
      if (!batch.every(stand)) return { kind: 'stale' };
      await this.bulk(productOperations(batch, rows));
      return this.move(
        batch.map((slice) => ({ place: slice, next: slice.next })),
        found,
      );
    });
  }

  rereadPartition(
    place: TopicPartition,
    _table: Table,
    { from, start }: { readonly from: number; readonly start: number },
  ): Promise<CommitOutcome> {
    return passing(async () => {
      const found = await this.find([place]);
      if (found.get(partitionName(place))?.next !== from) return { kind: 'stale' };
      const query = { term: { source_partition: { value: place.partition } } };
      // What is written in the same moment is newer, and stays.
      await this.client.deleteByQuery({
        ...{ index: PRODUCT_INDEX, conflicts: 'proceed', refresh: true },
        body: { query },
      });
      return this.move([{ place, next: start }], found);
    });
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  /** Undefined: there is no index. */
  private async clusterOf(): Promise<string | undefined> {
    try {
      const { body } = await this.client.indices.getMapping({ index: PRODUCT_INDEX });
      const meta = body[PRODUCT_INDEX_DATA]?.mappings._meta as { clusterId?: string } | undefined;
      return meta?.clusterId ?? '';
    } catch (error) {
      if (error instanceof errors.ResponseError && error.statusCode === NOT_FOUND) return undefined;
      throw error;
    }
  }

  private async create(): Promise<void> {
    const { clusterId } = this;
    await this.client.indices.create({
      index: PRODUCT_INDEX_DATA,
      body: {
        // A deleted product's version is kept for longer than a batch may be under way.
        aliases: { [PRODUCT_INDEX]: {} },
        settings: { index: { gc_deletes: '1h' } },
        mappings: { dynamic: 'strict', _meta: { clusterId }, properties: PRODUCT_INDEX_FIELDS },
      } as never,
    });
  }

  private async find(
    partitions: readonly TopicPartition[],
  ): Promise<ReadonlyMap<string, FoundPosition>> {
    if (partitions.length === 0) return new Map();
    const { body } = await this.client.mget({
      index: PRODUCT_INDEX,
      body: { ids: partitions.map(positionId) },
    });
    const found = new Map<string, FoundPosition>();
    (body.docs as readonly FoundDocument[]).forEach((document, index) => {
      const place = partitions[index];
      if (place === undefined || document.found !== true) return;
      found.set(partitionName(place), {
        next: document._source.next_offset,
        committedAt: document._source.committed_at,
        seqNo: document._seq_no,
        primaryTerm: document._primary_term,
      });
    });
    return found;
  }

  private async move(
    moves: readonly { readonly place: TopicPartition; readonly next: number }[],
    found: ReadonlyMap<string, FoundPosition>,
  ): Promise<CommitOutcome> {
    const { conflicts } = await this.bulk(
      moves.flatMap(({ place, next }) => {
        const at = found.get(partitionName(place));
        const unmoved = { if_seq_no: at?.seqNo, if_primary_term: at?.primaryTerm };
        return [{ index: { _id: positionId(place), ...unmoved } }, this.positionAt(next)];
      }),
    );
    return conflicts > 0 ? { kind: 'stale' } : { kind: 'committed' };
  }

  private positionAt(next: number): Operation {
    return { next_offset: next, committed_at: this.clock.now() };
  }

  /** What conflicts was written by somebody who knew more; anything else that fails rejects. */
  private async bulk(operations: readonly Operation[]): Promise<{ readonly conflicts: number }> {
    if (operations.length === 0) return { conflicts: 0 };
    const { body } = await this.client.bulk({
      index: PRODUCT_INDEX,
      require_alias: true,
      body: operations as never,
    });
    const results = (body.items as readonly Readonly<Record<string, BulkResult>>[]).flatMap(
      (item) => Object.values(item),
    );
    const failed = results.find(({ status, error }) => error !== undefined && status !== CONFLICT);
    if (failed !== undefined) throw refusal(failed);
    return { conflicts: results.filter(({ status }) => status === CONFLICT).length };
  }
}

interface FoundDocument {
  readonly found?: boolean;
  readonly _source: { readonly next_offset: number; readonly committed_at: number };
  readonly _seq_no: number;
  readonly _primary_term: number;
}

interface BulkResult {
  readonly status: number;
  readonly error?: { readonly type: string; readonly reason: string };
}

function positionId(place: TopicPartition): string {
  return `position:${partitionName(place)}`;
}

/** A version must be above 0, and an offset may be it. */
function versionOf(offset: number): { readonly version: number; readonly version_type: string } {
  return { version: offset + 1, version_type: 'external_gte' };
}

function productOperations(batch: Batch, rows: RowSet): readonly Operation[] {
  const groups = rows.groups().filter(({ table }) => table.name === products.name);
  return groups.flatMap(({ kind, rows: changed }) =>
    changed.flatMap((row): readonly Operation[] => {
      const product = row as Row<typeof products>;
      const sku = product.sku ?? '';
      const _id = `sku:${sku}`;
      return kind === 'upsert'
        ? [{ index: { _id, ...versionOf(product.version ?? 0) } }, { ...documentOf(product) }]
        : [{ delete: { _id, ...versionOf(deletedAt(batch, sku)) } }];
    }),
  );
}

/** A deletion says no offset of its own: it is the last record of the key. */
function deletedAt(batch: Batch, sku: string): number {
  const offsets = batch
    .flatMap(({ records }) => records)
    .filter(({ key }) => key?.toString('utf8') === sku)
    .map(({ offset }) => offset);
  return Math.max(0, ...offsets);
}

function documentOf(row: Row<typeof products>): ProductDocument {
  const listed = (text: string | null | undefined, by: string) =>
    (text ?? '').split(by).filter((part) => part !== '');
  return {
    sku: row.sku ?? '',
    active: row.active ?? false,
    lines: listed(row.search_lines, '\n'),
    name_words: listed(row.search_name_words, ' '),
    words: listed(row.search_words, ' '),
    grams: listed(row.search_grams, ' '),
    order: row.search_order ?? '',
    source_partition: row.source_partition ?? 0,
  };
}

function refusal({ status, error }: BulkResult): Error {
  const message = `OpenSearch answered ${String(status)}: ${error?.reason ?? ''}`;
  return PASSING_STATUSES.includes(status)
    ? new RuntimeError('DATABASE_UNAVAILABLE', message)
    : new Error(message);
}

/** What passes at OpenSearch is waited for, as a broker is that is away; the rest is a bug of ours. */
async function passing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!passes(error)) throw error;
    throw new RuntimeError('DATABASE_UNAVAILABLE', messageOf(error), { cause: error });
  }
}

function passes(error: unknown): boolean {
  if (error instanceof errors.ResponseError) {
    return PASSING_STATUSES.includes(error.statusCode);
  }
  return (
    error instanceof errors.ConnectionError ||
    error instanceof errors.TimeoutError ||
    error instanceof errors.NoLivingConnectionsError
  );
}
