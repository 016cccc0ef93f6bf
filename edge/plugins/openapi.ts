/** The description of every route, made from the schemas that the routes check by. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { EdgeScope } from '../app-parts';
import { SESSION_COOKIE } from './session-gate';

/** Before the routes are registered, which it watches. */
export async function openApi(app: EdgeScope): Promise<void> {
  await app.register(swagger, {
    openapi: {
      info: {
        title: 'PayPay order streams: edge',
        description: 'Orders and webhooks in, read models and live updates out.',
        version: '1.0.0',
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
        },
      },
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
}
