/** The edge as a Fastify app that does not listen yet. Closing it ends its sockets first. */
import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import Fastify, { LogController, type FastifyBaseLogger } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { systemClock } from '../platform/clock';
import { limits } from './limits';
import type { EdgeParts, EdgeScope } from './app-parts';
import { dashboardFiles } from './plugins/dashboard-files';
import { replyToError } from './plugins/error-replies';
import { gateByIdempotencyKey } from './plugins/idempotency-gate';
import { openApi } from './plugins/openapi';
import { requestMetrics } from './plugins/request-metrics';
import { SESSION_COOKIE, gateByOrigin, gateByRole, gateBySession } from './plugins/session-gate';
import { Push } from './push/push';
import { PushWatch } from './push/push-watch';
import { SessionWatch } from './push/session-watch';
import { openSocketServer } from './push/socket-server';
import { administrationRoutes } from './routes/administration';
import { alertActionRoutes, alertCommandRoutes } from './routes/alert-commands';
import { alertRoutes } from './routes/alerts';
import { healthRoutes } from './routes/health';
import { incidentRoutes } from './routes/incidents';
import { orderViewRoutes } from './routes/order-views';
import { paymentCheckRoutes } from './routes/payment-checks';
import { orderRoutes } from './routes/orders';
import { sessionRoutes } from './routes/sessions';
import { shopRoutes } from './routes/shop';
import { silenceRoutes } from './routes/silences';
import { topicRoutes } from './routes/topics';
import { webhookRoutes } from './routes/webhooks';
import { EdgeError } from './errors';
import { Admission } from './sessions/admission';
import { Standings } from './sessions/standing';

export async function buildEdge(parts: EdgeParts, logger?: FastifyBaseLogger): Promise<EdgeScope> {
  const { proxyDepth } = parts.settings;
  const app: EdgeScope = Fastify({
    ...(logger === undefined ? {} : { loggerInstance: logger }),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: limits.requestReceiveMs,
    // Node looks for requests that are late only every so often; by default that is half a minute.
    http: {
      headersTimeout: limits.headersReceiveMs,
      requestTimeout: limits.requestReceiveMs,
      connectionsCheckingInterval: limits.connectionCheckMs,
    },
    forceCloseConnections: 'idle',
    // Only what the known proxies wrote is believed; a sender's own X-Forwarded-For lies beyond.
    trustProxy: (_address: string, hop: number) => hop < proxyDepth,
    frameworkErrors: (error, request, reply) => {
      replyToError(error, request, reply);
    },
    // A wrong type or an unknown field is refused, not bent into shape.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
  }).withTypeProvider<TypeBoxTypeProvider>();
  // A form of another site could post text without asking first; JSON it cannot.
  app.removeContentTypeParser('text/plain');
  app.decorateRequest('session', null);
  app.setErrorHandler(replyToError);
  requestMetrics(app, parts.metrics);
  await app.register(cookie);
  await openApi(app);
  const admission = admissionOf(app, parts);
  const push = attachPush(app, parts, admission);
  await registerRoutes(app, parts, admission, push);
  await dashboardFiles(app, parts.settings.dashboardFolder);
  return app;
}

function admissionOf(app: EdgeScope, { sessions, identity, settings }: EdgeParts): Admission {
  const standings = new Standings(identity, {
    revocationMs: settings.revocationMs,
    clock: systemClock,
    onFailure: (error) => app.log.warn({ err: error }, 'accounts cannot be checked at Firebase'),
  });
  return new Admission(sessions, standings);
}

async function registerRoutes(
  app: EdgeScope,
  parts: EdgeParts,
  admission: Admission,
  push: Push,
): Promise<void> {
  const { clientConfig } = parts.settings;
  healthRoutes(app, parts);
  app.get('/config.json', { schema: { tags: ['dashboard'] } }, () => clientConfig);
  await app.register(
    (scope: EdgeScope, _options, done) => {
      webhookRoutes(scope, parts);
      done();
    },
    { prefix: '/webhooks' },
  );
  await app.register(
    (scope: EdgeScope, _options, done) => {
      gateByOrigin(scope, parts.settings);
      const onSessionEnd = (token: string) => push.endSession(token);
      sessionRoutes(scope, { ...parts, admission, onSessionEnd });
      done();
    },
    { prefix: '/auth' },
  );
  await app.register((scope: EdgeScope) => apiRoutes(scope, parts, admission), { prefix: '/api' });
}

async function apiRoutes(api: EdgeScope, parts: EdgeParts, admission: Admission): Promise<void> {
  gateBySession(api, admission);
  gateByOrigin(api, parts.settings);
  gateByIdempotencyKey(api, parts);
  api.setNotFoundHandler(() => {
    throw new EdgeError('NOT_FOUND');
  });
  orderRoutes(api, parts);
  orderViewRoutes(api, parts);
  shopRoutes(api, parts);
  await api.register((scope: EdgeScope, _options, done) => {
    gateByRole(scope, 'ops');
    alertRoutes(scope, parts);
    alertCommandRoutes(scope, parts);
    alertActionRoutes(scope, parts);
    silenceRoutes(scope, parts);
    incidentRoutes(scope, parts);
    paymentCheckRoutes(scope, parts);
    topicRoutes(scope, parts);
    done();
  });
  await api.register(
    (scope: EdgeScope, _options, done) => {
      gateByRole(scope, 'ops');
      administrationRoutes(scope, parts);
      done();
    },
    { prefix: '/admin' },
  );
}

function attachPush(app: EdgeScope, parts: EdgeParts, admission: Admission): Push {
  const io = openSocketServer(app.server, parts.settings);
  const push = new Push(io, {
    ...parts,
    admission,
    tokenOf: (header) => app.parseCookie(header)[SESSION_COOKIE],
    logger: app.log,
  });
  const watches = [
    new PushWatch(io, parts.services, systemClock),
    new SessionWatch(io, admission, systemClock),
  ];
  let watching: readonly Promise<void>[] = [];
  app.addHook('onReady', (done) => {
    watching = watches.map((watch) => watch.run());
    done();
  });
  app.addHook('preClose', async () => {
    for (const watch of watches) watch.stop();
    io.disconnectSockets(true);
    io.engine.close();
    await Promise.all(watching);
  });
  return push;
}
