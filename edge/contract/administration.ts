/** What operators book by hand: the catalog, deliveries of stock, spending limits. */
import { Type, type Static } from '@sinclair/typebox';
import { closedObject, nullable, sku } from './fields';
import { limits } from '../limits';

export const productBody = closedObject({
  sku,
  name: Type.String({ minLength: 1, maxLength: limits.nameCharactersMax }),
  nameJa: Type.String({ minLength: 1, maxLength: limits.nameCharactersMax }),
  description: Type.Optional(Type.String({ maxLength: limits.descriptionCharactersMax })),
  descriptionJa: Type.Optional(Type.String({ maxLength: limits.descriptionCharactersMax })),
  unitPrice: Type.Integer({
    minimum: 1,
    maximum: limits.unitPriceYenMax,
    description: 'Whole yen for one piece.',
  }),
  imageUrl: Type.Optional(
    nullable(Type.String({ pattern: '^https?://', maxLength: limits.urlCharactersMax })),
  ),
  active: Type.Optional(Type.Boolean({ description: 'False: no longer for sale.' })),
});

export const stockBody = closedObject({
  sku,
  quantity: Type.Integer({ minimum: 1, maximum: limits.stockPiecesMax, description: 'Pieces.' }),
});

export const spendingLimitBody = closedObject({
  userId: Type.String({
    minLength: 1,
    maxLength: limits.userIdCharactersMax,
    description: 'Firebase uid.',
  }),
  limit: Type.Integer({
    minimum: 0,
    maximum: limits.spendingLimitYenMax,
    description: 'Whole yen that may be held and used together.',
  }),
});

export const eventAccepted = closedObject({ eventId: Type.String() });

export type ProductBody = Static<typeof productBody>;
export type StockBody = Static<typeof stockBody>;
export type SpendingLimitBody = Static<typeof spendingLimitBody>;
