import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ordersEvents } from '../../../topics/orders';
import { paymentsEvents } from '../../../topics/payments';
import { freshDatabase, type FreshDatabase } from './fresh-database';
import { readModels } from './read-models';
import { orderCreated, orderPaid, paymentCodeIssued, paymentSucceeded } from './sample-events';
import { ViewsFixture, eventually } from './views-fixture';

/** Real services on a busy machine; each wait inside has its own, shorter limit. */
jest.setTimeout(180_000);

let fixture: ViewsFixture;
let database: FreshDatabase;
const databases: FreshDatabase[] = [];

async function openDatabase(): Promise<FreshDatabase> {
  const opened = await freshDatabase();
  databases.push(opened);
  return opened;
}

beforeAll(async () => {
  fixture = await ViewsFixture.open();
});

afterAll(() => fixture.close());

beforeEach(async () => {
  fixture.logged.length = 0;
  database = await openDatabase();
});

afterEach(async () => {
  await fixture.stopViews();
  await Promise.all(databases.splice(0).map((opened) => opened.drop()));
});

/** Other tests write to the same topics: only rows that name this run are looked at. */
async function rowsNaming(run: string, from: FreshDatabase) {
  const all = await readModels(from);
  return Object.fromEntries(
    Object.entries(all).map(([table, rows]) => [table, rows.filter((row) => row.includes(run))]),
  );
}

async function count(from: FreshDatabase, run: string): Promise<number> {
  const exists = await from.query("select to_regclass('orders') as name");
  if (exists[0]?.['name'] === null) return 0;
  const rows = await from.query(`select count(*) from orders where order_id like '${run}%'`);
  return Number(rows[0]?.['count']);
}

async function until(from: FreshDatabase, run: string, orders: number): Promise<void> {
  await eventually(`${orders} orders of ${run}`, async () => (await count(from, run)) === orders);
}

async function appendOrders(run: string, orders: number): Promise<void> {
  const ids = Array.from({ length: orders }, (_, index) => `${run}-${index}`);
  await fixture.append(ordersEvents, ...ids.map(orderCreated));
}

describe('the views', () => {
  it('write what is on the topics, and go on where they were after a stop', async () => {
    const run = fixture.freshName('order');
    const group = fixture.freshName('views');
    await fixture.append(ordersEvents, orderCreated(run), orderPaid(run));
    await fixture.append(paymentsEvents, paymentCodeIssued(run), paymentSucceeded(run));
    const views = await fixture.start({ databaseUrl: database.url, group });
    await eventually('the order is PAID and its payment SUCCEEDED', async () => {
      if ((await count(database, run)) === 0) return false;
      const [row] = await database.query(
        `select status, payment_status from orders where order_id = '${run}'`,
      );
      return row?.['status'] === 'PAID' && row['payment_status'] === 'SUCCEEDED';
    });
    expect(views.health()).toMatchObject({ state: 'running' });
    expect(fixture.logged).toContain('the read models are rebuilt from Kafka');
    await views.stop();
    await views.ended;
    fixture.logged.length = 0;
    await appendOrders(`${run}-later`, 3);
    await fixture.start({ databaseUrl: database.url, group });
    await until(database, run, 4);
    // Nothing was migrated, rebuilt or read anew.
    expect(fixture.logged).toEqual(['partitions assigned']);
  });

  it('rebuild a database that was wiped', async () => {
    const run = fixture.freshName('order');
    const group = fixture.freshName('views');
    await appendOrders(run, 50);
    const views = await fixture.start({ databaseUrl: database.url, group });
    await until(database, run, 50);
    const before = await rowsNaming(run, database);
    await views.stop();
    await database.query('drop schema public cascade');
    await database.query('create schema public');
    await fixture.start({ databaseUrl: database.url, group });
    await until(database, run, 50);
    expect(await rowsNaming(run, database)).toEqual(before);
  });

  it('lose and double nothing while two instances believe that they hold every partition', async () => {
    const run = fixture.freshName('order');
    const instances = await Promise.all(
      ['one', 'two'].map((name) =>
        fixture.start({ databaseUrl: database.url, group: fixture.freshName(name) }),
      ),
    );
    for (let round = 0; round < 20; round++) await appendOrders(`${run}-${round}`, 25);
    await until(database, run, 500);
    const events = await database.query(
      `select count(*), count(distinct event_id) as distinct
         from order_events where order_id like '${run}%'`,
    );
    expect(events).toEqual([{ count: '500', distinct: '500' }]);
    expect(instances.map((views) => views.health().state)).toEqual(['running', 'running']);
  });

  it('go on when Postgres ends their connections, in the middle of the work too', async () => {
    const run = fixture.freshName('order');
    const views = await fixture.start({
      databaseUrl: database.url,
      group: fixture.freshName('views'),
    });
    for (let round = 1; round <= 10; round++) {
      await appendOrders(`${run}-${round}`, 200);
      await database.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where application_name = 'views' and datname = current_database()`,
      );
    }
    await until(database, run, 2_000);
    expect(views.health().state).toBe('running');
  });

  it('keep bytes that are no event as a dead letter, and go on', async () => {
    const run = fixture.freshName('order');
    await fixture.appendBytes(ordersEvents, run, Buffer.from('garbage'));
    await fixture.append(ordersEvents, orderCreated(run));
    await fixture.start({ databaseUrl: database.url, group: fixture.freshName('views') });
    await until(database, run, 1);
    expect(
      await database.query(
        `select app, error_code, value from dead_letters where convert_from(key, 'UTF8') = '${run}'`,
      ),
    ).toEqual([{ app: 'views', error_code: 'NOT_WIRE_FORMAT', value: Buffer.from('garbage') }]);
  });

  it('write nothing while they are paused', async () => {
    const run = fixture.freshName('order');
    const views = await fixture.start({
      databaseUrl: database.url,
      group: fixture.freshName('views'),
    });
    await appendOrders(`${run}-before`, 1);
    await until(database, run, 1);
    views.pause();
    expect(views.health().state).toBe('paused');
    // A second reader of the same log shows that there was something to write.
    const other = await openDatabase();
    await appendOrders(`${run}-meanwhile`, 1);
    await fixture.start({ databaseUrl: other.url, group: fixture.freshName('other') });
    await until(other, run, 2);
    await eventually('the lag is told', () =>
      Promise.resolve(views.health().tasks.some(({ lagRecords }) => lagRecords > 0)),
    );
    expect(await count(database, run)).toBe(1);
    views.resume();
    await until(database, run, 2);
  });

  it('end, and say why, on an error that is nobody else’s', async () => {
    const views = await fixture.start({
      databaseUrl: database.url,
      group: fixture.freshName('views'),
    });
    await appendOrders(fixture.freshName('order'), 1);
    await eventually('they run', () => Promise.resolve(views.health().state === 'running'));
    await database.query('drop table order_events');
    await appendOrders(fixture.freshName('order'), 1);
    await expect(views.ended).rejects.toMatchObject({ code: '42P01' });
    expect(views.health()).toMatchObject({
      state: 'failed',
      detail: 'relation "order_events" does not exist',
    });
  });

  // The last one: every new database reads all that the tests before it wrote.
  it('lose and double nothing when the process is killed between two commits', async () => {
    const run = fixture.freshName('order');
    const group = fixture.freshName('views');
    const orders = 12_000;
    await appendOrders(run, orders);
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', join(__dirname, 'views-process.ts'), group, fixture.memberIdFile(group)],
      { env: { ...process.env, DATABASE_URL: database.url }, stdio: 'inherit' },
    );
    await eventually('the first commit', async () => (await count(database, run)) > 0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await count(database, run)).toBeLessThan(orders);
    const undisturbed = await openDatabase();
    await fixture.start({ databaseUrl: database.url, group });
    await fixture.start({ databaseUrl: undisturbed.url, group: fixture.freshName('views') });
    await until(database, run, orders);
    await until(undisturbed, run, orders);
    expect(await rowsNaming(run, database)).toEqual(await rowsNaming(run, undisturbed));
  });
});
