import { RegistryUnreachableError } from '../../../platform/avro/schema-registry';
import type { EventOf } from '../../../schemas/event';
import { accountsEvents } from '../../../topics/accounts';
import { alertsLifecycle, alertsRaised } from '../../../topics/alerts';
import { inventoryEvents, inventoryLevels } from '../../../topics/inventory';
import { ordersEvents } from '../../../topics/orders';
import { paymentsEvents, paymentsNotifications } from '../../../topics/payments';
import { VIEW_LIMITS } from '../../../streams/views/limits';
import { ViewStore } from '../../../streams/views/view-store';
import { freshDatabase, type FreshDatabase } from './fresh-database';
import { MemoryLog, allPartitions, readAll } from './memory-log';
import { readModels } from './read-models';
import {
  alertAcknowledged,
  alertRaised,
  alertResolved,
  fundsHeld,
  ofOrder,
  orderCreated,
  orderPaid,
  orderWaitingPayment,
  paymentCodeIssued,
  paymentNotification,
  webhookSetAside,
  paymentRefunded,
  paymentSucceeded,
  stockLevel,
  stockReserved,
} from './sample-events';

/** Databases are made and dropped here, which takes seconds on a busy machine. */
jest.setTimeout(60_000);

const opened: { database: FreshDatabase; store: ViewStore }[] = [];

async function openStore() {
  const database = await freshDatabase();
  const store = new ViewStore(database.url);
  opened.push({ database, store });
  await store.prepare('memory');
  return { database, store };
}

afterEach(async () => {
  for (const { database, store } of opened.splice(0)) {
    await store.close();
    await database.drop();
  }
});

function logOfOrder(orderId: string, log = new MemoryLog()): MemoryLog {
  log.append(ordersEvents, orderCreated(orderId), orderWaitingPayment(orderId), orderPaid(orderId));
  log.append(inventoryEvents, stockReserved(orderId, 'tea'), stockReserved(orderId, 'cup'));
  log.append(inventoryLevels, stockLevel('tea', 9), stockLevel('tea', 8));
  log.append(accountsEvents, fundsHeld(orderId));
  log.append(
    paymentsEvents,
    paymentCodeIssued(orderId),
    paymentSucceeded(orderId),
    paymentRefunded(orderId),
  );
  log.append(paymentsNotifications, paymentNotification(orderId));
  log.append(paymentsNotifications, webhookSetAside(Buffer.from('{"a":"\u0000"}\0')));
  log.append(alertsRaised, alertRaised(orderId));
  log.append(alertsLifecycle, alertAcknowledged(orderId), alertResolved(orderId));
  return log;
}

describe('the read models', () => {
  it('show an order with its items, payment, refund, alert and whole timeline', async () => {
    const { database, store } = await openStore();
    const reader = logOfOrder('o1').reader(store);
    reader.hold(allPartitions);
    await readAll(reader);
    expect(
      await database.query(
        'select status, user_id, total_amount, payment_status, funds_status from orders',
      ),
    ).toEqual([
      {
        status: 'PAID',
        user_id: 'user-1',
        total_amount: '2200',
        payment_status: 'SUCCEEDED',
        funds_status: 'HELD',
      },
    ]);
    expect(
      await database.query(
        'select line, sku, quantity, unit_price, stock_status from order_items order by line',
      ),
    ).toEqual([
      { line: 1, sku: 'tea', quantity: 2, unit_price: '500', stock_status: 'RESERVED' },
      { line: 2, sku: 'cup', quantity: 1, unit_price: '1200', stock_status: 'RESERVED' },
    ]);
    expect(
      await database.query(
        'select ledger_status, code_url, paid_amount, refunded_amount from payment_ledgers',
      ),
    ).toEqual([
      {
        ledger_status: 'REFUNDED',
        code_url: 'https://qr.example/code-1',
        paid_amount: '2200',
        refunded_amount: '2200',
      },
    ]);
    expect(await database.query('select sum(amount) from refunds')).toEqual([{ sum: '2200' }]);
    expect(await database.query('select rule, status, version, owner from alerts')).toEqual([
      { rule: 'RULE_A', status: 'RESOLVED', version: 3, owner: 'ops@example.com' },
    ]);
    expect(await database.query('select sku, available from stock')).toEqual([
      { sku: 'tea', available: '8' },
    ]);
    expect(await database.query('select count(*) from order_events')).toEqual([{ count: '13' }]);
    expect(await database.query('select count(*) from alert_events')).toEqual([{ count: '3' }]);
    expect(
      await database.query('select verdict, order_id, reason from notifications order by verdict'),
    ).toEqual([
      {
        verdict: 'FOREIGN_ORDER',
        order_id: null,
        reason: expect.stringContaining('POS-0042') as string,
      },
      { verdict: 'HINT', order_id: 'o1', reason: null },
    ]);
  });

  it('show a refund that PayPay has taken on, and what is left at risk', async () => {
    const { database, store } = await openStore();
    const log = new MemoryLog();
    const on = { alertId: 'alert-of-o1', version: 2 };
    log.append(alertsRaised, alertRaised('o1'));
    log.append(
      alertsLifecycle,
      ofOrder<EventOf<'AlertActionPending'>>('o1', {
        type: 'AlertActionPending',
        ...on,
        ...{ action: 'REFUND', detail: 'under way', actionId: 'a1', actor: 'ops' },
      }),
      ofOrder<EventOf<'AlertMoneyAtRiskChanged'>>('o1', {
        type: 'AlertMoneyAtRiskChanged',
        ...{ ...on, version: 3, rule: 'RULE_A', moneyAtRisk: 1_100, currency: 'JPY' },
        ...{ observed: 'Customer paid ¥1,200, ¥100 of it was refunded', evidence: [] },
      }),
    );
    const reader = log.reader(store);
    reader.hold(allPartitions);
    await readAll(reader);
    expect(
      await database.query('select action, action_status, money_left_at_risk, version from alerts'),
    ).toEqual([
      { action: 'REFUND', action_status: 'PENDING', money_left_at_risk: '1100', version: 3 },
    ]);
    expect(await database.query('select count(*) from dead_letters')).toEqual([{ count: '0' }]);
  });

  it('are the same after everything was read twice', async () => {
    const { database, store } = await openStore();
    const log = logOfOrder('o1');
    const reader = log.reader(store);
    reader.hold(allPartitions);
    await readAll(reader);
    const once = await readModels(database);
    await database.query('update view_offsets set next_offset = 0');
    reader.hold(allPartitions);
    await readAll(reader);
    expect(await readModels(database)).toEqual(once);
  });

  it('are the same in whatever order the topics are read', async () => {
    const log = logOfOrder('o1');
    const results = [];
    for (const order of [allPartitions, [...allPartitions].reverse()]) {
      const { database, store } = await openStore();
      const reader = log.reader(store);
      for (const partition of order) {
        reader.hold([partition]);
        await readAll(reader);
      }
      results.push(await readModels(database));
    }
    expect(results[0]).toEqual(results[1]);
  });

  it('are the same when a reader ends between a commit and its next batch', async () => {
    const log = logOfOrder('o1');
    const { database, store } = await openStore();
    const ended = log.reader(store);
    ended.hold(allPartitions);
    await ended.step();
    logOfOrder('o2', log);
    const next = log.reader(store);
    next.hold(allPartitions);
    await readAll(next);
    const undisturbed = await openStore();
    const reader = log.reader(undisturbed.store);
    reader.hold(allPartitions);
    await readAll(reader);
    expect(await readModels(database)).toEqual(await readModels(undisturbed.database));
  });

  it('grow from fetch to fetch without another look at the stored positions', async () => {
    const { database, store } = await openStore();
    const log = new MemoryLog();
    const reader = log.reader(store);
    reader.hold(allPartitions);
    await reader.step();
    for (const orderId of ['o1', 'o2', 'o3']) {
      log.append(ordersEvents, orderCreated(orderId));
      await reader.step();
      expect(reader.tasks()).toEqual([{ partition: 0, state: 'running', lagRecords: 0 }]);
    }
    expect(await database.query('select count(*) from orders')).toEqual([{ count: '3' }]);
  });

  it('take a fetch that is larger than a batch in several, and lose nothing', async () => {
    const { database, store } = await openStore();
    const log = new MemoryLog();
    const count = VIEW_LIMITS.batchRecordsMax + 1;
    for (let index = 0; index < count; index++) log.append(ordersEvents, orderCreated(`o${index}`));
    const reader = log.reader(store);
    reader.hold(allPartitions);
    await readAll(reader);
    expect(await database.query('select count(*) from orders')).toEqual([{ count: `${count}` }]);
  });
});

describe('a reader that lost its partitions and does not know it', () => {
  it('writes nothing by compare-and-set, and asks Postgres where reading goes on', async () => {
    const { database, store } = await openStore();
    const log = new MemoryLog();
    const zombie = log.reader(store);
    zombie.hold(allPartitions);
    await zombie.step();
    log.append(ordersEvents, orderCreated('o1'));
    const owner = log.reader(store);
    owner.hold(allPartitions);
    await readAll(owner);
    const written = await readModels(database);
    await database.query("update orders set status = 'FAILED'");
    await zombie.step();
    expect(zombie.tasks()).toMatchObject([{ state: 'aligning' }]);
    expect(await database.query('select status from orders')).toEqual([{ status: 'FAILED' }]);
    await database.query("update orders set status = 'PENDING'");
    await readAll(zombie);
    expect(await readModels(database)).toEqual(written);
  });

  it('does not take positions that the owner is moving for a topic that was made anew', async () => {
    const { store } = await openStore();
    const log = new MemoryLog();
    const owner = log.reader(store);
    owner.hold(allPartitions);
    await readAll(owner);
    const positions = store.positions.bind(store);
    // The owner commits while the other aligns, each time before it reads a position.
    let orders = 0;
    const busy = jest.spyOn(store, 'positions').mockImplementation(async (partitions) => {
      log.append(ordersEvents, orderCreated(`o${(orders += 1)}`));
      busy.mockImplementation(positions);
      await readAll(owner);
      return positions(partitions);
    });
    const other = log.reader(store);
    other.hold(allPartitions);
    await readAll(other);
    expect(orders).toBe(1);
  });
});

describe('a record that Postgres refuses', () => {
  it('becomes a dead letter, and all that came with it is written', async () => {
    const { database, store } = await openStore();
    await database.query("alter table orders add check (order_id <> 'o2')");
    const log = new MemoryLog();
    for (const orderId of ['o1', 'o2', 'o3']) log.append(ordersEvents, orderCreated(orderId));
    log.append(inventoryLevels, stockLevel('tea', 9));
    const reader = log.reader(store);
    reader.hold(allPartitions);
    await readAll(reader);
    expect(await database.query('select order_id from orders order by 1')).toEqual([
      { order_id: 'o1' },
      { order_id: 'o3' },
    ]);
    expect(await database.query('select sku from stock')).toEqual([{ sku: 'tea' }]);
    expect(
      await database.query('select app, topic, "offset", error_code from dead_letters'),
    ).toEqual([
      { app: 'views', topic: ordersEvents.name, offset: '1', error_code: 'REFUSED_BY_DATABASE' },
    ]);
  });

  it('ends the app when there are too many of them', async () => {
    const { database, store } = await openStore();
    await database.query('alter table orders add check (false)');
    const log = new MemoryLog();
    for (let n = 0; n <= VIEW_LIMITS.refusedRecordsPerMinuteMax; n++) {
      log.append(ordersEvents, orderCreated(`o${n}`));
    }
    const reader = log.reader(store);
    reader.hold(allPartitions);
    await expect(readAll(reader)).rejects.toMatchObject({ code: 'TOO_MANY_DEAD_LETTERS' });
  });
});

describe('a record that cannot be read', () => {
  it('becomes a row of dead_letters, and the partition goes on', async () => {
    const { database, store } = await openStore();
    const log = new MemoryLog();
    log.append(ordersEvents, orderCreated('o1'));
    log.appendBytes(ordersEvents, 'o2', Buffer.from('no event at all'));
    log.appendBytes(ordersEvents, 'o2', Buffer.from([0, 0, 0, 255, 255, 1]));
    log.append(ordersEvents, orderCreated('o3'));
    const reader = log.reader(store);
    reader.hold(allPartitions);
    await readAll(reader);
    expect(await database.query('select order_id from orders order by 1')).toEqual([
      { order_id: 'o1' },
      { order_id: 'o3' },
    ]);
    expect(
      await database.query(
        'select app, topic, "offset", error_code, value from dead_letters order by "offset"',
      ),
    ).toEqual([
      {
        app: 'views',
        topic: 'orders.events.v1',
        offset: '1',
        error_code: 'NOT_WIRE_FORMAT',
        value: Buffer.from('no event at all'),
      },
      expect.objectContaining({ offset: '2', error_code: 'SCHEMA_NOT_FOUND' }),
    ]);
  });

  it('is no dead letter while the registry is away: it is read when the registry is back', async () => {
    const { database, store } = await openStore();
    const log = new MemoryLog();
    log.append(ordersEvents, orderCreated('o1'));
    const { schemaById } = log;
    log.schemaById = () => Promise.reject(new RegistryUnreachableError('away'));
    const reader = log.reader(store);
    reader.hold(allPartitions);
    await expect(reader.step()).rejects.toThrow(RegistryUnreachableError);
    expect(await database.query('select order_id from orders')).toEqual([]);
    log.schemaById = schemaById;
    await readAll(reader);
    expect(await database.query('select order_id from orders')).toEqual([{ order_id: 'o1' }]);
    expect(await database.query('select * from dead_letters')).toEqual([]);
  });
});

describe('a compacted partition', () => {
  it('loses the rows that were deleted while nobody read, when tombstones may be gone', async () => {
    const { database, store } = await openStore();
    const log = new MemoryLog();
    log.append(inventoryLevels, stockLevel('tea', 9));
    const reader = log.reader(store);
    reader.hold(allPartitions);
    await readAll(reader);
    // As a compaction leaves it: the deletion of cup, and the tombstone itself, are gone.
    await database.query(`insert into stock select 'cup', 1, 1, 0, 0, now(), 0`);
    await database.query("update view_offsets set committed_at = now() - interval '13 hours'");
    log.append(inventoryLevels, stockLevel('tea', 8));
    const reread: string[] = [];
    const later = log.reader(store, ({ topic }) => reread.push(topic));
    later.hold(allPartitions);
    await readAll(later);
    expect(reread).toEqual(['inventory.levels.v1']);
    expect(await database.query('select sku, available from stock')).toEqual([
      { sku: 'tea', available: '8' },
    ]);
  });

  it('keeps its rows when it was read a moment ago', async () => {
    const { database, store } = await openStore();
    const log = new MemoryLog();
    log.append(inventoryLevels, stockLevel('tea', 9));
    const reader = log.reader(store);
    reader.hold(allPartitions);
    await readAll(reader);
    log.append(inventoryLevels, stockLevel('tea', 8));
    const reread: string[] = [];
    const later = log.reader(store, ({ topic }) => reread.push(topic));
    later.hold(allPartitions);
    await readAll(later);
    expect(reread).toEqual([]);
    expect(await database.query('select available from stock')).toEqual([{ available: '8' }]);
  });
});

describe('a topic that was made anew', () => {
  it('ends the app with the way out, because its position is past the end', async () => {
    const { database, store } = await openStore();
    await store.begin([{ topic: ordersEvents.name, partition: 0, offset: 40 }]);
    const reader = new MemoryLog().reader(store);
    reader.hold(allPartitions);
    await expect(reader.step()).rejects.toMatchObject({
      code: 'OFFSET_JUMPED',
      recovery: 'die',
      message: expect.stringContaining('Empty the database') as string,
    });
    expect(await database.query('select * from orders')).toEqual([]);
  });
});
