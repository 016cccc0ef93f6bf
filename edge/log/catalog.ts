/**
 * Which products are for sale and at which version, as the compacted catalog says, kept in memory so
 * that an unknown sku and a change of an old version are refused at once. Of a sku inventory has the
 * last word: it reads the same topic itself.
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

/** What the newest record of a product says. */
export interface KnownProduct {
  readonly isForSale: boolean;
  /** Its offset. */
  readonly version: number;
  readonly eventId: string;
  readonly requestFingerprint: string;
}

export interface Catalog {
  /** `loading` until everything that stood in the topic at start was read. */
  lookUp(sku: string): 'for-sale' | 'unknown' | 'loading';
  /** As far as the topic was read; undefined: never added, or deleted. */
  product(sku: string): KnownProduct | undefined;
}

export class CatalogTable implements Catalog {
  private readonly products = new Map<string, KnownProduct>();
  /** Where each partition ended at start, until it was read that far; undefined before start. */
  private ends: Map<string, number> | undefined;

  lookUp(sku: string): 'for-sale' | 'unknown' | 'loading' {
    if (this.ends?.size !== 0) return 'loading';
    return this.products.get(sku)?.isForSale === true ? 'for-sale' : 'unknown';
  }

  product(sku: string): KnownProduct | undefined {
    return this.products.get(sku);
  }

  begin(starts: ReadonlyMap<string, number>, ends: ReadonlyMap<string, number>): void {
    this.ends = new Map([...ends].filter(([name, end]) => (starts.get(name) ?? 0) < end));
  }

  apply(event: AnyEvent, offset: number): void {
    if (event.type !== 'Product') return;
    const { sku, active, eventId, requestFingerprint } = event;
    const known = { isForSale: active, version: offset, eventId, requestFingerprint };
    this.products.set(sku, known);
  }

  remove(sku: string): void {
    this.products.delete(sku);
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
    else if (result?.kind === 'event') table.apply(result.event, record.offset);
  });
  table.reached(fetched, fetched.nextOffset);
}
