/** What a shopper sees beside orders: products and the spending limit. */
import { accountView } from '../contract/account';
import { problemAnswers } from '../contract/error';
import { productList, productQuery } from '../contract/product';
import type { EdgeParts, EdgeScope } from '../app-parts';
import { sessionOf } from '../plugins/session-gate';

const tags = ['shop'];

export function shopRoutes(app: EdgeScope, { readModels }: Pick<EdgeParts, 'readModels'>): void {
  app.get(
    '/products',
    {
      schema: {
        tags,
        summary: 'Products for sale, by name.',
        querystring: productQuery,
        response: { 200: productList, ...problemAnswers },
      },
    },
    (request, reply) => {
      // Asked again with its ETag, a list that has not changed is not sent again.
      reply.header('cache-control', 'private, no-cache');
      return readModels.products(request.query.q ?? '');
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
