/** What the API takes and gives of products. */
import { Type, type Static } from '@sinclair/typebox';
import { closedObject, currency, int, nullable, patterned, sku, yen } from './fields';
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
  available: nullable(int({ description: 'Pieces; null until stock was booked.' })),
});

export const productList = closedObject({ products: Type.Array(productView) });

export const productQuery = closedObject({
  q: Type.Optional(
    patterned('^[^\\u0000-\\u001f]*$', 'free of control characters', {
      // Postgres takes no zero byte in text, and no name has other control characters.
      maxLength: limits.searchCharactersMax,
      description: 'Part of a name, in English or Japanese.',
    }),
  ),
});

export type ProductList = Static<typeof productList>;
export type ProductView = Static<typeof productView>;
