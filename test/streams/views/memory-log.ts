/** A log in memory that the views read: events appended by hand, read by the production reader. */
import { recordTypes } from '../../../schemas/avro-types';
import { Codec } from '../../../platform/avro/codec';
import type { EventType } from '../../../schemas/event';
import type { EventOn, Topic } from '../../../topics/topic';
import { eventTopics } from '../../../topics/catalogue';
import type { TopicPartition } from '../../../streams/runtime/broker';
import { ManualClock } from '../../../platform/manual-clock';
import { MemoryBroker } from '../../../streams/runtime/memory-broker';
import { allProjections } from '../../../streams/views/projections/all-projections';
import { ViewReader } from '../../../streams/views/view-reader';
import type { ViewStore } from '../../../streams/views/view-store';
import { LOGGED_AT } from './sample-events';

export const allPartitions: readonly TopicPartition[] = eventTopics.map(({ name }) => ({
  topic: name,
  partition: 0,
}));

const schemaIds = new Map<EventType, number>(
  [...recordTypes.keys()].map((type, index) => [type, index + 1]),
);

export class MemoryLog {
  readonly broker = new MemoryBroker(new ManualClock(LOGGED_AT));
  /** Asked by readers for schemas; replace it to have a registry that is away. */
  schemaById: (id: number) => Promise<string | undefined> = (id) => {
    const type = [...schemaIds.keys()][id - 1];
    return Promise.resolve(type === undefined ? undefined : recordTypes.get(type)?.schema);
  };
  private readonly writer = new Codec(recordTypes, {
    schemaById: () => Promise.resolve(undefined),
  });

  constructor() {
    for (const { name, types } of eventTopics) {
      for (const type of types) this.writer.registered(name, type, schemaIds.get(type) ?? 0);
    }
  }

  append<T extends Topic>(topic: T, ...events: readonly EventOn<T>[]): void {
    for (const event of events) {
      this.appendBytes(topic, topic.key(event), this.writer.encode(topic.name, event));
    }
  }

  appendBytes(topic: Topic, key: string, value: Buffer | null): void {
    this.broker.append({ topic: topic.name, partition: 0, key, value });
  }

  /** A reader that knows no schema yet, as after a start. */
  reader(
    store: ViewStore,
    onReread: (place: TopicPartition) => void = () => undefined,
  ): ViewReader {
    return new ViewReader({
      broker: this.broker,
      codec: new Codec(recordTypes, { schemaById: (id) => this.schemaById(id) }),
      store,
      projections: allProjections,
      onReread,
      onRefused: () => undefined,
      clock: new ManualClock(LOGGED_AT),
    });
  }
}

/** Reads until everything in the log is written. */
export async function readAll(reader: ViewReader): Promise<void> {
  do await reader.step();
  while (reader.tasks().some(({ lagRecords, state }) => lagRecords > 0 || state !== 'running'));
}
