import type { FastifyInstance } from 'fastify';

/** It needs nothing but itself: once it answers, it is ready. */
export function healthRoutes(app: FastifyInstance): void {
  const up = () => ({ status: 'UP' });
  app.get('/health/live', up);
  app.get('/health/ready', up);
  app.get('/actuator/health', up);
}
