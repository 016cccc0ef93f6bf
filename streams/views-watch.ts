/**
 * What is made of the events that the views have written: metrics, a line in the log for what is
 * wrong, and a span for each record of a trace. All of it ignores history (`countedForMs`), which a
 * rebuild reads again.
 */
import type { Logger } from 'pino';
import { systemClock as clock } from '../platform/clock';
import { readerSpanIdOf } from '../platform/trace/trace-ids';
import { spanOf, type Traces } from '../platform/trace/spans';
import type { ProcessMetrics } from './process-metrics';
import type { WrittenEvent } from './views/batch-writer';
import { VIEW_LIMITS } from './views/limits';

const SERVICE = 'views';

export interface ViewsWatchOptions {
  readonly logger: Pick<Logger, 'warn'>;
  readonly metrics: Pick<ProcessMetrics, 'views'>;
  readonly traces: Traces | undefined;
}

export function viewsWatch({ logger, metrics, traces }: ViewsWatchOptions) {
  return (written: readonly WrittenEvent[]): void => {
    const endedAt = clock.now();
    const news = written.filter(
      ({ record }) => record.timestamp >= endedAt - VIEW_LIMITS.countedForMs,
    );
    metrics.views.written(news);
    for (const one of news) {
      logTrouble(logger, one);
      if (traces !== undefined) trace(traces, one, endedAt);
    }
  };
}

/** So that the log alone leads to the order, the alert and the record. */
function logTrouble(logger: Pick<Logger, 'warn'>, { event, record }: WrittenEvent): void {
  if (event.type === 'AlertRaised') {
    const { alertId, rule, orderId, eventId } = event;
    logger.warn({ alertId, rule, orderId, eventId }, 'an alert was raised');
  }
  if (event.type === 'DeadLetter') {
    const { app, topic, partition, offset, errorCode, reason, eventId } = event;
    const key = record.key?.toString('utf8');
    const place = { topic, partition, offset, key };
    logger.warn({ by: app, ...place, errorCode, reason, eventId }, 'a record is a dead letter');
  }
}

function trace(traces: Traces, { event, record }: WrittenEvent, endedAt: number): void {
  const written = spanOf(traces, event);
  if (written === undefined) return;
  const spanId = readerSpanIdOf(String(written.attributes['event.id']), SERVICE);
  if (spanId === undefined) return;
  const { topic, partition, offset } = record;
  traces.finished(SERVICE, {
    ...written,
    name: `write ${event.type}`,
    kind: 'consumer',
    spanId,
    parentSpanId: written.spanId,
    startedAt: record.timestamp,
    endedAt,
    attributes: {
      ...written.attributes,
      'messaging.system': 'kafka',
      'messaging.destination.name': topic,
      'messaging.destination.partition.id': String(partition),
      'messaging.kafka.offset': offset,
    },
  });
}
