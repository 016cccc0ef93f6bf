/** What the API takes and gives of products. */
import { Type, type Static } from '@sinclair/typebox';
import { closedObject, currency, int, nullable, oneOf, patterned, sku, yen } from './fields';
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

export const productList = closedObject({
  products: Type.Array(productView, { maxItems: limits.productRowsMax }),
  next: nullable(Type.String({ description: 'For `after`; null: there are no more.' })),
});

/** Postgres takes no zero byte in text, and no name has other control characters. */
function searchText(description: string) {
  return patterned('^[^\\u0000-\\u001f]*$', 'free of control characters', {
    maxLength: limits.searchCharactersMax,
    description,
  });
}

export const productQuery = closedObject({
  query: Type.Optional(
    searchText(
      'Words of a sku, name or description in English or Japanese, exact ones first; typos are ' +
        'tolerated. Absent or blank: everything, by name.',
    ),
  ),
  q: Type.Optional(searchText('Former name of `query`.')),
  after: Type.Optional(
    Type.String({
      maxLength: limits.cursorCharactersMax,
      description: 'The `next` of the page before, of the same query.',
    }),
  ),
  limit: Type.Optional(
    patterned('^[1-9][0-9]{0,2}$', 'a whole number from 1 to 999', {
      description: `At most ${String(limits.productRowsMax)} products are given.`,
    }),
  ),
});

export const suggestionQuery = closedObject({
  prefix: searchText('What was typed so far.'),
});

export const suggestionView = closedObject({
  sku,
  text: Type.String({ description: 'The name in the language of what was typed.' }),
  language: oneOf(['en', 'ja']),
});

export const suggestionList = closedObject({
  suggestions: Type.Array(suggestionView, {
    maxItems: limits.suggestionsMax,
    description: `Best first, at most ${String(limits.suggestionsMax)}.`,
  }),
});

export type ProductList = Static<typeof productList>;
export type ProductQuery = Static<typeof productQuery>;
export type ProductView = Static<typeof productView>;
export type SuggestionList = Static<typeof suggestionList>;
export type SuggestionView = Static<typeof suggestionView>;
