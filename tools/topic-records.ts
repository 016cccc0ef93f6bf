/** The committed records of a topic in the order of each partition, up to its end or without end. */
import { partitionName, type Broker, type LogRecord } from '../streams/runtime/broker';

const POLL_WAIT_MS = 500;

export interface TopicSelection {
  /** Undefined: whatever the key. */
  readonly key: string | undefined;
  /** From this offset on in each partition. */
  readonly from: number;
  /** Log time from which on records count, ms since the epoch; undefined: all. */
  readonly since: number | undefined;
  /** Goes on with what comes; without `since` it begins with that. */
  readonly tail: boolean;
}

/** Rejects with UNKNOWN_TOPIC. Ends by itself unless `tail`; then by `return`. */
export async function* topicRecords(
  broker: Broker,
  topic: string,
  { key, from, since, tail }: TopicSelection,
): AsyncGenerator<LogRecord> {
  const count = (await broker.partitionCounts([topic])).get(topic) ?? 0;
  const places = Array.from({ length: count }, (_, partition) => ({ topic, partition }));
  const starts = await broker.logStarts(places);
  // A reader waits before an open transaction, which may never end.
  const ends = await broker.lastStableOffsets(places);
  const reader = broker.openReader();
  const open = new Set<string>();
  const beginsAtEnd = tail && since === undefined && from === 0;
  for (const place of places) {
    const name = partitionName(place);
    const end = ends.get(name) ?? 0;
    const start = beginsAtEnd ? end : Math.max(from, starts.get(name) ?? 0);
    if (start >= end && !tail) continue;
    reader.assign(place, start);
    open.add(name);
  }
  try {
    while (open.size > 0) {
      for (const fetched of await reader.poll(POLL_WAIT_MS)) {
        const name = partitionName(fetched);
        for (const record of fetched.records) {
          if (since !== undefined && record.timestamp < since) continue;
          if (key !== undefined && record.key?.toString('utf8') !== key) continue;
          yield record;
        }
        if (!tail && fetched.nextOffset >= (ends.get(name) ?? 0)) {
          open.delete(name);
          reader.unassign(fetched);
        }
      }
    }
  } finally {
    await reader.close();
  }
}
