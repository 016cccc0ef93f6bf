/**
 * What members of a consumer group tell each other through the coordinator, in the embedded format
 * of Kafka's own consumers (version 0), so that `kafka-consumer-groups --describe` can show it.
 */
import type { TopicPartition } from '../../broker';
import { byTopic } from './api';
import { WireReader } from './wire-reader';
import { WireWriter } from './wire-writer';

const VERSION = 0;

/** What a member held and holds state for, for the leader's assignor. */
export interface Claims {
  /** The generation in which `held` was assigned; 0 when nothing was. */
  readonly generation: number;
  readonly held: readonly number[];
  /** Units with state, best first. */
  readonly sticky: readonly number[];
}

export interface Subscription {
  readonly topics: readonly string[];
  readonly claims: Claims;
}

const NO_CLAIMS: Claims = { generation: 0, held: [], sticky: [] };

export function encodeSubscription({ topics, claims }: Subscription): Buffer {
  const writer = new WireWriter();
  return writer
    .int16(VERSION)
    .array(topics, (topic) => writer.string(topic))
    .sizedBytes(Buffer.from(JSON.stringify(claims)))
    .bytes();
}

/** A member without readable claims (another client, another version) has none. */
export function decodeSubscription(bytes: Buffer): Subscription {
  const reader = new WireReader(bytes);
  reader.int16();
  const topics = reader.array(() => reader.string());
  return { topics, claims: parseClaims(reader.sizedBytes().toString()) };
}

export function encodeAssignment(partitions: readonly TopicPartition[]): Buffer {
  const writer = new WireWriter();
  return writer
    .int16(VERSION)
    .array(byTopic(partitions), (group) =>
      writer.string(group.topic).array(group.partitions, (one) => writer.int32(one.partition)),
    )
    .sizedBytes(Buffer.alloc(0))
    .bytes();
}

export function decodeAssignment(bytes: Buffer): readonly TopicPartition[] {
  // The coordinator sends nothing to a member that the leader left out.
  if (bytes.length === 0) return [];
  const reader = new WireReader(bytes);
  reader.int16();
  return reader
    .array(() => {
      const topic = reader.string();
      return reader.array(() => ({ topic, partition: reader.int32() }));
    })
    .flat();
}

function parseClaims(text: string): Claims {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return NO_CLAIMS;
  }
  return isClaims(parsed) ? parsed : NO_CLAIMS;
}

function isClaims(value: unknown): value is Claims {
  if (typeof value !== 'object' || value === null) return false;
  const { generation, held, sticky } = value as Partial<Record<keyof Claims, unknown>>;
  return Number.isInteger(generation) && areUnits(held) && areUnits(sticky);
}

function areUnits(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((unit) => Number.isInteger(unit));
}
