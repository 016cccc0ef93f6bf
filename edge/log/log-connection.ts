/**
 * The edge's way to Kafka and the registry: opened in the background, so that the edge answers
 * (with 503) from its first moment, and retried until both are there.
 *
 *   connecting ──> connected ──> closed
 *        └───────────────────────────^
 *
 * Once connected, the broker and the producer mend themselves; a lost Kafka does not lead back.
 */
import type { FastifyBaseLogger } from 'fastify';
import type { Codec } from '../../platform/avro/codec';
import type { AnyEvent, EventOf, EventType } from '../../schemas/event';
import type { SchemaRegistry, TopicTypes } from '../../platform/avro/schema-registry';
import type { Broker, NewRecord } from '../../streams/runtime/broker';
import type { Clock } from '../../platform/clock';
import { recoveryOf } from '../../streams/runtime/errors';
import type { EventProducer } from '../../streams/runtime/kafka/event-producer';
import { partitionFor } from '../../streams/runtime/kafka/partitioner';
import { eventually } from '../../streams/runtime/patience';
import { accountsRequests } from '../../topics/accounts';
import { alertsRequests, alertsSilences } from '../../topics/alerts';
import { catalogProducts } from '../../topics/catalog';
import { inventoryRequests } from '../../topics/inventory';
import { ordersRequests } from '../../topics/orders';
import { paymentsNotifications, paymentsRequests } from '../../topics/payments';
import type { Topic } from '../../topics/topic';
import { TRACE_HEADER, traceparent } from '../../platform/trace/trace-ids';
import { spanOf, type Traces } from '../../platform/trace/spans';
import { EdgeError } from '../errors';
import { limits } from '../limits';
import type { EventLog } from './event-log';

/** The events of which the edge is the writer. */
export const WRITTEN_BY_EDGE: readonly TopicTypes[] = [
  { name: ordersRequests.name, types: ['PurchaseRequested', 'CancellationRequested'] },
  { name: inventoryRequests.name, types: ['StockReceived', 'StockAdjustmentRequested'] },
  { name: accountsRequests.name, types: ['SpendingLimitChanged'] },
  { name: catalogProducts.name, types: ['Product'] },
  paymentsNotifications,
  paymentsRequests,
  alertsRequests,
  alertsSilences,
];

export interface OpenLog {
  readonly broker: Broker;
  readonly codec: Codec;
}

type State =
  | { readonly kind: 'connecting' }
  | ({ readonly kind: 'connected' } & OpenLog)
  | { readonly kind: 'closed' };

export interface LogConnectionOptions {
  readonly connect: () => Promise<Broker>;
  /** Connects when it is first used; closed with the connection. */
  readonly producer: EventProducer;
  readonly registry: SchemaRegistry;
  readonly partitions: number;
  readonly clock: Clock;
  readonly logger: FastifyBaseLogger;
  /** Absent where tracing is off. */
  readonly traces?: Traces;
}

export class LogConnection implements EventLog {
  private state: State = { kind: 'connecting' };
  private readonly closing = new AbortController();

  constructor(private readonly options: LogConnectionOptions) {}

  /** Resolves once connected; with undefined when it was closed first. Rejects on what no retry mends. */
  async open(): Promise<OpenLog | undefined> {
    const { clock, logger, registry, connect } = this.options;
    const open = await eventually(
      async () => ({
        codec: await registry.register(WRITTEN_BY_EDGE, {
          clock,
          patienceMs: limits.schemaPatienceMs,
        }),
        broker: await connect(),
      }),
      {
        clock,
        pauseMs: limits.logReconnectMs,
        signal: this.closing.signal,
        onRetry: (error) =>
          logger.warn({ err: error }, 'Kafka or the registry cannot be reached; retrying'),
      },
    );
    return open === undefined ? undefined : this.adopt(open);
  }

  /** Throws `LOG_UNAVAILABLE` while Kafka was never reached. */
  opened(): OpenLog {
    const { state } = this;
    if (state.kind !== 'connected') throw new EdgeError('LOG_UNAVAILABLE');
    return state;
  }

  async append<T extends EventType>(
    topic: Topic<T>,
    event: EventOf<NoInfer<T>>,
    deadlineMs: number,
  ): Promise<void> {
    const { codec } = this.opened();
    const { clock, logger, producer, traces } = this.options;
    const record = this.record(codec, topic, event);
    // For the compiler an event of T has not all that every event has.
    const whole: AnyEvent = event;
    const span = traces === undefined ? undefined : spanOf(traces, whole);
    const headers = span === undefined ? {} : { headers: { [TRACE_HEADER]: traceparent(span) } };
    await confirmed(producer.send([{ ...record, ...headers }], deadlineMs));
    logger.debug(idsOf(whole), 'an event was appended');
    if (traces === undefined || span === undefined) return;
    const name = `${whole.type} ${topic.name}`;
    traces.finished('edge', { ...span, name, kind: 'producer', endedAt: clock.now() });
  }

  /** Resolves when Kafka answers; rejects with `LOG_UNAVAILABLE`. */
  async check(): Promise<void> {
    const asked = this.opened().broker.highWatermarks([
      { topic: ordersRequests.name, partition: 0 },
    ]);
    await confirmed(asked);
  }

  /** Resolves when the registry answers. */
  checkRegistry(): Promise<void> {
    return this.options.registry.check();
  }

  async close(): Promise<void> {
    const { state } = this;
    this.state = { kind: 'closed' };
    this.closing.abort();
    await this.options.producer.close();
    if (state.kind === 'connected') await state.broker.close();
  }

  private async adopt(open: OpenLog): Promise<OpenLog | undefined> {
    if (this.state.kind === 'connecting') {
      this.state = { kind: 'connected', ...open };
      this.options.logger.info('connected to Kafka and the registry');
      return open;
    }
    await open.broker.close();
    return undefined;
  }

  private record<T extends EventType>(
    codec: Codec,
    topic: Topic<T>,
    event: EventOf<NoInfer<T>>,
  ): NewRecord {
    const key = topic.key(event);
    const partition = partitionFor(key, this.options.partitions);
    return { topic: topic.name, partition, key, value: codec.encode(topic.name, event) };
  }
}

/** By which a line of the log is found from an order, and the record from the line. */
function idsOf(event: AnyEvent): object {
  return {
    type: event.type,
    ...('orderId' in event ? { orderId: event.orderId } : {}),
    ...('eventId' in event ? { eventId: event.eventId, reqId: event.causationId } : {}),
  };
}

/** What a broker or the time kept from being confirmed may be retried; the rest is a bug. */
async function confirmed<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (recoveryOf(error) === 'die') throw error;
    throw new EdgeError('LOG_UNAVAILABLE', { cause: error });
  }
}
