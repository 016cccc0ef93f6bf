/** The description of every route, made from the schemas that the routes check by. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { EdgeScope } from '../app-parts';
import { SESSION_COOKIE } from '../sessions/session-cookie';
import type { MonitorGate } from './monitor-gate';

/** Before the routes are registered, which it watches. */
export async function openApi(app: EdgeScope, monitors: MonitorGate): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
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
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    // The page brings scripts of its own, whose hashes it knows.
    staticCSP: true,
    // Over plain HTTP on loopback there is nothing to upgrade to.
    transformStaticCSP: (policy) => policy.replace('upgrade-insecure-requests;', ''),
    uiHooks: {
      onRequest: (request, _reply, done) => {
        monitors.refuseOthers(request).then(() => done(), done);
      },
    },
  });
}
