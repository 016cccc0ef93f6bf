/**
 * One partition of several topics as a single log, in the order of log time, up to where it ended
 * when reading began. Nothing is committed and no group is joined: reading leaves no trace.
 *
 * What always holds:
 * - A record comes only when every topic that has not ended has a record to compare it with.
 * - Of records of the same millisecond, those of the topic named first come first.
 * - Every queue is bounded: a topic that runs ahead is paused until the others have caught up (B1).
 *
 *   orders    10 ······ 40        given: 10, 20, 30, 40
 *   payments      20 30 ······
 *   (test: "records of several topics come in the order of log time")
 */
import { partitionName, type Broker, type LogRecord, type TopicPartition } from './broker';
import { TASK_LIMITS } from './limits';

export interface MergedLogRange {
  readonly topics: readonly string[];
  readonly partition: number;
  /** Log time, exclusive, ms since the epoch: records from then on are left out. */
  readonly until: number;
}

interface Source {
  readonly place: TopicPartition;
  /** One past the last record that counts. */
  readonly end: number;
  readonly records: LogRecord[];
  isOver: boolean;
  isPaused: boolean;
}

export async function* mergedLog(
  broker: Broker,
  { topics, partition, until }: MergedLogRange,
): AsyncGenerator<LogRecord> {
  const places = topics.map((topic) => ({ topic, partition }));
  const [starts, ends] = [await broker.logStarts(places), await broker.highWatermarks(places)];
  const reader = broker.openReader();
  try {
    const sources = places.map((place): Source => {
      const start = starts.get(partitionName(place)) ?? 0;
      const end = ends.get(partitionName(place)) ?? 0;
      if (start < end) reader.assign(place, start);
      return { place, end, records: [], isOver: start >= end, isPaused: false };
    });
    for (;;) {
      for (let next = earliest(sources); next !== undefined; next = earliest(sources)) {
        const record = next.records.shift();
        if (record !== undefined) yield record;
        if (next.isPaused && next.records.length <= TASK_LIMITS.queueRecordsResume) {
          reader.resume(next.place);
          next.isPaused = false;
        }
      }
      if (sources.every(({ isOver }) => isOver)) return;
      for (const fetched of await reader.poll(TASK_LIMITS.pollWaitMs)) {
        const source = sources.find(({ place }) => place.topic === fetched.topic);
        if (source === undefined || source.isOver) continue;
        for (const record of fetched.records) {
          if (record.offset < source.end && record.timestamp < until) source.records.push(record);
        }
        // Log time never goes back within a partition.
        const isPast = (fetched.records.at(-1)?.timestamp ?? 0) >= until;
        source.isOver = isPast || fetched.nextOffset >= source.end;
        if (source.isOver) reader.unassign(source.place);
        else if (source.records.length > TASK_LIMITS.queueRecordsMax) {
          reader.pause(source.place);
          source.isPaused = true;
        }
      }
    }
  } finally {
    await reader.close();
  }
}

/** The source whose record comes next; undefined while one that goes on has none to compare with. */
function earliest(sources: readonly Source[]): Source | undefined {
  let first: Source | undefined;
  for (const source of sources) {
    const time = source.records[0]?.timestamp;
    if (time === undefined) {
      if (!source.isOver) return undefined;
    } else if (first === undefined || time < (first.records[0]?.timestamp ?? Infinity)) {
      first = source;
    }
  }
  return first;
}
