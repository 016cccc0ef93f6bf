import { RowSet } from '../../../streams/views/row-set';
import { remove, upsert } from '../../../streams/views/table';
import { orders, stock } from '../../../streams/views/tables';

function folded(...changes: readonly ReturnType<typeof upsert>[]) {
  const rows = new RowSet();
  changes.forEach((change) => rows.add(change));
  return rows.groups().map(({ kind, table, rows }) => ({ kind, table: table.name, rows }));
}

describe('the changes of a batch', () => {
  it('touch a row once, with the newest value of each column', () => {
    expect(
      folded(
        upsert(orders, { order_id: 'o1', status: 'PENDING', user_id: 'u1' }),
        upsert(orders, { order_id: 'o1', status: 'PAID', paid_at: 5 }),
      ),
    ).toEqual([
      {
        kind: 'upsert',
        table: 'orders',
        rows: [{ order_id: 'o1', status: 'PAID', user_id: 'u1', paid_at: 5 }],
      },
    ]);
  });

  it('touch a row once also when its key holds a NUL, which Postgres cannot tell from U+FFFD', () => {
    expect(
      folded(
        upsert(orders, { order_id: 'o\u0000', status: 'PENDING' }),
        upsert(orders, { order_id: 'o\ufffd', status: 'PAID' }),
      ).flatMap(({ rows }) => rows),
    ).toHaveLength(1);
  });

  it('go together when they touch the same columns, and apart when they do not', () => {
    expect(
      folded(
        upsert(orders, { order_id: 'o1', status: 'PENDING' }),
        upsert(orders, { order_id: 'o2', payment_status: 'SUCCEEDED' }),
        upsert(orders, { order_id: 'o3', status: 'PAID' }),
      ).map(({ rows }) => rows.map((row) => row['order_id'])),
    ).toEqual([['o1', 'o3'], ['o2']]);
  });

  it('set a column to null that the newest event empties', () => {
    expect(
      folded(
        upsert(orders, { order_id: 'o1', failure_reason: 'CANCELLED' }),
        upsert(orders, { order_id: 'o1', failure_reason: null }),
      )[0]?.rows,
    ).toEqual([{ order_id: 'o1', failure_reason: null }]);
  });

  it('delete a row that was written before, and write one anew that was deleted', () => {
    const written = upsert(stock, { sku: 'tea', total: 3, sold: 1 });
    const deleted = remove(stock, { sku: 'tea' });
    expect(folded(written, deleted)).toEqual([
      { kind: 'delete', table: 'stock', rows: [{ sku: 'tea' }] },
    ]);
    expect(folded(written, deleted, upsert(stock, { sku: 'tea', total: 4 }))).toEqual([
      { kind: 'upsert', table: 'stock', rows: [{ sku: 'tea', total: 4 }] },
    ]);
  });

  it('are refused without the whole key', () => {
    expect(() => folded(upsert(orders, { status: 'PAID' }))).toThrow('orders without order_id');
  });
});
