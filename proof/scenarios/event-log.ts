/**
 * All events from one moment on, as any consumer of the topics sees them: read_committed, decoded
 * with the registry's schemas, filed under their order.
 */
import type { Codec } from '../../platform/avro/codec';
import type { AnyEvent, EventOf, EventType } from '../../schemas/event';
import { eventTopics } from '../../topics/catalogue';
import { bringUpTopics } from '../../topics/bring-up';
import type { Topic } from '../../topics/topic';
import type { Broker, LogRecord, RecordReader } from '../../streams/runtime/broker';
import { systemClock } from '../../platform/clock';
import { connectBroker } from '../../streams/runtime/kafka/kafka-broker';
import type { RunningStack } from '../../platform/running-stack';

export interface LoggedEvent {
  readonly event: AnyEvent;
  readonly record: LogRecord;
}

const POLL_WAIT_MS = 500;

export class EventLog {
  private readonly byOrder = new Map<string, AnyEvent[]>();
  private readonly watchers = new Set<(logged: LoggedEvent) => void>();
  private readonly reading: Promise<void>;
  private closing = false;

  private constructor(
    private readonly broker: Broker,
    private readonly codec: Codec,
    private readonly reader: RecordReader,
  ) {
    this.reading = this.read();
    this.reading.catch(() => undefined);
  }

  /** Begins at the present end of each of the topics. */
  static async open(
    stack: RunningStack,
    topics: readonly Topic[] = eventTopics,
  ): Promise<EventLog> {
    const brokers = stack.brokers.split(',');
    const codec = await bringUpTopics({
      brokers,
      registryUrl: stack.registryUrl,
      topics: eventTopics,
      partitions: stack.partitions,
      replicationFactor: 1,
    });
    const broker = await connectBroker({ brokers, clientId: 'scenarios' });
    const reader = broker.openReader();
    const places = topics.flatMap(({ name }) =>
      Array.from({ length: stack.partitions }, (_, partition) => ({ topic: name, partition })),
    );
    const ends = await broker.highWatermarks(places);
    for (const place of places) {
      reader.assign(place, ends.get(`${place.topic}-${String(place.partition)}`) ?? 0);
    }
    return new EventLog(broker, codec, reader);
  }

  /** Told of every event from now on. */
  watch(watcher: (logged: LoggedEvent) => void): void {
    this.watchers.add(watcher);
  }

  /** The events of one type about one order so far, in the order they were read. */
  of<T extends EventType>(type: T, orderId: string): readonly EventOf<T>[] {
    const about = this.byOrder.get(orderId) ?? [];
    return about.filter((event): event is EventOf<T> & AnyEvent => event.type === type);
  }

  /** Rejects when reading failed: what was seen until then is not the whole truth. */
  async check(): Promise<void> {
    await Promise.race([this.reading, Promise.resolve()]);
  }

  async close(): Promise<void> {
    this.closing = true;
    this.reader.wake();
    await this.reading.catch(() => undefined);
    await this.reader.close();
    await this.broker.close();
  }

  private async read(): Promise<void> {
    while (!this.closing) {
      for (const { records } of await this.reader.poll(POLL_WAIT_MS)) {
        for (const record of records) await this.take(record);
      }
    }
  }

  private async take(record: LogRecord): Promise<void> {
    let decoded = this.codec.decode(record.value);
    if (decoded.kind === 'unknown-schema') {
      await this.codec.learn([decoded.schemaId]);
      decoded = this.codec.decode(record.value);
    }
    if (decoded.kind !== 'event') return;
    const logged = { event: decoded.event, record };
    this.file(logged.event);
    for (const watcher of this.watchers) watcher(logged);
  }

  private file(event: AnyEvent): void {
    const { orderId } = event as { readonly orderId?: string };
    if (orderId === undefined) return;
    const about = this.byOrder.get(orderId);
    if (about === undefined) this.byOrder.set(orderId, [event]);
    else about.push(event);
  }
}

/** How often a condition is looked at: often enough to add nothing to what is waited for. */
const LOOK_EVERY_MS = 50;

/** Polls `look` until it gives something. Undefined once `withinMs` are over. */
export async function waitFor<T>(
  look: () => Promise<T | undefined> | T | undefined,
  withinMs: number,
  everyMs = LOOK_EVERY_MS,
): Promise<T | undefined> {
  const until = systemClock.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (systemClock.now() > until) return undefined;
    await systemClock.sleep(everyMs);
  }
}
