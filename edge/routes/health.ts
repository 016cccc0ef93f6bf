/**
 * Whether the edge lives, whether it can do its work, and its metrics.
 *
 * `/health/ready` is for load balancers: it fails only without Kafka, because without Redis or
 * Postgres webhooks must still be sent here. `/actuator/health` is for people and monitors: any
 * service that is down makes it DOWN. Which one it is, is told to monitors and operators only.
 */
import { Type, type TSchema } from '@sinclair/typebox';
import { errorReply, problemAnswers, PROBLEM_TYPE } from '../contract/error';
import { actuatorHealth, liveness, readiness } from '../contract/health';
import type { EdgeParts, EdgeScope } from '../app-parts';
import type { ServiceState, ServiceStates } from '../health/services';
import type { MonitorGate } from '../plugins/monitor-gate';

const tags = ['health'];

/** 503 is an answer of the route, or of an edge that stops. */
function downAnswer(schema: TSchema) {
  return {
    description: 'A service that it needs is down.',
    content: { 'application/json': { schema }, [PROBLEM_TYPE]: { schema: errorReply } },
  };
}

export function healthRoutes(
  app: EdgeScope,
  { services, metrics }: Pick<EdgeParts, 'services' | 'metrics'>,
  monitors: MonitorGate,
): void {
  app.get(
    '/health/live',
    {
      schema: {
        tags,
        summary: 'Whether the process lives.',
        response: { 200: liveness, ...problemAnswers },
      },
    },
    () => ({ status: 'live' as const }),
  );

  app.get(
    '/health/ready',
    {
      schema: {
        tags,
        summary: 'Whether to send it requests; for load balancers.',
        response: { 200: readiness, ...problemAnswers, 503: downAnswer(readiness) },
      },
    },
    async (request, reply) => {
      const states = await services.states();
      const down = Object.values(states).some(({ status }) => status === 'down');
      const ready = states.kafka.status === 'up';
      const status = ready ? (down ? 'degraded' : 'ready') : 'not-ready';
      const details = (await monitors.mayRead(request)) ? { services: states } : {};
      return reply.code(ready ? 200 : 503).send({ status, ...details });
    },
  );

  app.get(
    '/actuator/health',
    {
      schema: {
        tags,
        summary: 'Whether every service behind it is there; for people and monitors.',
        response: { 200: actuatorHealth, ...problemAnswers, 503: downAnswer(actuatorHealth) },
      },
    },
    async (request, reply) => {
      const states = await services.states();
      const up = Object.values(states).every(({ status }) => status === 'up');
      const details = (await monitors.mayRead(request)) ? { components: componentsOf(states) } : {};
      return reply.code(up ? 200 : 503).send({ status: up ? 'UP' : 'DOWN', ...details });
    },
  );

  app.get(
    '/metrics',
    {
      schema: {
        tags,
        summary: 'Metrics in the text format of Prometheus.',
        response: {
          200: {
            description: 'Every metric of the process.',
            content: { 'text/plain': { schema: Type.String() } },
          },
          ...problemAnswers,
        },
      },
      onRequest: monitors.refuseOthers,
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}

function componentsOf(states: ServiceStates) {
  const components = Object.entries(states).map(
    ([name, state]: [string, ServiceState]) =>
      [
        name,
        state.status === 'up'
          ? { status: 'UP' as const }
          : { status: 'DOWN' as const, details: { reason: state.reason } },
      ] as const,
  );
  return Object.fromEntries(components);
}
