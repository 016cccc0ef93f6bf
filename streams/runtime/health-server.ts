/**
 * What operators and probes ask of a process of apps. Loopback unless told otherwise: pausing an
 * app is for whoever is on the machine. A pause is forgotten on restart.
 */
import Fastify, { type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { healthMetrics } from './health-metrics';
import type { AppHealth, RunningApp } from './running-app';

export interface HealthServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly apps: () => readonly RunningApp[];
  /** What the apps tell besides; told with theirs. */
  readonly metrics?: Registry;
}

/** Resolves to the server, listening. Rejects when the port is taken. */
export async function startHealthServer(options: HealthServerOptions): Promise<FastifyInstance> {
  const server = Fastify({ logger: false });
  refusePages(server);
  routeHealth(server, options);
  routeControl(server, options);
  routeMetrics(server, options);
  await server.listen({ host: options.host, port: options.port });
  return server;
}

/**
 * No page of any site has business here, but a browser on this machine would carry its requests:
 * a form needs no permission to post. Browsers mark what pages send; probes and curl send neither
 * mark.
 */
function refusePages(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    const { origin, 'sec-fetch-site': fetchSite } = request.headers;
    const typed = fetchSite === undefined || fetchSite === 'none';
    if (request.method === 'GET' || (origin === undefined && typed)) {
      done();
      return;
    }
    const message = 'Pausing and resuming is not for web pages.';
    reply.code(403).send({ error: { code: 'CROSS_ORIGIN', message } });
  });
}

function routeHealth(server: FastifyInstance, { apps }: HealthServerOptions): void {
  const components = () => Object.fromEntries(apps().map((app) => [app.name, app.health()]));
  server.get('/health/live', (_request, reply) => {
    const failed = apps().some((app) => app.health().state === 'failed');
    return reply.code(failed ? 503 : 200).send({ status: failed ? 'DOWN' : 'UP' });
  });
  server.get('/health/ready', (_request, reply) => {
    const ready = apps().length > 0 && apps().every((app) => isReady(app.health()));
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'UP' : 'DOWN', apps: components() });
  });
  server.get('/actuator/health', (_request, reply) => {
    const details = Object.fromEntries(
      apps().map((app) => {
        const health = app.health();
        return [app.name, { status: isUp(health) ? 'UP' : 'DOWN', details: health }];
      }),
    );
    const up = apps().every((app) => isUp(app.health()));
    return reply.code(up ? 200 : 503).send({ status: up ? 'UP' : 'DOWN', components: details });
  });
}

function routeControl(server: FastifyInstance, { apps }: HealthServerOptions): void {
  for (const verb of ['pause', 'resume'] as const) {
    server.post<{ Params: { name: string } }>(`/apps/:name/${verb}`, (request, reply) => {
      const app = apps().find(({ name }) => name === request.params.name);
      if (app === undefined) {
        const message = `no app ${request.params.name} runs here`;
        return reply.code(404).send({ error: { code: 'UNKNOWN_APP', message, field: 'name' } });
      }
      app[verb]();
      return reply.send({ name: app.name, ...app.health() });
    });
  }
}

function routeMetrics(server: FastifyInstance, { apps, metrics }: HealthServerOptions): void {
  const registry = healthMetrics(apps, metrics);
  server.get('/metrics', async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}

function isUp({ state }: AppHealth): boolean {
  return state !== 'failed';
}

function isReady({ state, tasks }: AppHealth): boolean {
  return (
    state === 'paused' ||
    (state === 'running' &&
      tasks.every(
        ({ state: task, stall }) => stall === undefined && (task === 'running' || task === 'held'),
      ))
  );
}
