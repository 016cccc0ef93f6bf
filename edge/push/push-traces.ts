/** The last span of a record's way: from the log to the sockets of those who watch. */
import type { AnyEvent } from '../../schemas/event';
import { readerSpanIdOf } from '../../platform/trace/trace-ids';
import { spanOf, type Traces } from '../../platform/trace/spans';
import type { LogRecord } from '../../streams/runtime/broker';

const SERVICE = 'edge';

export function tracePush(
  traces: Traces,
  { topic, partition, offset, timestamp }: LogRecord,
  event: AnyEvent,
  rooms: number,
): void {
  const written = spanOf(traces, event);
  if (written === undefined) return;
  const spanId = readerSpanIdOf(String(written.attributes['event.id']), 'push');
  if (spanId === undefined) return;
  traces.finished(SERVICE, {
    ...written,
    name: `push ${event.type}`,
    kind: 'consumer',
    spanId,
    parentSpanId: written.spanId,
    startedAt: timestamp,
    endedAt: Date.now(),
    attributes: {
      ...written.attributes,
      rooms,
      'messaging.system': 'kafka',
      'messaging.destination.name': topic,
      'messaging.destination.partition.id': String(partition),
      'messaging.kafka.offset': offset,
    },
  });
}
