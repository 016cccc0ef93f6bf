/** What the dashboard has to know before anybody can sign in. */
import { clientConfig } from '../contract/client-config';
import type { ClientConfig } from '../contract/api-types';
import { problemAnswers } from '../contract/error';
import type { EdgeScope } from '../app-parts';

export function clientConfigRoute(app: EdgeScope, config: ClientConfig): void {
  app.get(
    '/config.json',
    {
      schema: {
        tags: ['dashboard'],
        summary: 'How a page signs in with Firebase.',
        response: { 200: clientConfig, ...problemAnswers },
      },
    },
    // Asked again with its ETag, what has not changed is not sent again.
    (_request, reply) => {
      reply.header('cache-control', 'no-cache');
      return config;
    },
  );
}
