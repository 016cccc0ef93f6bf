/** The edge as a Fastify app that does not listen yet. Closing it ends its sockets first. */
import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import etag from '@fastify/etag';
import Fastify, { LogController, type FastifyBaseLogger } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { systemClock } from '../platform/clock';
import { RULE_WORDS } from './contract/fields';
import { limits } from './limits';
import type { EdgeParts, EdgeScope } from './app-parts';
import { dashboardFiles } from './plugins/dashboard-files';
import { replyToError } from './plugins/error-replies';
import { gateByIdempotencyKey } from './plugins/idempotency-gate';
import { openApi } from './plugins/openapi';
import { requestMetrics } from './plugins/request-metrics';
import { stateMetrics } from './plugins/state-metrics';
import { traceRequests } from './plugins/request-traces';
import { gateByClosing } from './plugins/closing-gate';
import { answerConnectionError } from './plugins/connection-errors';
import { MonitorGate } from './plugins/monitor-gate';
import { rateLimits, type RateLimits } from './plugins/rate-limits';
import { refuseEncodedBodies } from './plugins/request-encoding';
import { keepNothing, responseHeaders } from './plugins/response-headers';
import { gateByOrigin, gateByRole, gateBySession } from './plugins/session-gate';
import { Push, pushErrorOf } from './push/push';
import { PushWatch } from './push/push-watch';
import { SessionWatch } from './push/session-watch';
import { openSocketServer } from './push/socket-server';
import { administrationRoutes } from './routes/administration';
import { alertActionRoutes, alertCommandRoutes } from './routes/alert-commands';
import { alertRoutes } from './routes/alerts';
import { deadLetterRoutes } from './routes/dead-letters';
import { catalogRoutes } from './routes/catalog';
import { clientConfigRoute } from './routes/client-config';
import { healthRoutes } from './routes/health';
import { incidentRoutes } from './routes/incidents';
import { orderViewRoutes } from './routes/order-views';
import { paymentCheckRoutes } from './routes/payment-checks';
import { orderRoutes } from './routes/orders';
import { problemRoutes } from './routes/problems';
import { sessionRoutes } from './routes/sessions';
import { shopRoutes } from './routes/shop';
import { silenceRoutes } from './routes/silences';
import { streamsProcessRoutes } from './routes/streams-processes';
import { topicRoutes } from './routes/topics';
import { webhookRoutes } from './routes/webhooks';
import { EdgeError } from './errors';
import { Admission } from './sessions/admission';
import { cookieScopeOf, tokenIn } from './sessions/session-cookie';
import { Standings } from './sessions/standing';

export async function buildEdge(parts: EdgeParts, logger?: FastifyBaseLogger): Promise<EdgeScope> {
  const { proxyDepth } = parts.settings;
  const app: EdgeScope = Fastify({
    ...(logger === undefined ? {} : { loggerInstance: logger }),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: limits.requestReceiveMs,
    clientErrorHandler: answerConnectionError,
    // What comes while it stops is answered by closing-gate.ts, in the shape of all problems.
    return503OnClosing: false,
    // Node looks for requests that are late only every so often; by default that is half a minute.
    http: {
      maxHeaderSize: limits.headerBytesMax,
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
    ajv: {
      customOptions: {
        ...{ coerceTypes: false, removeAdditional: false, useDefaults: false },
        // The words of a rule stand in its schema.
        verbose: true,
        keywords: [RULE_WORDS],
      },
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  // A form of another site could post text without asking first; JSON it cannot.
  app.removeContentTypeParser('text/plain');
  app.decorateRequest('session', null);
  app.setErrorHandler(replyToError);
  requestMetrics(app, parts.metrics);
  stateMetrics(parts.metrics, parts);
  traceRequests(app, parts.traces);
  gateByClosing(app);
  refuseEncodedBodies(app);
  await app.register(cookie);
  await responseHeaders(app, parts);
  const admission = admissionOf(app, parts);
  const monitors = new MonitorGate(parts.settings, admission);
  await openApi(app, monitors);
  const push = attachPush(app, parts, admission);
  const rates = await rateLimits(app, parts);
  await registerRoutes(app, { ...parts, admission, monitors, push, rateLimits: rates });
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

/** What the routes share beside the ports. */
interface BuiltParts extends EdgeParts {
  readonly admission: Admission;
  readonly monitors: MonitorGate;
  readonly push: Push;
  readonly rateLimits: RateLimits;
}

async function registerRoutes(app: EdgeScope, parts: BuiltParts): Promise<void> {
  const { push, settings, monitors } = parts;
  healthRoutes(app, parts, monitors);
  problemRoutes(app);
  await app.register(async (scope: EdgeScope) => {
    await scope.register(etag);
    clientConfigRoute(scope, settings.clientConfig);
  });
  await app.register(
    (scope: EdgeScope, _options, done) => {
      keepNothing(scope);
      webhookRoutes(scope, parts);
      done();
    },
    { prefix: '/webhooks' },
  );
  await app.register(
    (scope: EdgeScope, _options, done) => {
      keepNothing(scope);
      gateByOrigin(scope, settings);
      sessionRoutes(scope, {
        ...parts,
        onSessionEnd: (token) => push.endSession(token),
        onUserEnd: (userId) => push.endUser(userId),
      });
      done();
    },
    { prefix: '/auth' },
  );
  await app.register((scope: EdgeScope) => apiRoutes(scope, parts), { prefix: '/api' });
}

async function apiRoutes(api: EdgeScope, parts: BuiltParts): Promise<void> {
  keepNothing(api);
  gateBySession(api, parts.admission, parts.settings.proxyDepth);
  gateByOrigin(api, parts.settings);
  gateByIdempotencyKey(api, parts);
  api.setNotFoundHandler(() => {
    throw new EdgeError('NOT_FOUND');
  });
  orderRoutes(api, parts);
  orderViewRoutes(api, parts);
  await api.register(async (scope: EdgeScope) => {
    await scope.register(etag);
    shopRoutes(scope, parts);
  });
  await api.register((scope: EdgeScope, _options, done) => {
    gateByRole(scope, 'ops');
    alertRoutes(scope, parts);
    alertCommandRoutes(scope, parts);
    alertActionRoutes(scope, parts);
    silenceRoutes(scope, parts);
    incidentRoutes(scope, parts);
    paymentCheckRoutes(scope, parts);
    topicRoutes(scope, parts);
    streamsProcessRoutes(scope, parts);
    deadLetterRoutes(scope, parts);
    done();
  });
  await api.register(
    (scope: EdgeScope, _options, done) => {
      gateByRole(scope, 'ops');
      administrationRoutes(scope, parts);
      catalogRoutes(scope, parts);
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
    tokenOf: (headers) =>
      tokenIn(
        app.parseCookie(headers.cookie ?? ''),
        cookieScopeOf(headers, parts.settings.proxyDepth),
      ),
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
    // A page connects again by itself, to whoever answers for this address then.
    io.emit('trouble', pushErrorOf(new EdgeError('CLOSING')));
    io.disconnectSockets(true);
    io.engine.close();
    await Promise.all(watching);
  });
  return push;
}
