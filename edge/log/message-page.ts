/**
 * A page of one partition's records, decoded: the newest, or those from an offset or a time on.
 *
 *   offset   0   1   2   3   4   5   6
 *            a   C   x   A   y   b   C      C, A: markers that commit and abort
 *
 * The transaction of y is open, so 4 is the last stable offset. Whoever reads what is committed has a
 * (COMMITTED), never gets x (ABORTED), and waits for y and, behind it, b (both UNDECIDED). Test: "a
 * record that was given up, and those that wait for an open transaction, are told apart".
 */
import type { Codec, Decoded } from '../../platform/avro/codec';
import { SchemaLateError } from '../../platform/avro/registry-error';
import {
  partitionName,
  type Broker,
  type Isolation,
  type LogRecord,
  type TopicPartition,
} from '../../streams/runtime/broker';
import { readStretches } from '../../streams/runtime/log-stretches';
import type { TopicMessage } from '../contract/topic';
import { timeLeft } from '../deadline';
import { limits } from '../limits';
import { decodeAll } from './decoding';

export interface MessagePage {
  readonly messages: readonly TopicMessage[];
  /** Offset at which the page that follows begins. */
  readonly next: number;
}

/** Where a page begins and what is on it; without a beginning it has the newest. */
export interface MessageSearch {
  readonly from?: number;
  /** Ms since the epoch: the first record that was logged then or later; `from` is passed over. */
  readonly at?: number;
  /** Only records of this key, among the newest `keySearchOffsetsMax` offsets. */
  readonly key?: string;
  /** Absent: read_committed. */
  readonly isolation?: Isolation;
}

/** The newest records are looked for in a stretch of twice as many offsets at first: a marker each. */
const FIRST_STRETCH = 2;
/** How much longer the next stretch is; aborted records and compaction leave gaps of any length. */
const STRETCH_GROWTH = 8;

/** Offsets of one partition that can be read now. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** One partition as one kind of reader sees it. */
interface View {
  readonly broker: Broker;
  readonly place: TopicPartition;
  readonly isolation: Isolation;
  /** Throws `LOG_UNAVAILABLE` at the deadline. */
  readonly leftMs: () => number;
}

export async function readPage(
  broker: Broker,
  codec: Codec,
  place: TopicPartition,
  { from, at, key, isolation = 'read_committed' }: MessageSearch,
  limit: number,
): Promise<MessagePage> {
  const view = {
    ...{ broker, place, isolation },
    leftMs: timeLeft(limits.gapReadMs, 'LOG_UNAVAILABLE'),
  };
  const { start, stable, end } = await boundsOf(view);
  const wanted = ({ key: own }: LogRecord) => key === undefined || own?.toString('utf8') === key;
  const begin = at === undefined ? from : await offsetAt(view, { start, end }, at);
  const all = {
    start: key === undefined ? start : Math.max(start, end - limits.keySearchOffsetsMax),
    end,
  };
  const { records, next } =
    begin === undefined
      ? await readNewest(view, all, { limit, wanted })
      : await readOldest(view, { start: Math.max(start, begin), end }, { limit, wanted });
  const outcomeOf = await outcomesOf(view, records, stable);
  const decoded = await decodeNow(
    codec,
    records.map(({ value }) => value),
  );
  return {
    messages: records.map((record, index) => messageOf(record, outcomeOf(record), decoded[index])),
    next,
  };
}

/** `stable`: the first open transaction, or the end; asked for before the end, which only grows. */
async function boundsOf({ broker, place, isolation }: View) {
  const name = partitionName(place);
  const [starts, stables] = await Promise.all([
    broker.logStarts([place]),
    broker.lastStableOffsets([place]),
  ]);
  const stable = stables.get(name) ?? 0;
  const ends = isolation === 'read_committed' ? stables : await broker.highWatermarks([place]);
  return { start: starts.get(name) ?? 0, stable, end: ends.get(name) ?? stable };
}

type Outcome = TopicMessage['outcome'];

/** What a reader of what is committed gives for the same offsets is committed; the rest was given up. */
async function outcomesOf(
  view: View,
  records: readonly LogRecord[],
  stable: number,
): Promise<(record: LogRecord) => Outcome> {
  const [first, last] = [records.at(0), records.at(-1)];
  if (view.isolation === 'read_committed' || first === undefined || last === undefined) {
    return () => 'COMMITTED';
  }
  const committed = new Set<number>();
  const stretch = { start: first.offset, end: Math.min(last.offset + 1, stable) };
  await readStretch({ ...view, isolation: 'read_committed' }, stretch, (more) => {
    for (const { offset } of more) committed.add(offset);
    return false;
  });
  return ({ offset }) => {
    if (offset >= stable) return 'UNDECIDED';
    return committed.has(offset) ? 'COMMITTED' : 'ABORTED';
  };
}

/** Whoever looks at a page can look again: a schema that may still come is not waited for. */
async function decodeNow(
  codec: Codec,
  values: readonly (Buffer | null)[],
): Promise<readonly Decoded[]> {
  try {
    return await decodeAll(codec, values);
  } catch (error) {
    if (!(error instanceof SchemaLateError)) throw error;
    return values.map((value) => codec.decode(value));
  }
}

interface RecordPage {
  readonly records: readonly LogRecord[];
  readonly next: number;
}

/** Which records a page is to have. */
interface PageWish {
  readonly limit: number;
  readonly wanted: (record: LogRecord) => boolean;
}

/**
 * The offset of the first record that was logged at `at` or later, else the end: the log's time only
 * grows within a partition, so it is found by halves.
 */
async function offsetAt(view: View, { start, end }: Stretch, at: number): Promise<number> {
  let [low, high] = [start, end];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    let found: LogRecord | undefined;
    await readStretch(view, { start: middle, end: high }, ([first]) => {
      found ??= first;
      return found !== undefined;
    });
    if (found === undefined || found.timestamp >= at) high = middle;
    else low = found.offset + 1;
  }
  return low;
}

async function readOldest(
  view: View,
  { start, end }: Stretch,
  { limit, wanted }: PageWish,
): Promise<RecordPage> {
  const records: LogRecord[] = [];
  const reached = await readStretch(view, { start, end }, (more) => {
    records.push(...more.filter(wanted));
    return records.length >= limit;
  });
  const page = records.slice(0, limit);
  const last = page.at(-1);
  return { records: page, next: page.length < limit || !last ? reached : last.offset + 1 };
}

/**
 * Offsets are not records: the marker that ends a transaction takes one, aborted records and what
 * compaction took away leave gaps. So it looks further back until there are `limit`, or no more.
 */
async function readNewest(
  view: View,
  { start, end }: Stretch,
  { limit, wanted }: PageWish,
): Promise<RecordPage> {
  for (let offsets = limit * FIRST_STRETCH; ; offsets *= STRETCH_GROWTH) {
    const stretch = { start: Math.max(start, end - offsets), end };
    let records: readonly LogRecord[] = [];
    await readStretch(view, stretch, (more) => {
      records = [...records, ...more.filter(wanted)].slice(-limit);
      return false;
    });
    if (records.length === limit || stretch.start === start) return { records, next: end };
  }
}

/**
 * Hands on what stands there until it is `enough`, and gives the offset that was reached. Rejects
 * with `LOG_UNAVAILABLE` at the deadline.
 */
async function readStretch(
  { broker, place, isolation, leftMs }: View,
  { start, end }: Stretch,
  enough: (records: readonly LogRecord[]) => boolean,
): Promise<number> {
  const stretch = { ...place, start, end };
  for await (const { records, nextOffset } of readStretches(broker, [stretch], leftMs, isolation)) {
    if (enough(records)) return Math.min(nextOffset, end);
  }
  return end;
}

function messageOf(
  record: LogRecord,
  outcome: Outcome,
  decoded: Decoded | undefined,
): TopicMessage {
  const { topic, partition, offset, timestamp, key, value, headers } = record;
  const place = {
    topic,
    partition,
    offset,
    loggedAt: timestamp,
    outcome,
    key: key?.toString('utf8') ?? null,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, text]) => [name, text.toString('utf8')]),
    ),
    schemaId: schemaIdOf(value),
    valueBytes: value?.length ?? 0,
  };
  if (decoded?.kind === 'event') {
    const { type, ...payload } = decoded.event;
    return { ...place, type, payload, problem: null };
  }
  const reason = decoded?.kind === 'undecodable' ? decoded.reason : 'its schema is not known';
  const problem = value === null ? 'a tombstone: the key was deleted' : reason;
  return { ...place, type: null, payload: null, problem };
}

/** Confluent's wire format: a zero byte, the id in four bytes, then the record. */
function schemaIdOf(value: Buffer | null): number | null {
  return value !== null && value.length >= 5 && value[0] === 0 ? value.readInt32BE(1) : null;
}
