/** What the API takes and gives of products. */
import { Type, type Static } from '@sinclair/typebox';
import { closedObject, currency, nullable, sku, yen } from './fields';
import { limits } from '../limits';

export const productView = closedObject({
  sku,
  name: Type.String(),
  nameJa: Type.String(),
  description: Type.String(),
  descriptionJa: Type.String(),
  unitPrice: yen,
  currency,
  imageUrl: nullable(Type.String()),
  available: nullable(Type.Integer({ description: 'Pieces; null until stock was booked.' })),
});

export const productList = closedObject({ products: Type.Array(productView) });

export const productQuery = closedObject({
  q: Type.Optional(
    Type.String({
      // Postgres takes no zero byte in text, and no name has other control characters.
      pattern: '^[^\\u0000-\\u001f]*$',
      maxLength: limits.searchCharactersMax,
      description: 'Part of a name, in English or Japanese.',
    }),
  ),
});

export type ProductList = Static<typeof productList>;
export type ProductView = Static<typeof productView>;
