import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Pages load nothing from elsewhere and run no script but their own. */
const CONTENT_SECURITY_POLICY = "default-src 'self'; frame-ancestors 'none'";

/**
 * The developer's page at `/`, the files of both pages, and the colours and sizes of all pages of the
 * project. Needs no build and no network.
 */
export function pageRoutes(app: FastifyInstance): void {
  void app.register(fastifyStatic, {
    root: [join(__dirname, '..', 'page'), join(__dirname, '../../platform/design')],
    setHeaders: (response) => {
      response.setHeader('content-security-policy', CONTENT_SECURITY_POLICY);
      response.setHeader('cache-control', 'no-cache');
    },
  });
}
