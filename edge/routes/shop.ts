/** What a shopper sees beside orders: products, searched and suggested, and the spending limit. */
import { isUnsegmentedQuestion, questionOf } from '../../platform/search/search-terms';
import { accountView } from '../contract/account';
import type { ProductView, SuggestionView } from '../contract/api-types';
import { problemAnswers } from '../contract/error';
import { productList, productQuery, suggestionList, suggestionQuery } from '../contract/product';
import { limits } from '../limits';
import type { EdgeParts, EdgeScope } from '../app-parts';
import { sessionOf } from '../plugins/session-gate';
import type { PageRequest, SearchPlace } from '../search/product-search';
import { cursorText, placeOf } from '../search/search-cursor';

const tags = ['shop'];

type ShopParts = Pick<EdgeParts, 'readModels' | 'search'>;

export function shopRoutes(app: EdgeScope, parts: ShopParts): void {
  const { readModels, search } = parts;

  app.get(
    '/products',
    {
      schema: {
        tags,
        summary: 'Products for sale: all by name, or what is searched for, best first.',
        querystring: productQuery,
        response: { 200: productList, ...problemAnswers },
      },
    },
    async ({ query: { query, q, after, limit = limits.productRowsMax } }, reply) => {
      // Asked again with its ETag, a list that has not changed is not sent again.
      reply.header('cache-control', 'private, no-cache');
      const request = {
        limit: Math.min(Number(limit), limits.productRowsMax),
        ...(after === undefined ? {} : { after: placeOf(after, 'after') }),
      };
      const places = await placesOf(parts, query ?? q ?? '', request);
      const products = await readModels.products(places.map((place) => place.sku));
      const last = places.length === request.limit ? places.at(-1) : undefined;
      return { products: [...products], next: last === undefined ? null : cursorText(last) };
    },
  );

  app.get(
    '/products/suggest',
    {
      schema: {
        tags,
        summary: 'Names of products for sale that go on from what was typed, best first.',
        querystring: suggestionQuery,
        response: { 200: suggestionList, ...problemAnswers },
      },
    },
    async (request) => {
      const question = questionOf(request.query.prefix);
      const asked = { among: 'names', limit: limits.suggestionsMax } as const;
      const places = await search.find(question, asked);
      const products = await readModels.products(places.map((place) => place.sku));
      const language = isUnsegmentedQuestion(question) ? 'ja' : 'en';
      return { suggestions: products.map((product) => suggestionOf(product, language)) };
    },
  );

  app.get(
    '/account',
    {
      schema: {
        tags,
        summary: 'The spending limit.',
        response: { 200: accountView, ...problemAnswers },
      },
    },
    async (request) => {
      const { userId } = sessionOf(request);
      const known = await readModels.account(userId);
      // Accounts opens an account with the first hold; until then the default limit is its secret.
      return known ?? { userId, limit: null, available: null, held: 0, used: 0, currency: 'JPY' };
    },
  );
}

/** A blank text asks for nothing in particular; signs alone are found nowhere. */
function placesOf(
  { readModels, search }: ShopParts,
  text: string,
  request: PageRequest,
): Promise<readonly SearchPlace[]> {
  if (text.trim() === '') return readModels.productPage(request);
  return search.find(questionOf(text), { ...request, among: 'everything' });
}

function suggestionOf(
  { sku, name, nameJa }: ProductView,
  language: SuggestionView['language'],
): SuggestionView {
  return { sku, text: language === 'ja' ? nameJa : name, language };
}
