/** Products as operators keep them: what is for sale, what no longer is, and who changed it. */
import { Type, type Static } from '@sinclair/typebox';
import { limits } from '../limits';
import {
  before,
  closedObject,
  currency,
  instant,
  long,
  next,
  nullable,
  offset,
  oneOf,
  patterned,
  sku,
  yen,
} from './fields';

const reason = Type.String({
  minLength: 1,
  maxLength: limits.reasonCharactersMax,
  description: 'Why; stands in the history.',
});

/** Each change is a record on the topic, so its offset tells one state of a product from the next. */
const version = { ...offset, description: 'Offset of the newest record of the product.' };

export const productBody = closedObject({
  sku,
  name: Type.String({ minLength: 1, maxLength: limits.nameCharactersMax }),
  nameJa: Type.String({ minLength: 1, maxLength: limits.nameCharactersMax }),
  description: Type.Optional(Type.String({ maxLength: limits.descriptionCharactersMax })),
  descriptionJa: Type.Optional(Type.String({ maxLength: limits.descriptionCharactersMax })),
  unitPrice: long({
    minimum: 1,
    maximum: limits.unitPriceYenMax,
    description: 'Whole yen for one piece.',
  }),
  imageUrl: Type.Optional(
    nullable(
      patterned('^https?://', 'an address that begins with http:// or https://', {
        maxLength: limits.urlCharactersMax,
      }),
    ),
  ),
  active: Type.Optional(Type.Boolean({ description: 'False: no longer for sale.' })),
  expectedVersion: Type.Optional({
    ...nullable(offset),
    description:
      'The version of the product that was looked at, null for one that must be new; when it has ' +
      'changed since, 409. Left out: whatever stands there is replaced.',
  }),
  reason: Type.Optional(reason),
});

export const withdrawalBody = closedObject({
  expectedVersion: {
    ...offset,
    description: 'The version of the product that was looked at; when it has changed since, 409.',
  },
  reason,
});

const texts = {
  name: Type.String(),
  nameJa: Type.String(),
  description: Type.String(),
  descriptionJa: Type.String(),
  unitPrice: yen,
  currency,
  imageUrl: nullable(Type.String()),
  active: Type.Boolean({ description: 'False: no longer for sale.' }),
};

export const catalogProduct = closedObject({ sku, version, ...texts, updatedAt: instant });

export const catalogQuery = closedObject({
  after: Type.Optional({ ...sku, description: 'The `next` of the page before.' }),
});

export const catalogList = closedObject({
  products: Type.Array(catalogProduct, {
    description: `By sku, at most ${String(limits.listRowsMax)}; withdrawn ones too.`,
  }),
  next: {
    ...nullable(Type.String()),
    description: 'Pass it as `after` for the page that follows; null: the last.',
  },
});

export const productChange = closedObject({
  eventId: Type.String({ description: 'As 202 named it.' }),
  version,
  change: oneOf(['ADDED', 'CHANGED', 'WITHDRAWN', 'RESTORED'], {
    description: 'RESTORED: for sale again.',
  }),
  changed: Type.Array(Type.String(), {
    description: 'The fields below that were another before; none of an added product.',
  }),
  ...texts,
  actor: Type.String({
    description: 'Firebase uid of the operator; empty: it was not kept at that time.',
  }),
  reason: Type.String({ description: 'Empty: none was given.' }),
  changedAt: instant,
});

export const productHistoryQuery = closedObject({ before: Type.Optional(before) });

export const productHistory = closedObject({
  product: { ...nullable(catalogProduct), description: 'As it stands; null: it was deleted.' },
  changes: Type.Array(productChange, {
    description: `The newest first, at most ${String(limits.listRowsMax)}.`,
  }),
  next,
});

export type ProductBody = Static<typeof productBody>;
export type WithdrawalBody = Static<typeof withdrawalBody>;
export type CatalogProduct = Static<typeof catalogProduct>;
export type CatalogQuery = Static<typeof catalogQuery>;
export type CatalogList = Static<typeof catalogList>;
export type ProductChange = Static<typeof productChange>;
export type ProductHistory = Static<typeof productHistory>;
