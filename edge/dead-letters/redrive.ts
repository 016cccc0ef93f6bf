/**
 * Writes the records behind dead letters to their topics again, each once.
 *
 * What always holds:
 * - A record that is written again carries the letter's eventId in a header, so the topic itself says
 *   what was redriven; nothing else keeps it.
 * - One transactional id for each partition: whoever redrives fences the one before, then reads what
 *   that one wrote, and writes only what is missing (as E2). So two at once, a second time, and a
 *   kill in between write nothing twice.
 *
 *   letter ──▶ its record ──▶ written again? ──yes──▶ redriven
 *                  │                └──no──▶ waiting ──redrive──▶ redriven
 *                  └── gone, or none (a timer) ──▶ lost
 */
import {
  partitionName,
  type Broker,
  type LogRecord,
  type NewRecord,
} from '../../streams/runtime/broker';
import { topicNamed } from '../../topics/catalogue';
import { readStretches } from '../../streams/runtime/log-stretches';
import type { Letter } from './letters';

/** Header of a record that was written again: the eventId of its dead letter. */
export const REDRIVE_HEADER = 'redrive-of';
const ACTOR_HEADER = 'redriven-by';

/** Its offsets say nothing; a transaction has a group. */
const GROUP = 'dead-letter-redrive';
/** Of one transaction. */
const RECORDS_MAX = 500;

export type LetterState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'redriven' }
  | { readonly kind: 'lost'; readonly reason: string };

export interface ExaminedLetter extends Letter {
  readonly state: LetterState;
}

interface Found {
  readonly letters: readonly Letter[];
  /** By offset: the records that the letters are about. */
  readonly originals: ReadonlyMap<number, LogRecord>;
  /** eventIds of letters that were redriven. */
  readonly redriven: ReadonlySet<string>;
}

/** How it stands with each; changes nothing. Rejects with a RuntimeError. */
export async function examined(
  broker: Broker,
  letters: readonly Letter[],
): Promise<readonly ExaminedLetter[]> {
  const groups = [...bySource(letters).values()];
  const found = await Promise.all(groups.map((group) => lookAt(broker, group)));
  const states = new Map(found.flatMap((each) => statesIn(each)));
  return letters.map((one) => ({ ...one, state: stateOf(states, one) }));
}

/**
 * Redrives those that wait; the states are those before. Rejects with a RuntimeError, when it is not
 * known of one transaction whether it stands: do it again, what stands is not written twice.
 */
export async function redriven(
  broker: Broker,
  letters: readonly Letter[],
  actor: string,
): Promise<readonly ExaminedLetter[]> {
  const states = new Map<string, LetterState>();
  for (const [source, group] of bySource(letters)) {
    const producer = await broker.openProducer(`${GROUP}-${source}`);
    try {
      const found = await lookAt(broker, group);
      const before = new Map(statesIn(found));
      for (const [id, state] of before) states.set(id, state);
      const waiting = group.filter((one) => stateOf(before, one).kind === 'waiting');
      for (let start = 0; start < waiting.length; start += RECORDS_MAX) {
        const part = waiting.slice(start, start + RECORDS_MAX);
        await producer.commit({
          records: part.flatMap((one) => recordOf(found, one, actor)),
          group: GROUP,
          offsets: () => offsetsOf(part),
        });
      }
    } finally {
      await producer.close();
    }
  }
  return letters.map((one) => ({ ...one, state: stateOf(states, one) }));
}

function bySource(letters: readonly Letter[]): ReadonlyMap<string, readonly Letter[]> {
  const groups = new Map<string, Letter[]>();
  for (const one of letters) {
    const name = partitionName(one.letter);
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return groups;
}

/** Reads the topic of the letters from the first of them to its end, open transactions waited for. */
async function lookAt(broker: Broker, letters: readonly Letter[]): Promise<Found> {
  const originals = new Map<number, LogRecord>();
  const written = new Set<string>();
  const found = { letters, originals, redriven: written };
  const [first] = letters;
  const offsets = letters.map(({ letter }) => letter.offset).filter((offset) => offset >= 0);
  if (first === undefined || offsets.length === 0 || !isEventTopic(first.letter.topic))
    return found;
  const { topic, partition } = first.letter;
  const place = { topic, partition };
  const name = partitionName(place);
  const wanted = new Set(offsets);
  const start = (await broker.logStarts([place])).get(name) ?? 0;
  const end = (await broker.highWatermarks([place])).get(name) ?? 0;
  const stretch = { ...place, start: Math.max(start, Math.min(...offsets)), end };
  for await (const { records } of readStretches(broker, [stretch])) {
    for (const record of records) {
      if (wanted.has(record.offset)) originals.set(record.offset, record);
      const header = record.headers[REDRIVE_HEADER];
      if (header !== undefined) written.add(header.toString('utf8'));
    }
  }
  return found;
}

function statesIn({ letters, originals, redriven: written }: Found): [string, LetterState][] {
  return letters.map(({ letter }) => [letter.eventId, stateIn(letter, originals, written)]);
}

function stateIn(
  { eventId, topic, offset }: Letter['letter'],
  originals: Found['originals'],
  written: Found['redriven'],
): LetterState {
  if (written.has(eventId)) return { kind: 'redriven' };
  if (offset < 0) return lost('a timer failed; no record is behind it');
  if (!isEventTopic(topic)) return lost(`${topic} is no topic of events`);
  const original = originals.get(offset);
  if (original === undefined) return lost('the record is not in the log any more');
  if (original.key === null) return lost('the record has no key, so no app would take it');
  return { kind: 'waiting' };
}

function lost(reason: string): LetterState {
  return { kind: 'lost', reason };
}

function stateOf(states: ReadonlyMap<string, LetterState>, { letter }: Letter): LetterState {
  return states.get(letter.eventId) ?? lost('it was not looked at');
}

/** The record as it was, byte for byte, in the partition where it was. */
function recordOf({ originals }: Found, { letter }: Letter, actor: string): readonly NewRecord[] {
  const original = originals.get(letter.offset);
  if (original === undefined || original.key === null) return [];
  const { topic, partition, key, value } = original;
  const headers = Object.fromEntries(
    Object.entries(original.headers).map(([name, bytes]) => [name, bytes.toString('utf8')]),
  );
  const marks = { [REDRIVE_HEADER]: letter.eventId, [ACTOR_HEADER]: actor };
  return [
    { topic, partition, key: key.toString('utf8'), value, headers: { ...headers, ...marks } },
  ];
}

/** Of each partition of dead letters the last of `part`. */
function offsetsOf(part: readonly Letter[]) {
  const last = new Map(part.map(({ place }) => [partitionName(place), place]));
  return [...last.values()].map(({ topic, partition, offset }) => ({
    ...{ topic, partition, offset: offset + 1, metadata: '' },
  }));
}

/** Of an app's own changelog a second record would undo what it has written since. */
function isEventTopic(topic: string): boolean {
  const known = topicNamed(topic);
  return known !== undefined && known.cleanup.kind !== 'compact';
}
