/**
 * One request of Kafka's protocol in the one version this client speaks. Fixed versions keep every
 * codec to a single shape; `connection.ts` refuses to ask what the broker does not offer. Brokers
 * from 3.0 up to 4.x offer them all.
 */
import type { WireReader } from './wire-reader';
import type { WireWriter } from './wire-writer';

export interface Api<Request, Response> {
  readonly name: string;
  readonly key: number;
  readonly version: number;
  /** Flexible versions carry tagged fields in their headers. */
  readonly flexible?: true;
  write(writer: WireWriter, request: Request): void;
  /** Throws a KafkaError when the answer as a whole is a failure. */
  read(reader: WireReader): Response;
}

export interface Partitioned {
  readonly topic: string;
  readonly partition: number;
}

export interface TopicGroup<T> {
  readonly topic: string;
  readonly partitions: readonly T[];
}

/** Requests name each topic once, with its partitions below it; the order is kept. */
export function byTopic<T extends Partitioned>(partitions: readonly T[]): readonly TopicGroup<T>[] {
  const topics = new Map<string, T[]>();
  for (const item of partitions) {
    const group = topics.get(item.topic);
    if (group === undefined) topics.set(item.topic, [item]);
    else group.push(item);
  }
  return [...topics].map(([topic, items]) => ({ topic, partitions: items }));
}
