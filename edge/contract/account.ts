/** What the API gives of a shopper's spending limit. */
import { Type, type Static } from '@sinclair/typebox';
import { closedObject, currency, long, nullable, yen } from './fields';

export const accountView = closedObject({
  userId: Type.String({ description: 'Firebase uid.' }),
  limit: nullable(long({ description: 'Whole yen; null: the default, nothing ordered.' })),
  available: nullable(yen),
  held: yen,
  used: yen,
  currency,
});

export type AccountView = Static<typeof accountView>;
