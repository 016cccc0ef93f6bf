/** The dead letters as they stand in the log: those that match, oldest first in each partition. */
import type { Codec } from '../../platform/avro/codec';
import type { EventOf } from '../../schemas/event';
import type { Broker, TopicPartition } from '../../streams/runtime/broker';
import { readStretches, stretchesBetween } from '../../streams/runtime/log-stretches';
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
  for await (const { records } of readStretches(broker, stretchesBetween(places, starts, ends))) {
    const decoded = await decodeAll(
      codec,
      records.map(({ value }) => value),
    );
    for (const [index, { partition, offset }] of records.entries()) {
      const result = decoded[index];
      if (result?.kind !== 'event' || result.event.type !== 'DeadLetter') continue;
      const letter = result.event;
      if (matches(letter, filter)) found.push({ letter, place: { topic, partition, offset } });
    }
    if (found.length >= max) break;
  }
  return found.slice(0, max);
}

function matches(letter: EventOf<'DeadLetter'>, { eventIds, app, errorCode }: LetterFilter) {
  return (
    (eventIds === undefined || eventIds.includes(letter.eventId)) &&
    (app === undefined || app === letter.app) &&
    (errorCode === undefined || errorCode === letter.errorCode)
  );
}
