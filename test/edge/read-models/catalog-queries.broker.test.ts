import { Client } from 'pg';
import { Database } from '../../../edge/read-models/database';
import { selectAlertHistory } from '../../../edge/read-models/alert-queries';
import { selectCatalog, selectProductHistory } from '../../../edge/read-models/catalog-queries';
import { cursorOf } from '../../../edge/read-models/cursor';
import { selectTimeline } from '../../../edge/read-models/order-queries';
import { migrate, readMigrations } from '../../../streams/views/migrations';
import { freshDatabase, type FreshDatabase } from '../../streams/views/fresh-database';

let fresh: FreshDatabase;
let database: Database;

beforeAll(async () => {
  fresh = await freshDatabase();
  const client = new Client({ connectionString: fresh.url });
  await client.connect();
  await migrate(client, readMigrations());
  await client.end();
  database = new Database(fresh.url, () => undefined);
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

describe('the catalog of operators', () => {
  const texts = `'Tea', '緑茶', '', '', 400, 'JPY', null`;

  it('lists what is withdrawn too, a page after another', async () => {
    await fresh.query(
      `insert into products (sku, name, name_ja, description, description_ja, unit_price, currency,
        image_url, active, version, updated_at, source_partition)
      select 'TEA-' || lpad(n::text, 3, '0'), ${texts}, n % 2 = 0, n, now(), 0
      from generate_series(1, 250) n`,
    );
    const first = await selectCatalog(database.query, {});
    expect(first.products).toHaveLength(200);
    expect(first.products[0]).toMatchObject({ sku: 'TEA-001', active: false, version: 1 });
    const second = await selectCatalog(database.query, { after: first.next ?? '' });
    expect(second.products.map(({ sku }) => sku).slice(0, 1)).toEqual(['TEA-201']);
    expect([second.products.length, second.next]).toEqual([50, null]);
  });

  it('tells each change by the one before it, also across pages', async () => {
    await fresh.query(
      `insert into product_changes (event_id, sku, version, name, name_ja, description,
        description_ja, unit_price, currency, image_url, active, actor, reason, changed_at)
      select 'change-' || n, 'TEA-001', n, 'Tea', '緑茶', '', '', 400 + n, 'JPY', null, true,
        'ops-1', '', now() from generate_series(1, 201) n`,
    );
    const first = await selectProductHistory(database.query, 'TEA-001');
    expect(first.product).toMatchObject({ sku: 'TEA-001', version: 1 });
    expect(first.changes).toHaveLength(200);
    expect(first.changes.at(-1)).toMatchObject({ change: 'CHANGED', changed: ['unitPrice'] });
    const second = await selectProductHistory(database.query, 'TEA-001', first.next ?? '');
    expect(second).toMatchObject({
      changes: [{ eventId: 'change-1', change: 'ADDED' }],
      next: null,
    });
    expect(await selectProductHistory(database.query, 'nothing')).toEqual({
      product: null,
      changes: [],
      next: null,
    });
  });
});

describe('what happened, read page by page', () => {
  const ALERT_ID = '5a8fca11-3a57-5bd6-9c7f-6f2f3f0b7a33';
  const ORDER_ID = '0a8fca11-3a57-5bd6-9c7f-6f2f3f0b7a01';

  it('to an order is its newest entries, then those before, each once', async () => {
    // Many at one moment, as one commit writes them.
    await fresh.query(
      `insert into order_events (topic, "partition", "offset", order_id, event_id, type,
        causation_id, occurred_at, logged_at, payload)
      select 'orders.events.v1', 0, n, '${ORDER_ID}', 'event-' || n, 'OrderPaid', '', now(),
        to_timestamp(1_700_000_000 + n / 400), '{}' from generate_series(1, 700) n`,
    );
    const read = (before?: string) =>
      selectTimeline(database.query, ORDER_ID, ['orders.events.v1'], before);
    const newest = await read();
    const older = await read(newest.next ?? '');
    const offsets = [...older.entries, ...newest.entries].map(({ offset }) => offset);
    expect(offsets).toEqual(Array.from({ length: 700 }, (_, n) => n + 1));
    expect(older.next).toBeNull();
  });

  it('to an alert is its newest events, then those before, down to its raising', async () => {
    await fresh.query(
      `insert into alerts (alert_id, rule, order_id, severity, detected_at, money_at_risk, currency,
        expected, observed, evidence, raised_at)
      values ('${ALERT_ID}', 'RULE_C', '${ORDER_ID}', 'P1', now(), 1, 'JPY', '', '', '[]', now())`,
    );
    await fresh.query(
      `insert into alert_events (topic, "partition", "offset", alert_id, order_id, event_id, type,
        version, actor, occurred_at, logged_at, payload)
      select case when n = 1 then 'alerts.order_payment_inconsistency.v1'
          else 'alerts.lifecycle.v1' end, 0, n, '${ALERT_ID}', '${ORDER_ID}', 'event-' || n,
        'AlertNoted', 1, null, now(), to_timestamp(1_700_000_000), '{}'
      from generate_series(1, 210) n`,
    );
    const newest = await selectAlertHistory(database.query, ALERT_ID);
    const older = await selectAlertHistory(database.query, ALERT_ID, newest?.next ?? '');
    const offsets = [newest, older].flatMap((page) => page?.history ?? []).map((row) => row.offset);
    expect(offsets).toEqual(Array.from({ length: 210 }, (_, n) => 210 - n));
    const last = cursorOf([1_700_000_000_000, 'alerts.order_payment_inconsistency.v1', 1]);
    const end = await selectAlertHistory(database.query, ALERT_ID, last);
    expect(end).toEqual({ history: [], next: null });
    expect(await selectAlertHistory(database.query, ORDER_ID)).toBeUndefined();
  });
});
