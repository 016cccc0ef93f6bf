import type { CatalogProduct, ProductChange } from '../../../edge/contract/api-types';
import { bodyOf, draftOf, fieldChanges, NEW_DRAFT } from '../../../dashboard/catalog/product-draft';

const tea: CatalogProduct = {
  ...{ sku: 'sencha-100g', version: 7, name: 'Sencha', nameJa: '煎茶', description: 'Green.' },
  ...{ descriptionJa: '緑茶。', unitPrice: 1_100, currency: 'JPY', imageUrl: null, active: true },
  updatedAt: 0,
};

function change(fields: Partial<ProductChange>): ProductChange {
  const { version, name, nameJa, description, descriptionJa, unitPrice, currency, active } = tea;
  return {
    ...{ version, name, nameJa, description, descriptionJa, unitPrice, currency, active },
    ...{ imageUrl: null, eventId: 'e-1', change: 'CHANGED', changed: [], actor: 'u-1' },
    ...{ reason: 'why', changedAt: 0, ...fields },
  };
}

test('what is sent names the version that was looked at', () => {
  expect(bodyOf({ ...draftOf(tea), unitPrice: 1_200 }, tea.version, 'dearer')).toEqual({
    ...{ sku: 'sencha-100g', name: 'Sencha', nameJa: '煎茶', description: 'Green.' },
    ...{ descriptionJa: '緑茶。', unitPrice: 1_200, imageUrl: null, active: true },
    ...{ expectedVersion: 7, reason: 'dearer' },
  });
});

test('a draft that the edge would refuse is not sent', () => {
  expect(bodyOf(NEW_DRAFT, null, 'new')).toBeUndefined();
  expect(bodyOf({ ...draftOf(tea), name: ' ' }, 7, 'why')).toBeUndefined();
  expect(bodyOf({ ...draftOf(tea), unitPrice: 0 }, 7, 'why')).toBeUndefined();
  expect(bodyOf({ ...draftOf(tea), unitPrice: 1.5 }, 7, 'why')).toBeUndefined();
  expect(bodyOf({ ...draftOf(tea), unitPrice: 10_000_001 }, 7, 'why')).toBeUndefined();
});

test('a change says what stood there before; of the oldest that was read, it is not known', () => {
  const older = change({ unitPrice: 1_000 });
  const newer = change({ changed: ['unitPrice', 'active'] });
  expect(fieldChanges(newer, older)).toEqual([
    { field: 'unitPrice', before: '1000', after: '1100' },
  ]);
  expect(fieldChanges(newer, undefined)).toEqual([
    { field: 'unitPrice', before: undefined, after: '1100' },
  ]);
});
