import { productsProjection } from '../../../../streams/views/projections/catalog';
import { product } from '../../../streams/saga/sample-event';
import { at } from '../sample-events';

test('a product is a row, and each change of it one more, at the offset of its record', () => {
  const event = product('TEA', 400, false);
  const position = { ...at('catalog.products.v1'), offset: 9 };
  const rows = productsProjection.rows(event, position).map(({ table, row }) => [table.name, row]);
  const said = { sku: 'TEA', unit_price: 400, active: false, version: 9 };
  expect(rows).toEqual([
    ['products', expect.objectContaining(said)],
    [
      'product_changes',
      expect.objectContaining({ ...said, event_id: event.eventId, actor: 'ops-1', reason: '' }),
    ],
  ]);
});
