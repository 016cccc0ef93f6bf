/**
 * The built dashboard: its files, and its index page for every address that the page itself routes.
 * What the edge answers itself never falls back to the page, so that a wrong path of the API shows.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { EdgeError } from '../errors';
import type { EdgeScope } from '../app-parts';
import { sendError } from './error-replies';

/** In any case: a path of the API that is spelt wrongly is none of the page either. */
const OWN_PATHS =
  /^\/(api|auth|webhooks|health|actuator|metrics|docs|socket\.io|config\.json)(\/|\?|$)/i;

const NOT_BUILT = `The dashboard is not built yet. Build it with:

  npm run build

and start the edge again. The API is described at /docs.
`;

export async function dashboardFiles(app: EdgeScope, folder: string): Promise<void> {
  const index = 'index.html';
  if (!existsSync(join(folder, index))) {
    app.get('/', { schema: { hide: true } }, (_request, reply) =>
      reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT),
    );
    app.setNotFoundHandler((_request, reply) => sendError(reply, new EdgeError('NOT_FOUND')));
    return;
  }
  await app.register(fastifyStatic, { root: folder, index });
  app.setNotFoundHandler((request, reply) => {
    const page = request.method === 'GET' && isPage(request.url);
    if (page) return reply.header('cache-control', 'no-cache').sendFile(index);
    return sendError(reply, new EdgeError('NOT_FOUND'));
  });
}

/** Where the build puts files; below anything else a name may have dots, as a topic's does. */
const FILES = /^\/(assets\/.*|[^/]*\.[^/]*)$/;

function isPage(url: string): boolean {
  const path = url.split('?', 1)[0] ?? '/';
  return !OWN_PATHS.test(url) && !FILES.test(path);
}
