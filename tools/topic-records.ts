/** The committed records of a topic in the order of each partition, up to its end or without end. */
import type { Broker, LogRecord } from '../streams/runtime/broker';
import { readStretches, stretchesBetween } from '../streams/runtime/log-stretches';

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
  const beginsAtEnd = tail && since === undefined && from === 0;
  const stretches = stretchesBetween(places, starts, ends).map(({ start, end, ...place }) => ({
    ...place,
    start: beginsAtEnd ? end : Math.max(from, start),
    end: tail ? Infinity : end,
  }));
  for await (const { records } of readStretches(broker, stretches)) {
    for (const record of records) {
      if (since !== undefined && record.timestamp < since) continue;
      if (key !== undefined && record.key?.toString('utf8') !== key) continue;
      yield record;
    }
  }
}
