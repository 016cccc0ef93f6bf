/**
 * A broker whose commits leave spans: one for each event that a transaction wrote, from the moment
 * its cause was appended to the moment the transaction was committed. What was aborted leaves none.
 * It stands around the port, so a process without tracing does not know of it.
 */
import type { Codec } from '../../platform/avro/codec';
import type { Clock } from '../../platform/clock';
import { TRACE_HEADER, traceparent } from '../../platform/trace/trace-ids';
import { spanOf, type RecordSpan, type Traces } from '../../platform/trace/spans';
import type { Broker, NewRecord, TransactionalProducer } from './broker';

export interface TracedBrokerOptions {
  /** The app's name. */
  readonly service: string;
  readonly traces: Traces;
  /** Knows what the app writes. */
  readonly codec: Codec;
  readonly clock: Clock;
  /** Topics whose records are no events, such as a changelog. */
  readonly silent: readonly string[];
}

export function tracedBroker(broker: Broker, options: TracedBrokerOptions): Broker {
  return {
    ...broker,
    openProducer: async (transactionalId) =>
      tracedProducer(await broker.openProducer(transactionalId), options),
  };
}

interface Written {
  readonly topic: string;
  readonly span: RecordSpan;
}

function tracedProducer(
  producer: TransactionalProducer,
  { service, traces, codec, clock, silent }: TracedBrokerOptions,
): TransactionalProducer {
  const marked = (record: NewRecord, written: Written[]): NewRecord => {
    if (silent.includes(record.topic)) return record;
    const decoded = codec.decode(record.value);
    const span = decoded.kind === 'event' ? spanOf(traces, decoded.event) : undefined;
    if (span === undefined) return record;
    written.push({ topic: record.topic, span });
    return { ...record, headers: { ...record.headers, [TRACE_HEADER]: traceparent(span) } };
  };
  return {
    commit: async (transaction) => {
      const written: Written[] = [];
      const records = transaction.records.map((record) => marked(record, written));
      await producer.commit({ ...transaction, records });
      const endedAt = clock.now();
      for (const { topic, span } of written) {
        traces.finished(service, {
          ...span,
          name: `${String(span.attributes['event.type'])} ${topic}`,
          kind: 'producer',
          endedAt,
          attributes: {
            ...span.attributes,
            'messaging.system': 'kafka',
            'messaging.destination.name': topic,
          },
        });
      }
    },
    close: () => producer.close(),
  };
}
