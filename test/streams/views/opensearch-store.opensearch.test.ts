/** Positions and products in OpenSearch under two writers, after a crash, and of another cluster. */
import { systemClock } from '../../../platform/clock';
import { openSearchClient, PRODUCT_INDEX_DATA } from '../../../platform/search/product-index';
import type { EventOf } from '../../../schemas/event';
import type { Batch } from '../../../streams/views/batch';
import { OpenSearchStore } from '../../../streams/views/opensearch-store';
import { productsProjection } from '../../../streams/views/projections/catalog';
import { RowSet } from '../../../streams/views/row-set';
import { products } from '../../../streams/views/tables';
import { catalogProducts } from '../../../topics/catalog';
import { ofThing } from './sample-events';
import { fromEnvironment } from './views-fixture';

/** A node that has just started takes its time. */
jest.setTimeout(60_000);

const url = fromEnvironment('OPENSEARCH_URL');
const client = openSearchClient({ url, answerWithinMs: 30_000 });
const place = { topic: catalogProducts.name, partition: 0 };
let store: OpenSearchStore;

async function wipe(): Promise<void> {
  await client.indices.delete({ index: PRODUCT_INDEX_DATA, ignore_unavailable: true });
}

beforeEach(async () => {
  await wipe();
  store = new OpenSearchStore(url, systemClock);
  await store.prepare('cluster-1');
  await store.begin([{ ...place, offset: 0 }]);
});
afterEach(() => store.close());
afterAll(async () => {
  await wipe();
  await client.close();
});

function named(name: string): EventOf<'Product'> {
  const texts = { sku: 'S-1', name, nameJa: name, description: '', descriptionJa: '' };
  const rest = { unitPrice: 1, currency: 'JPY', imageUrl: null, active: true };
  const marks = { actor: '', reason: '', requestKey: '', requestFingerprint: '' };
  return ofThing<'Product'>({ type: 'Product', ...texts, ...rest, ...marks }, name);
}

/** One record at `offset`, that says what the product is called. */
function naming(name: string, offset: number): { readonly batch: Batch; readonly rows: RowSet } {
  const rows = new RowSet();
  const position = { ...place, offset, timestamp: 0 };
  productsProjection.rows(named(name), position).forEach((change) => rows.add(change));
  return { batch: [{ ...place, from: offset, next: offset + 1, records: [] }], rows };
}

async function order(): Promise<unknown> {
  const { body } = await client.get({ index: PRODUCT_INDEX_DATA, id: 'sku:S-1' });
  return (body._source as { readonly order: string }).order;
}

async function next(): Promise<number | undefined> {
  return (await store.positions([place])).get(`${place.topic}-0`)?.next;
}

test('a position moves once: of two writers one is told that it is stale', async () => {
  const other = new OpenSearchStore(url, systemClock);
  const { batch, rows } = naming('first', 0);
  const outcomes = await Promise.all([store.commit(batch, rows), other.commit(batch, rows)]);
  const kinds = outcomes.map(({ kind }) => kind).sort();
  // Both may have looked before either moved it; then one of them finds out at the move.
  expect(kinds).toEqual(['committed', 'stale']);
  expect(await next()).toBe(1);
  await other.close();
});

test('a writer that was left behind takes nothing back', async () => {
  for (const [name, offset] of [['first', 0] as const, ['second', 1] as const]) {
    const { batch, rows } = naming(name, offset);
    expect(await store.commit(batch, rows)).toEqual({ kind: 'committed' });
  }
  const late = naming('first', 0);
  expect(await store.commit(late.batch, late.rows)).toEqual({ kind: 'stale' });
  expect(await order()).toBe('second');
  expect(await next()).toBe(2);
});

test('a stretch that was written before the process died is written again', async () => {
  const { batch, rows } = naming('first', 0);
  await store.commit(batch, rows);
  // As if it had died between the product and the position.
  await store.rereadPartition(place, products, { from: 1, start: 0 });
  expect(await store.commit(batch, rows)).toEqual({ kind: 'committed' });
  expect([await order(), await next()]).toEqual(['first', 1]);
});

test('an index of the same cluster is kept, of another begun anew', async () => {
  const { batch, rows } = naming('first', 0);
  await store.commit(batch, rows);
  expect((await store.prepare('cluster-1')).rows).toEqual({ kind: 'kept' });
  expect(await next()).toBe(1);
  expect((await store.prepare('cluster-2')).rows).toMatchObject({ kind: 'rebuild' });
  expect(await next()).toBeUndefined();
});
