/**
 * The products that are for sale, as the compacted catalog says, kept in memory only so that an
 * unknown sku is refused at once. Inventory has the last word: it reads the same topic itself.
 */
import type { AnyEvent } from '../../schemas/event';
import type { Codec } from '../../platform/avro/codec';
import {
  partitionName,
  type Broker,
  type FetchedPartition,
  type LogRecord,
  type TopicPartition,
} from '../../streams/runtime/broker';
import type { Clock } from '../../platform/clock';
import { catalogProducts } from '../../topics/catalog';
import { decodeAll } from './decoding';
import { RecordFollower, type OpenedFollower } from './record-follower';

export interface Catalog {
  /** `loading` until everything that stood in the topic at start was read. */
  lookUp(sku: string): 'for-sale' | 'unknown' | 'loading';
}

export class CatalogTable implements Catalog {
  private readonly forSale = new Set<string>();
  /** Where each partition ended at start, until it was read that far; undefined before start. */
  private ends: Map<string, number> | undefined;

  lookUp(sku: string): 'for-sale' | 'unknown' | 'loading' {
    if (this.ends?.size !== 0) return 'loading';
    return this.forSale.has(sku) ? 'for-sale' : 'unknown';
  }

  begin(starts: ReadonlyMap<string, number>, ends: ReadonlyMap<string, number>): void {
    this.ends = new Map([...ends].filter(([name, end]) => (starts.get(name) ?? 0) < end));
  }

  apply(event: AnyEvent): void {
    if (event.type !== 'Product') return;
    if (event.active) this.forSale.add(event.sku);
    else this.forSale.delete(event.sku);
  }

  remove(sku: string): void {
    this.forSale.delete(sku);
  }

  reached(partition: TopicPartition, nextOffset: number): void {
    const name = partitionName(partition);
    const end = this.ends?.get(name);
    if (end !== undefined && nextOffset >= end) this.ends?.delete(name);
  }
}

/** Opens a follower that keeps `table` up to date. */
export async function followCatalog(
  table: CatalogTable,
  { broker, codec }: { readonly broker: Broker; readonly codec: Codec },
  { partitions, clock }: { readonly partitions: number; readonly clock: Clock },
): Promise<OpenedFollower> {
  const { name: topic } = catalogProducts;
  const all = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));
  const [starts, ends] = await Promise.all([broker.logStarts(all), broker.highWatermarks(all)]);
  table.begin(starts, ends);
  const follower = new RecordFollower(broker.openReader(), clock, async (fetched) => {
    for (const part of fetched) await applyFetched(table, codec, part);
  });
  const positions = all.map((partition) => ({
    ...partition,
    offset: starts.get(partitionName(partition)) ?? 0,
  }));
  return { follower, run: () => follower.follow(positions) };
}

async function applyFetched(
  table: CatalogTable,
  codec: Codec,
  fetched: FetchedPartition,
): Promise<void> {
  const decoded = await decodeAll(
    codec,
    fetched.records.map(({ value }) => value),
  );
  fetched.records.forEach((record: LogRecord, index) => {
    const result = decoded[index];
    if (record.value === null) table.remove(record.key?.toString('utf8') ?? '');
    else if (result?.kind === 'event') table.apply(result.event);
  });
  table.reached(fetched, fetched.nextOffset);
}
