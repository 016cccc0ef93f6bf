/** What the API gives of a shopper's spending limit. */
import { Type, type Static } from '@sinclair/typebox';
import { closedObject, currency, nullable, yen } from './fields';

export const accountView = closedObject({
  userId: Type.String({ description: 'Firebase uid.' }),
  limit: nullable(Type.Integer({ description: 'Whole yen; null: the default, nothing ordered.' })),
  available: nullable(yen),
  held: yen,
  used: yen,
  currency,
});

export type AccountView = Static<typeof accountView>;
