import { Pool } from 'pg';
import { passes } from '../../../streams/views/postgres-error';
import { RowSet } from '../../../streams/views/row-set';
import { remove, upsert, type RowChange } from '../../../streams/views/table';
import * as tables from '../../../streams/views/tables';
import { ViewStore } from '../../../streams/views/view-store';
import { freshDatabase, type FreshDatabase } from './fresh-database';

const place = { topic: 'orders.events.v1', partition: 0 };
const CLUSTER = 'cluster-1';

/** Databases are made and dropped here, which takes seconds on a busy machine. */
jest.setTimeout(60_000);

let database: FreshDatabase;
let store: ViewStore;

beforeEach(async () => {
  database = await freshDatabase();
  store = new ViewStore(database.url);
});

afterEach(async () => {
  await store.close();
  await database.drop();
});

function rowSet(...changes: readonly RowChange[]): RowSet {
  const rows = new RowSet();
  changes.forEach((change) => rows.add(change));
  return rows;
}

function slice(from: number, next: number) {
  return [{ ...place, from, next, records: [] }];
}

async function prepared(): Promise<void> {
  await store.prepare(CLUSTER);
  await store.begin([{ ...place, offset: 0 }]);
}

describe('an empty database', () => {
  it('gets the tables and columns that the projections write, and their keys', async () => {
    await store.prepare(CLUSTER);
    const columns = await database.query(
      `select table_name, column_name, data_type from information_schema.columns
        join information_schema.tables using (table_schema, table_name)
        where table_schema = 'public' and table_type = 'BASE TABLE'`,
    );
    const found = new Map(
      columns.map((row) => [
        `${String(row['table_name'])}.${String(row['column_name'])}`,
        String(row['data_type']).replace('timestamp with time zone', 'timestamptz'),
      ]),
    );
    const declared = Object.values(tables).flatMap(({ name, columns: types }) =>
      Object.entries(types).map(([column, type]) => [`${name}.${column}`, type] as const),
    );
    expect(Object.fromEntries(declared)).toEqual(
      Object.fromEntries([...found].filter(([name]) => !/^(view_|pg)/.test(name))),
    );
    for (const { name, key } of Object.values(tables)) {
      const rows = await database.query(
        `select a.attname from pg_index i join pg_attribute a
             on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
          where i.indrelid = '${name}'::regclass and i.indisprimary`,
      );
      expect([name, rows.map((row) => row['attname']).sort()]).toEqual([name, [...key].sort()]);
    }
  });

  it('is migrated once by two processes that start at once', async () => {
    const other = new ViewStore(database.url);
    const preparations = await Promise.all([store.prepare(CLUSTER), other.prepare(CLUSTER)]);
    await other.close();
    const migrated = preparations.map((preparation) => preparation.migrated);
    expect(migrated).toContainEqual([]);
    expect(migrated.flat()).toEqual([...new Set(migrated.flat())]);
    expect(migrated.flat()).not.toEqual([]);
    expect(preparations.map(({ rows }) => rows.kind).sort()).toEqual(['kept', 'rebuild']);
  });
});

describe('a batch', () => {
  it('writes its rows and its position together, one write after the other', async () => {
    await prepared();
    const first = upsert(tables.orders, { order_id: 'o1', status: 'PENDING', user_id: 'u1' });
    const second = upsert(tables.orders, { order_id: 'o1', payment_status: 'SUCCEEDED' });
    expect(await store.commit(slice(0, 5), rowSet(first))).toEqual({ kind: 'committed' });
    expect(await store.commit(slice(5, 9), rowSet(second))).toEqual({ kind: 'committed' });
    expect(
      await database.query('select order_id, user_id, status, payment_status from orders'),
    ).toEqual([{ order_id: 'o1', user_id: 'u1', status: 'PENDING', payment_status: 'SUCCEEDED' }]);
    expect((await store.positions([place])).get('orders.events.v1-0')?.next).toBe(9);
  });

  it('of an instance that lost the partition is rolled back by compare-and-set', async () => {
    await prepared();
    const ours = upsert(tables.orders, { order_id: 'o1', status: 'PAID' });
    const zombies = upsert(tables.orders, { order_id: 'o1', status: 'PENDING' });
    await store.commit(slice(0, 5), rowSet(ours));
    expect(await store.commit(slice(0, 3), rowSet(zombies))).toEqual({ kind: 'stale' });
    expect(await database.query('select status from orders')).toEqual([{ status: 'PAID' }]);
    expect((await store.positions([place])).get('orders.events.v1-0')?.next).toBe(5);
  });

  it('is rolled back as a whole when one of its partitions has moved', async () => {
    await prepared();
    const other = { topic: 'payments.events.v1', partition: 0 };
    await store.begin([{ ...other, offset: 0 }]);
    await store.commit([{ ...other, from: 0, next: 2, records: [] }], rowSet());
    const batch = [...slice(0, 5), { ...other, from: 0, next: 4, records: [] }];
    const row = upsert(tables.orders, { order_id: 'o1', status: 'PAID' });
    expect(await store.commit(batch, rowSet(row))).toEqual({ kind: 'stale' });
    expect(await database.query('select * from orders')).toEqual([]);
    expect((await store.positions([place])).get('orders.events.v1-0')?.next).toBe(0);
  });

  it('keeps values of every column type, and mends a NUL, which Postgres does not take', async () => {
    await prepared();
    const letter = upsert(tables.deadLetters, {
      event_id: 'e1',
      app: 'views',
      topic: 't',
      partition: 2,
      offset: Number.MAX_SAFE_INTEGER,
      key: null,
      value: Buffer.from([0, 255, 92, 34]),
      value_bytes: 4,
      headers: { 'na\0me': '"\\u0000"', list: ['a\0b'] },
      error_code: 'NO_VALUE',
      reason: 'a "quoted" \\ and, {braced} \0 reason',
      occurred_at: -1,
      logged_at: Date.parse('2026-11-22T01:02:03.004Z'),
    });
    const product = upsert(tables.products, {
      sku: 'tea',
      name: 'Tea',
      name_ja: 'お茶',
      description: '',
      description_ja: '',
      unit_price: 500,
      currency: 'JPY',
      image_url: null,
      active: true,
      updated_at: 0,
      source_partition: 0,
    });
    await store.commit(slice(0, 1), rowSet(letter, product));
    expect(await database.query('select * from dead_letters')).toEqual([
      {
        event_id: 'e1',
        app: 'views',
        topic: 't',
        partition: 2,
        offset: String(Number.MAX_SAFE_INTEGER),
        key: null,
        value: Buffer.from([0, 255, 92, 34]),
        value_bytes: '4',
        headers: { 'na\ufffdme': '"\\u0000"', list: ['a\ufffdb'] },
        error_code: 'NO_VALUE',
        reason: 'a "quoted" \\ and, {braced} \ufffd reason',
        occurred_at: new Date(-1),
        logged_at: new Date('2026-11-22T01:02:03.004Z'),
      },
    ]);
    expect(await database.query('select name_ja, image_url, active from products')).toEqual([
      { name_ja: 'お茶', image_url: null, active: true },
    ]);
  });

  it('deletes the row that a tombstone names', async () => {
    await prepared();
    const level = { total: 1, available: 1, reserved: 0, sold: 0, updated_at: 0 };
    const rows = ['tea', 'cup'].map((sku) =>
      upsert(tables.stock, { sku, ...level, source_partition: 0 }),
    );
    await store.commit(slice(0, 2), rowSet(...rows));
    await store.commit(slice(2, 3), rowSet(remove(tables.stock, { sku: 'tea' })));
    expect(await database.query('select sku from stock')).toEqual([{ sku: 'cup' }]);
  });

  it('rejects, with nothing written, when its data do not fit', async () => {
    await prepared();
    const row = upsert(tables.orders, { order_id: 'o1', status: 'NO_SUCH_STATUS' });
    await expect(store.commit(slice(0, 5), rowSet(row))).rejects.toMatchObject({ code: '23514' });
    expect((await store.positions([place])).get('orders.events.v1-0')?.next).toBe(0);
  });
});

describe('rows that come from elsewhere', () => {
  async function rowsAfter(clusterId: string) {
    const { rows } = await store.prepare(clusterId);
    return { rows, orders: await database.query('select order_id from orders') };
  }

  beforeEach(async () => {
    await prepared();
    await store.commit(slice(0, 5), rowSet(upsert(tables.orders, { order_id: 'o1' })));
  });

  it('stay when cluster and format are the same', async () => {
    expect(await rowsAfter(CLUSTER)).toEqual({
      rows: { kind: 'kept' },
      orders: [{ order_id: 'o1' }],
    });
  });

  it('go, with their positions, when the cluster is another one', async () => {
    expect(await rowsAfter('cluster-2')).toEqual({
      rows: { kind: 'rebuild', reason: 'the rows come from cluster cluster-1, this is cluster-2' },
      orders: [],
    });
    expect((await store.positions([place])).size).toBe(0);
  });

  it('go when their format is another one, and when nobody knows where they come from', async () => {
    await database.query('update view_meta set format_version = 0');
    expect(await rowsAfter(CLUSTER)).toMatchObject({ rows: { kind: 'rebuild' }, orders: [] });
    await store.begin([{ ...place, offset: 0 }]);
    await store.commit(slice(0, 5), rowSet(upsert(tables.orders, { order_id: 'o1' })));
    await database.query('delete from view_meta');
    expect(await rowsAfter(CLUSTER)).toMatchObject({ rows: { kind: 'rebuild' }, orders: [] });
  });
});

describe('a connection that is lost', () => {
  it('rejects with an error that passes, and the next call works', async () => {
    await prepared();
    const admin = new Pool({ connectionString: database.url, max: 1 });
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'views'",
    );
    await admin.end();
    const row = upsert(tables.orders, { order_id: 'o1', status: 'PAID' });
    for (;;) {
      // The pool may hand out the broken connection once before it notices.
      const outcome = await store.commit(slice(0, 5), rowSet(row)).catch((error: unknown) => error);
      if (!(outcome instanceof Error)) {
        expect(outcome).toEqual({ kind: 'committed' });
        return;
      }
      expect(passes(outcome)).toBe(true);
    }
  });
});
