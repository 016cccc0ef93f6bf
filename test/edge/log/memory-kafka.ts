/** Kafka in memory for what the edge reads: readers that wait, and events to append. */
import { Codec } from '../../../platform/avro/codec';
import { recordTypes } from '../../../schemas/avro-types';
import type { EventOf, EventType } from '../../../schemas/event';
import type { Broker, Isolation, RecordReader } from '../../../streams/runtime/broker';
import { systemClock } from '../../../platform/clock';
import { MemoryBroker } from '../../../streams/runtime/memory-broker';
import type { Topic } from '../../../topics/topic';

export class MemoryKafka {
  private readonly memory = new MemoryBroker(systemClock);
  private readonly schemas: readonly string[];
  private readonly writer: Codec;

  constructor() {
    this.schemas = [...recordTypes.values()].map(({ schema }) => schema);
    this.writer = new Codec(recordTypes, { schemaById: () => Promise.resolve(undefined) });
  }

  /** As a process that has just started: it has met no writer's schema. */
  codec(): Codec {
    return new Codec(recordTypes, { schemaById: (id) => Promise.resolve(this.schemas[id]) });
  }

  get broker(): Broker {
    const { memory } = this;
    return Object.assign(Object.create(memory) as MemoryBroker, {
      openReader: (isolation?: Isolation) => waitingReader(memory.openReader(isolation)),
    });
  }

  append<T extends EventType>(topic: Topic<T>, event: EventOf<NoInfer<T>>): number {
    const id = this.schemas.indexOf(recordTypes.get(event.type)?.schema ?? '');
    this.writer.registered(topic.name, event.type, id);
    return this.appendBytes(topic, topic.key(event), this.writer.encode(topic.name, event));
  }

  appendBytes({ name }: Topic, key: string, value: Buffer | null): number {
    return this.memory.append({ topic: name, partition: 0, key, value });
  }
}

/** The reader in memory never waits; one that finds nothing must let others have their turn. */
function waitingReader(reader: RecordReader): RecordReader {
  const poll = async () => {
    const fetched = await reader.poll(0);
    if (fetched.length === 0) await new Promise((resolve) => setImmediate(resolve));
    return fetched;
  };
  return Object.assign(Object.create(reader) as RecordReader, { poll });
}
