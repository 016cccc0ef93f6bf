/** Puts the generated log on the shop's topics, once, before any side begins. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { NewRecord } from '../../streams/runtime/broker';
import { openEventProducer } from '../../streams/runtime/kafka/event-producer';
import { partitionFor } from '../../streams/runtime/kafka/partitioner';
import type { Codec } from '../../platform/avro/codec';
import { PARTITIONS, type BenchGround } from './bench-ground';
import { closingEvents, type LoggedEvent, type OrderLog } from './order-log';

/** Below what the producer takes at once, with another one waiting. */
const CHUNK_RECORDS = 4_000;
const WRITE_WITHIN_MS = 60_000;

/**
 * Every wave is followed by a pause longer than the grace, and the last one by an event of a later
 * time in every partition: so each deadline is decided by the log alone.
 */
export async function loadLog(
  { brokers, codec }: BenchGround,
  log: OrderLog,
  pauseMs: number,
): Promise<{ readonly ms: number }> {
  const producer = openEventProducer({ brokers: brokers.split(','), clientId: 'bench-load' });
  let ms = 0;
  const write = async (events: Iterable<LoggedEvent>) => {
    const begun = performance.now();
    let sending: Promise<unknown> = Promise.resolve();
    for (const records of chunksOf(events, codec)) {
      await sending;
      sending = producer.send(records, WRITE_WITHIN_MS);
    }
    await sending;
    ms += performance.now() - begun;
  };
  try {
    for (const wave of log.waves()) {
      await write(wave);
      await sleep(pauseMs);
    }
    await write(closingEvents(PARTITIONS));
    return { ms: Math.round(ms) };
  } finally {
    await producer.close();
  }
}

function* chunksOf(events: Iterable<LoggedEvent>, codec: Codec): Generator<readonly NewRecord[]> {
  let chunk: NewRecord[] = [];
  for (const logged of events) {
    chunk.push(recordOf(logged, codec));
    if (chunk.length < CHUNK_RECORDS) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

export function recordOf({ topic, event }: LoggedEvent, codec: Codec): NewRecord {
  const key = event.orderId;
  return {
    topic: topic.name,
    partition: partitionFor(key, PARTITIONS),
    key,
    value: codec.encode(topic.name, event),
  };
}
