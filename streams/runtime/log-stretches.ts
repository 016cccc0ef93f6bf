/**
 * Stretches of partitions as they stand in the log, each read once. Nothing is committed and no group
 * is joined: reading leaves no trace.
 */
import {
  partitionName,
  type Broker,
  type FetchedPartition,
  type Isolation,
  type TopicPartition,
} from './broker';
import { TASK_LIMITS } from './limits';

export interface LogStretch extends TopicPartition {
  readonly start: number;
  /** One past the last offset that counts; Infinity: what comes is read as well, without end. */
  readonly end: number;
}

/**
 * What of each stretch a fetch brought, until all of them are read. `waitMs`: how long a poll may
 * wait, asked before each; what it throws ends the reading. Rejects as the reader does.
 */
export async function* readStretches(
  broker: Broker,
  stretches: readonly LogStretch[],
  waitMs: () => number = () => TASK_LIMITS.pollWaitMs,
  isolation?: Isolation,
): AsyncGenerator<FetchedPartition> {
  const unread = new Map(
    stretches
      .filter(({ start, end }) => start < end)
      .map((stretch) => [partitionName(stretch), stretch]),
  );
  const reader = broker.openReader(isolation);
  try {
    for (const stretch of unread.values()) reader.assign(stretch, stretch.start);
    while (unread.size > 0) {
      for (const fetched of await reader.poll(waitMs())) {
        const stretch = unread.get(partitionName(fetched));
        if (stretch === undefined) continue;
        yield { ...fetched, records: fetched.records.filter(({ offset }) => offset < stretch.end) };
        if (fetched.nextOffset < stretch.end) continue;
        unread.delete(partitionName(stretch));
        reader.unassign(stretch);
      }
    }
  } finally {
    await reader.close();
  }
}

/** Each place between the offsets that `starts` and `ends` have by `partitionName`. */
export function stretchesBetween(
  places: readonly TopicPartition[],
  starts: ReadonlyMap<string, number>,
  ends: ReadonlyMap<string, number>,
): readonly LogStretch[] {
  return places.map(({ topic, partition }) => {
    const name = partitionName({ topic, partition });
    return { topic, partition, start: starts.get(name) ?? 0, end: ends.get(name) ?? 0 };
  });
}
