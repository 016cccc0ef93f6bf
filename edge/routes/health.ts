/**
 * Whether the edge lives, whether it can do its work, and its metrics.
 *
 * `/health/ready` is for load balancers: it fails only without Kafka, because without Redis or
 * Postgres webhooks must still be sent here. `/actuator/health` is for people and monitors: any
 * service that is down makes it DOWN. Which one it is, is told to monitors and operators only.
 */
import type { EdgeParts, EdgeScope } from '../app-parts';
import type { MonitorGate } from '../plugins/monitor-gate';

export function healthRoutes(
  app: EdgeScope,
  { services, metrics }: Pick<EdgeParts, 'services' | 'metrics'>,
  monitors: MonitorGate,
): void {
  const schema = { tags: ['health'] };

  app.get('/health/live', { schema }, () => ({ status: 'live' }));

  app.get('/health/ready', { schema }, async (request, reply) => {
    const states = await services.states();
    const down = Object.values(states).some(({ status }) => status === 'down');
    const ready = states.kafka.status === 'up';
    const status = ready ? (down ? 'degraded' : 'ready') : 'not-ready';
    const details = (await monitors.mayRead(request)) ? { services: states } : {};
    return reply.code(ready ? 200 : 503).send({ status, ...details });
  });

  app.get('/actuator/health', { schema }, async (request, reply) => {
    const states = Object.entries(await services.states());
    const components = states.map(([name, state]) => [
      name,
      state.status === 'up'
        ? { status: 'UP' }
        : { status: 'DOWN', details: { reason: state.reason } },
    ]);
    const up = states.every(([, { status }]) => status === 'up');
    const details = (await monitors.mayRead(request))
      ? { components: Object.fromEntries(components) as unknown }
      : {};
    return reply.code(up ? 200 : 503).send({ status: up ? 'UP' : 'DOWN', ...details });
  });

  app.get('/metrics', { schema, onRequest: monitors.refuseOthers }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}
