/** Tells the traces of each answer; where tracing is off there is no hook. */
import type { EdgeScope } from '../app-parts';
import type { RequestTraces } from '../request-traces';

export function traceRequests(app: EdgeScope, traces: RequestTraces | undefined): void {
  if (traces === undefined) return;
  app.addHook('onResponse', (request, reply, done) => {
    traces.answered(request, reply, Date.now());
    done();
  });
}
