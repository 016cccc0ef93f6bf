/** Counts and times every answer, by route and not by URL, so that the series stay few. */
import { Histogram, type Registry } from 'prom-client';
import type { EdgeScope } from '../app-parts';

export function requestMetrics(app: EdgeScope, metrics: Registry): void {
  const durations = new Histogram({
    name: 'edge_http_request_duration_seconds',
    help: 'From the request line to the last byte of the answer.',
    labelNames: ['method', 'route', 'status'],
    // Around the limits that matter: PayPay's 1.5 s and a webhook's usual few milliseconds.
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2.5, 5],
    registers: [metrics],
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const labels = { method: request.method, route, status: reply.statusCode };
    durations.observe(labels, reply.elapsedTime / 1_000);
    done();
  });
}
