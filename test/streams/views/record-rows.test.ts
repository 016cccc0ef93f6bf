import type { AnyEvent } from '../../../schemas/event';
import { UNMARKED } from '../../../schemas/request-marks';
import type { LogRecord } from '../../../streams/runtime/broker';
import { deadLettersProjection } from '../../../streams/views/projections/dead-letters';
import { itemStockProjection, stockProjection } from '../../../streams/views/projections/inventory';
import { ordersProjection } from '../../../streams/views/projections/orders';
import { paymentsProjection } from '../../../streams/views/projections/payments';
import { projectEvents, type Projection } from '../../../streams/views/projection';
import { rowsOf, type Verdict } from '../../../streams/views/record-rows';
import { deadLetterOfRecord } from '../../../streams/runtime/task/dead-letter';
import { inventoryRequests } from '../../../topics/inventory';
import {
  LOGGED_AT,
  at,
  ofThing,
  orderCreated,
  orderPaid,
  paymentSucceeded,
  stockLevel,
  stockReserved,
} from './sample-events';

const NUMBER_BYTES = Buffer.from([1, 2, 3]);

function rows(projection: Projection, verdict: Verdict, fields: Partial<LogRecord> = {}) {
  const record: LogRecord = {
    ...at(projection.topic.name),
    key: Buffer.from('key'),
    value: NUMBER_BYTES,
    headers: {},
    ...fields,
  };
  return rowsOf(projection, record, verdict).map(({ kind, table, row }) => ({
    kind,
    table: table.name,
    ...row,
  }));
}

function event(event: AnyEvent): Verdict {
  return { kind: 'event', event };
}

describe('a record', () => {
  it('of an order stands on its timeline too, with its place in the log', () => {
    const created = orderCreated('o1');
    const { type, ...payload } = created;
    expect(rows(ordersProjection, event(created)).at(-1)).toEqual({
      kind: 'upsert',
      table: 'order_events',
      topic: 'orders.events.v1',
      partition: 3,
      offset: 7,
      order_id: 'o1',
      event_id: created.eventId,
      type,
      causation_id: created.causationId,
      occurred_at: created.occurredAt,
      logged_at: LOGGED_AT,
      payload,
    });
  });

  it('of a request under a key says which, and one without a key does not', () => {
    const received = ofThing<'StockReceived'>(
      {
        type: 'StockReceived',
        sku: 'tea',
        quantity: 1,
        actor: 'ops-1',
        requestKey: 'key',
        requestFingerprint: 'print',
      },
      'receipt',
    );
    const projection = projectEvents(inventoryRequests, () => []);
    expect(rows(projection, event(received))).toEqual([
      {
        kind: 'upsert',
        table: 'requests',
        topic: 'inventory.requests.v1',
        partition: 3,
        offset: 7,
        request_key: 'key',
        fingerprint: 'print',
        event_id: received.eventId,
        logged_at: LOGGED_AT,
      },
    ]);
    expect(rows(projection, event({ ...received, ...UNMARKED }))).toEqual([]);
  });

  it('of no order stands on no timeline', () => {
    const tables = rows(stockProjection, event(stockLevel('tea', 4))).map(({ table }) => table);
    expect(tables).toEqual(['stock']);
  });

  it('without a value deletes the row of its key on a compacted topic', () => {
    const fields = { key: Buffer.from('tea'), value: null };
    const verdict: Verdict = { kind: 'undecodable', errorCode: 'NO_VALUE', reason: '0 bytes' };
    expect(rows(stockProjection, verdict, fields)).toEqual([
      { kind: 'delete', table: 'stock', sku: 'tea' },
    ]);
    expect(rows(ordersProjection, verdict, fields)).toMatchObject([
      { table: 'dead_letters', error_code: 'NO_VALUE' },
    ]);
  });
});

describe('a record that cannot be taken', () => {
  it('is a dead letter with its bytes and the reason', () => {
    expect(
      rows(
        ordersProjection,
        { kind: 'undecodable', errorCode: 'NOT_WIRE_FORMAT', reason: 'begins with byte 1' },
        { headers: { trace: Buffer.from('abc') } },
      ),
    ).toMatchObject([
      {
        kind: 'upsert',
        table: 'dead_letters',
        app: 'views',
        topic: 'orders.events.v1',
        partition: 3,
        offset: 7,
        key: Buffer.from('key'),
        value: NUMBER_BYTES,
        value_bytes: 3,
        headers: { trace: 'YWJj' },
        error_code: 'NOT_WIRE_FORMAT',
        reason: 'begins with byte 1',
      },
    ]);
  });

  it('is one when its event belongs on another topic', () => {
    expect(rows(ordersProjection, event(paymentSucceeded('o1')))).toMatchObject([
      { table: 'dead_letters', error_code: 'UNEXPECTED_TYPE' },
    ]);
  });

  it('is one when a time is beyond what a column holds, and none of its rows is written', () => {
    const paid = { ...orderPaid('o1'), paidAt: Number.MAX_SAFE_INTEGER };
    expect(rows(ordersProjection, event(paid))).toMatchObject([
      {
        table: 'dead_letters',
        error_code: 'UNSTORABLE',
        reason: 'orders.paid_at 9007199254740991 ms is not a date',
      },
    ]);
  });

  it('is one when what names its row is too long for an index', () => {
    const reserved = stockReserved('o1', 'x'.repeat(2_000));
    expect(rows(itemStockProjection, event(reserved))).toMatchObject([
      { table: 'dead_letters', error_code: 'UNSTORABLE' },
    ]);
  });

  it('is a row beside the letter of the app that could not take it either', () => {
    const failure = { errorCode: 'NOT_WIRE_FORMAT', reason: 'begins with byte 1' } as const;
    const record = { ...at('payments.events.v1'), key: null, value: NUMBER_BYTES, headers: {} };
    const letter = deadLetterOfRecord('alerts', record, failure);
    const [theirs] = rows(deadLettersProjection, event(letter));
    const [ours] = rows(paymentsProjection, { kind: 'undecodable', ...failure }, { key: null });
    expect(theirs).toMatchObject({ app: 'alerts', event_id: letter.eventId });
    expect(ours).toMatchObject({ app: 'views', error_code: 'NOT_WIRE_FORMAT' });
    expect(ours).not.toMatchObject({ event_id: letter.eventId });
  });
});
