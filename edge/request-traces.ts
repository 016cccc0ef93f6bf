/**
 * The requests that began or went on with an order, as spans of its trace: an event names the request
 * that it comes from as its cause, so the request's span is the parent of the event's. A request that
 * wrote nothing has none.
 */
import { LRUCache } from 'lru-cache';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { spanIdOf } from '../platform/trace/trace-ids';
import type { FinishedSpan, Traces } from '../platform/trace/spans';

/** More than are answered at once. */
const REQUESTS_MAX = 10_000;
const SERVICE = 'edge';

export class RequestTraces implements Traces {
  /** Traces by the spans of requests that have not been answered yet. */
  private readonly open = new LRUCache<string, string>({ max: REQUESTS_MAX });

  constructor(private readonly traces: Traces) {}

  isSampled(traceId: string): boolean {
    return this.traces.isSampled(traceId);
  }

  finished(service: string, span: FinishedSpan): void {
    const { kind, parentSpanId, traceId } = span;
    if (kind === 'producer' && parentSpanId !== undefined) this.open.set(parentSpanId, traceId);
    this.traces.finished(service, span);
  }

  /** `now`: ms since the epoch. */
  answered(request: FastifyRequest, reply: FastifyReply, now: number): void {
    const spanId = spanIdOf(request.id);
    const traceId = spanId === undefined ? undefined : this.open.get(spanId);
    if (spanId === undefined || traceId === undefined) return;
    this.open.delete(spanId);
    const route = request.routeOptions.url ?? 'none';
    const { traceparent } = request.headers;
    this.traces.finished(SERVICE, {
      name: `${request.method} ${route}`,
      kind: 'server',
      traceId,
      spanId,
      parentSpanId: undefined,
      startedAt: now - reply.elapsedTime,
      endedAt: now,
      attributes: {
        'http.request.method': request.method,
        'http.route': route,
        'http.response.status_code': reply.statusCode,
        'request.id': request.id,
      },
      ...(typeof traceparent === 'string' ? { link: traceparent } : {}),
    });
  }

  close(): Promise<void> {
    return this.traces.close();
  }
}
