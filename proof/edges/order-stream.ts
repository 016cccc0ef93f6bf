/**
 * Events of some orders, and alerts of them, written to their topics at a steady rate while edges come
 * and go; and what the log then has of them, by the rooms that show it.
 */
import { orderTopics } from '../../edge/order-topics';
import type { Codec } from '../../platform/avro/codec';
import { systemClock } from '../../platform/clock';
import { eventId } from '../../schemas/event-id';
import type { EventOf } from '../../schemas/event';
import { orderHeader } from '../../schemas/header';
import type { Broker, LogRecord, NewRecord } from '../../streams/runtime/broker';
import type { EventProducer } from '../../streams/runtime/kafka/event-producer';
import { partitionFor } from '../../streams/runtime/kafka/partitioner';
import { readStretches, stretchesBetween } from '../../streams/runtime/log-stretches';
import { alertsLifecycle, alertsRaised } from '../../topics/alerts';
import { ordersEvents } from '../../topics/orders';

export interface StreamedOrder {
  readonly orderId: string;
  readonly userId: string;
}

type Written = EventOf<'OrderCreated'> | EventOf<'OrderPaymentRecorded'> | EventOf<'AlertRaised'>;

const TICK_MS = 50;
/** Every so many events one is an alert, which operators' rooms show. */
const ALERT_EVERY = 10;
const SEND_WITHIN_MS = 30_000;

export class OrderStream {
  private written = 0;

  constructor(
    private readonly orders: readonly StreamedOrder[],
    private readonly log: {
      readonly producer: EventProducer;
      readonly codec: Codec;
      readonly partitions: number;
    },
  ) {}

  get count(): number {
    return this.written;
  }

  /** So that the read models know whose they are. */
  async create(): Promise<void> {
    await this.send(
      this.orders.map(({ orderId, userId }) => ({
        type: 'OrderCreated',
        ...orderHeader({ id: eventId(orderId, 'purchase'), at: Date.now() }, 'created', orderId),
        ...{ userId, items: [{ sku: 'TEA', quantity: 1 }] },
      })),
    );
  }

  /** Until `stop` aborts, all orders in turn. */
  async run(perSecond: number, stop: AbortSignal): Promise<void> {
    const began = Date.now();
    while (!stop.aborted) {
      const due = Math.floor(((Date.now() - began) / 1_000) * perSecond);
      const numbers = Array.from({ length: due - this.written }, (_, n) => this.written + n);
      this.written = Math.max(due, this.written);
      await this.send(numbers.map((number) => this.event(number)));
      await systemClock.sleep(TICK_MS, stop);
    }
  }

  private event(number: number): Written {
    const { orderId } = this.orders[number % this.orders.length] ?? { orderId: '' };
    const cause = { id: eventId(orderId, `streamed ${String(number)}`), at: Date.now() };
    if (number % ALERT_EVERY === 0) {
      return {
        type: 'AlertRaised',
        ...orderHeader(cause, 'raised', orderId),
        ...{ alertId: cause.id, rule: 'RULE_C', severity: 'P1', detectedAt: cause.at },
        ...{ deadline: null, moneyAtRisk: 1, currency: 'JPY', evidence: [] },
        ...{ expected: 'nothing', observed: `streamed ${String(number)}` },
      };
    }
    return {
      type: 'OrderPaymentRecorded',
      ...orderHeader(cause, 'recorded', orderId),
      ...{ orderStatus: 'PENDING', paymentEventId: cause.id, paymentEventType: 'PaymentFailed' },
      detail: `streamed ${String(number)}`,
    };
  }

  private async send(events: readonly Written[]): Promise<void> {
    if (events.length === 0) return;
    const { producer, codec, partitions } = this.log;
    const records = events.map((event): NewRecord => {
      const { name } = event.type === 'AlertRaised' ? alertsRaised : ordersEvents;
      const partition = partitionFor(event.orderId, partitions);
      return { topic: name, partition, key: event.orderId, value: codec.encode(name, event) };
    });
    await producer.send(records, SEND_WITHIN_MS);
  }
}

/** All that rooms can show, in the order of each partition. */
export async function roomRecords(
  broker: Broker,
  partitions: number,
): Promise<readonly LogRecord[]> {
  const topics = [...new Set([...orderTopics.ops, alertsRaised.name, alertsLifecycle.name])];
  const places = topics.flatMap((topic) =>
    Array.from({ length: partitions }, (_, partition) => ({ topic, partition })),
  );
  const [starts, ends] = await Promise.all([
    broker.logStarts(places),
    broker.highWatermarks(places),
  ]);
  const records: LogRecord[] = [];
  for await (const fetched of readStretches(broker, stretchesBetween(places, starts, ends))) {
    records.push(...fetched.records);
  }
  return records;
}
