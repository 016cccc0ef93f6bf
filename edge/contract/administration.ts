/** What operators book by hand: deliveries of stock and its corrections, spending limits. */
import { Type, type Static } from '@sinclair/typebox';
import { accountView } from './account';
import {
  before,
  closedObject,
  currency,
  instant,
  int,
  long,
  next,
  nullable,
  oneOf,
  patterned,
  sku,
  yen,
} from './fields';
import { limits } from '../limits';

export const stockBody = closedObject({
  sku,
  quantity: int({
    minimum: 1,
    maximum: limits.stockPiecesMax,
    description: 'Pieces; what was booked by mistake is taken off by an adjustment.',
  }),
});

const reason = Type.String({
  minLength: 1,
  maxLength: limits.reasonCharactersMax,
  description: 'Why; stands in the history.',
});

export const stockAdjustmentBody = closedObject({
  sku,
  quantity: int({
    minimum: -limits.stockPiecesMax,
    maximum: limits.stockPiecesMax,
    description: 'Pieces to add; negative: to take off, of those that are available. Never 0.',
  }),
  reason,
});

/** Kafka has the request; what inventory makes of it stands in the history of the sku. */
export const stockAdjustment = closedObject({
  eventId: Type.String({ description: 'The request, as 202 named it.' }),
  quantity: int({ description: 'Pieces; negative: to take off.' }),
  reason: Type.String(),
  actor: Type.String({ description: 'Firebase uid of the operator.' }),
  requestedAt: instant,
  status: oneOf(['REQUESTED', 'ADJUSTED', 'REJECTED'], {
    description: 'REQUESTED: not decided yet. REJECTED: more than what was available.',
  }),
  available: {
    ...nullable(int()),
    description: 'Pieces available after it, or when it was rejected; null: not decided yet.',
  },
  reserved: {
    ...nullable(int()),
    description: 'Pieces held for open orders then, which no correction takes.',
  },
  decidedAt: nullable(instant),
});

export const stockLevel = closedObject({
  sku,
  total: int({ description: 'Pieces received, as corrected.' }),
  available: int(),
  reserved: int({ description: 'Held for open orders.' }),
  sold: int(),
});

/** A sku that is in the catalog, or of which anything was ever booked. */
export const stockLine = closedObject({
  ...stockLevel.properties,
  name: { ...nullable(Type.String()), description: 'Null: not in the catalog.' },
});

export const stockQuery = closedObject({
  after: Type.Optional({ ...sku, description: 'The `next` of the page before.' }),
});

export const stockList = closedObject({
  lines: Type.Array(stockLine, { description: `By sku, at most ${String(limits.listRowsMax)}.` }),
  next: {
    ...nullable(Type.String()),
    description: 'Pass it as `after` for the page that follows.',
  },
});

/** Of a history that is read page by page. */
export const historyQuery = closedObject({ before: Type.Optional(before) });

export const stockHistory = closedObject({
  level: { ...nullable(stockLevel), description: 'Null: nothing was ever booked.' },
  adjustments: Type.Array(stockAdjustment, {
    description: `The newest first, at most ${String(limits.listRowsMax)}.`,
  }),
  next,
});

// Postgres takes no zero byte in text, and Firebase gives no other control characters.
export const userId = patterned(
  `^[^\\u0000-\\u001f\\u007f]{1,${String(limits.userIdCharactersMax)}}$`,
  `1 to ${String(limits.userIdCharactersMax)} characters, none of them a control character`,
  { description: 'Firebase uid.' },
);

export const spendingLimitBody = closedObject({
  userId,
  limit: long({
    minimum: 0,
    maximum: limits.spendingLimitYenMax,
    description:
      'Whole yen that may be held and used together. Below what is held and used it holds nothing new.',
  }),
  reason: Type.Optional(reason),
});

export const spendingLimitChange = closedObject({
  eventId: Type.String({ description: 'As 202 named it.' }),
  limit: yen,
  currency,
  reason: Type.String({ description: 'Empty: none was given.' }),
  actor: Type.String({ description: 'Firebase uid of the operator.' }),
  changedAt: instant,
});

export const spendingLimitHistory = closedObject({
  account: {
    ...nullable(accountView),
    description: 'Null: the default limit, nothing ordered.',
  },
  changes: Type.Array(spendingLimitChange, {
    description: `The newest first, at most ${String(limits.listRowsMax)}.`,
  }),
  next,
});

export const eventAccepted = closedObject({ eventId: Type.String() });

export type StockBody = Static<typeof stockBody>;
export type StockAdjustmentBody = Static<typeof stockAdjustmentBody>;
export type StockAdjustmentView = Static<typeof stockAdjustment>;
export type StockLevelView = Static<typeof stockLevel>;
export type StockLine = Static<typeof stockLine>;
export type StockQuery = Static<typeof stockQuery>;
export type StockList = Static<typeof stockList>;
export type StockHistory = Static<typeof stockHistory>;
export type SpendingLimitBody = Static<typeof spendingLimitBody>;
export type SpendingLimitChange = Static<typeof spendingLimitChange>;
export type SpendingLimitHistory = Static<typeof spendingLimitHistory>;
export type EventAccepted = Static<typeof eventAccepted>;
