/**
 * Whether the edge lives, whether it can do its work, and its metrics.
 *
 * `/health/ready` is for load balancers: it fails only without Kafka, because without Redis or
 * Postgres webhooks must still be sent here. `/actuator/health` is for people and monitors: any
 * service that is down makes it DOWN.
 */
import type { EdgeParts, EdgeScope } from '../app-parts';

export function healthRoutes(
  app: EdgeScope,
  { services, metrics }: Pick<EdgeParts, 'services' | 'metrics'>,
): void {
  const schema = { tags: ['health'] };

  app.get('/health/live', { schema }, () => ({ status: 'live' }));

  app.get('/health/ready', { schema }, async (_request, reply) => {
    const states = await services.states();
    const down = Object.values(states).some(({ status }) => status === 'down');
    const ready = states.kafka.status === 'up';
    const status = ready ? (down ? 'degraded' : 'ready') : 'not-ready';
    return reply.code(ready ? 200 : 503).send({ status, services: states });
  });

  app.get('/actuator/health', { schema }, async (_request, reply) => {
    const states = Object.entries(await services.states());
    const components = states.map(([name, state]) => [
      name,
      state.status === 'up'
        ? { status: 'UP' }
        : { status: 'DOWN', details: { reason: state.reason } },
    ]);
    const up = states.every(([, { status }]) => status === 'up');
    return reply
      .code(up ? 200 : 503)
      .send({ status: up ? 'UP' : 'DOWN', components: Object.fromEntries(components) as unknown });
  });

  app.get('/metrics', { schema }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}
