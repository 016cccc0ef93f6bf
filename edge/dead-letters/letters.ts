/** The dead letters as they stand in the log: those that match, oldest first in each partition. */
import type { Codec } from '../../platform/avro/codec';
import type { EventOf } from '../../schemas/event';
import {
  partitionName,
  type Broker,
  type FetchedPartition,
  type LogRecord,
  type TopicPartition,
} from '../../streams/runtime/broker';
import { deadLetters } from '../../topics/dead-letters';
import { decodeAll } from '../log/decoding';

export interface Letter {
  readonly letter: EventOf<'DeadLetter'>;
  /** Where it stands on `dead-letters.v1`. */
  readonly place: TopicPartition & { readonly offset: number };
}

/** Absent: any. */
export interface LetterFilter {
  readonly eventIds?: readonly string[];
  readonly app?: string;
  readonly errorCode?: string;
}

/** Rejects with a RuntimeError; gives `max` at most, the oldest. */
export async function lettersIn(
  broker: Broker,
  codec: Codec,
  filter: LetterFilter,
  max: number,
): Promise<readonly Letter[]> {
  const { name: topic } = deadLetters;
  const count = (await broker.partitionCounts([topic])).get(topic) ?? 0;
  const places = Array.from({ length: count }, (_, partition) => ({ topic, partition }));
  const starts = await broker.logStarts(places);
  const ends = await broker.lastStableOffsets(places);
  const found: Letter[] = [];
  await readThrough(broker, places, starts, ends, async ({ records }) => {
    const decoded = await decodeAll(
      codec,
      records.map(({ value }) => value),
    );
    records.forEach(({ partition, offset }, index) => {
      const result = decoded[index];
      if (result?.kind !== 'event' || result.event.type !== 'DeadLetter') return;
      const letter = result.event;
      if (matches(letter, filter)) found.push({ letter, place: { topic, partition, offset } });
    });
    return found.length < max;
  });
  return found.slice(0, max);
}

function matches(letter: EventOf<'DeadLetter'>, { eventIds, app, errorCode }: LetterFilter) {
  return (
    (eventIds === undefined || eventIds.includes(letter.eventId)) &&
    (app === undefined || app === letter.app) &&
    (errorCode === undefined || errorCode === letter.errorCode)
  );
}

/** One poll; whoever waits for all of them has a limit of its own. */
const POLL_WAIT_MS = 500;

/** Hands on what stands between `starts` and `ends`, by `partitionName`, until that is enough. */
export async function readThrough(
  broker: Broker,
  places: readonly TopicPartition[],
  starts: ReadonlyMap<string, number>,
  ends: ReadonlyMap<string, number>,
  take: (fetched: { readonly records: readonly LogRecord[] }) => Promise<boolean> | boolean,
): Promise<void> {
  const reader = broker.openReader();
  const open = new Set<string>();
  try {
    for (const place of places) {
      const name = partitionName(place);
      const start = starts.get(name) ?? 0;
      if (start >= (ends.get(name) ?? 0)) continue;
      reader.assign(place, start);
      open.add(name);
    }
    while (open.size > 0) {
      for (const fetched of await reader.poll(POLL_WAIT_MS)) {
        if (!(await take({ records: before(fetched, ends) }))) return;
        if (fetched.nextOffset < (ends.get(partitionName(fetched)) ?? 0)) continue;
        reader.unassign(fetched);
        open.delete(partitionName(fetched));
      }
    }
  } finally {
    await reader.close();
  }
}

function before(fetched: FetchedPartition, ends: ReadonlyMap<string, number>) {
  const end = ends.get(partitionName(fetched)) ?? 0;
  return fetched.records.filter(({ offset }) => offset < end);
}
