/**
 * The log as people look at it: single records, decoded, and how far each app has come. Reads what
 * is committed, and joins no group, so that looking changes nothing.
 */
import type { Codec, Decoded } from '../../platform/avro/codec';
import { SchemaLateError } from '../../platform/avro/registry-error';
import {
  partitionName,
  type Broker,
  type LogRecord,
  type TopicPartition,
} from '../../streams/runtime/broker';
import { isTransient } from '../../streams/runtime/patience';
import { eventTopics } from '../../topics/catalogue';
import type { TopicMessage } from '../contract/topic';
import { TIMED_OUT, within } from '../deadline';
import { EdgeError } from '../errors';
import { limits } from '../limits';
import { decodeAll } from './decoding';
import type { ReadModels } from '../read-models/read-models';
import type { OpenLog } from './log-connection';

export interface MessagePage {
  readonly messages: readonly TopicMessage[];
  /** Offset at which the page that follows begins. */
  readonly next: number;
}

export interface AppLag {
  readonly app: string;
  /** Null where it cannot be told now: the read models that keep its offsets are away. */
  readonly lagRecords: number | null;
}

/** Both reject with `LOG_UNAVAILABLE`. */
export interface LogInspection {
  /** From an offset on, or the newest when `from` is undefined; `limit` where there are as many. */
  messages(place: TopicPartition, from: number | undefined, limit: number): Promise<MessagePage>;
  lag(): Promise<readonly AppLag[]>;
}

/** The apps that keep their offsets in Kafka, each in a group of its name. */
const GROUPS = ['orders', 'inventory', 'accounts', 'payments', 'alerts', 'gateway'] as const;

/** The app that keeps its offsets in Postgres, beside the rows that stand for it. */
const VIEWS = 'views';

export class KafkaInspection implements LogInspection {
  private asked: Promise<readonly AppLag[]> | undefined;

  /** `log` throws `LOG_UNAVAILABLE` while Kafka was never reached. */
  constructor(
    private readonly log: () => OpenLog,
    private readonly readModels: Pick<ReadModels, 'positions'>,
    private readonly partitions: number,
  ) {}

  async messages(
    place: TopicPartition,
    from: number | undefined,
    limit: number,
  ): Promise<MessagePage> {
    const { broker, codec } = this.log();
    return available(readPage(broker, codec, place, from, limit));
  }

  /** Several askers at once share one look. */
  async lag(): Promise<readonly AppLag[]> {
    const { broker } = this.log();
    this.asked ??= available(this.lagOfAll(broker)).finally(() => {
      this.asked = undefined;
    });
    return this.asked;
  }

  private async lagOfAll(broker: Broker): Promise<readonly AppLag[]> {
    const places = eventTopics.flatMap(({ name }) =>
      Array.from({ length: this.partitions }, (_, partition) => ({ topic: name, partition })),
    );
    // Asked for first: an app that goes on meanwhile must not seem to be ahead of the log.
    const [groups, views] = await Promise.all([
      Promise.all(GROUPS.map((group) => broker.committedOffsets(group, places))),
      placesOfViews(this.readModels),
    ]);
    const ends = await broker.highWatermarks(places);
    return [
      ...GROUPS.map((app, index) => ({ app, lagRecords: lagOf(groups[index] ?? new Map(), ends) })),
      { app: VIEWS, lagRecords: views === undefined ? null : lagOf(views, ends) },
    ];
  }
}

/** The newest records are looked for in a stretch of twice as many offsets at first: a marker each. */
const FIRST_STRETCH = 2;
/** How much longer the next stretch is; aborted records and compaction leave gaps of any length. */
const STRETCH_GROWTH = 8;

/** Offsets of one partition that can be read now; `end` is before the first open transaction. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

async function readPage(
  broker: Broker,
  codec: Codec,
  place: TopicPartition,
  from: number | undefined,
  limit: number,
): Promise<MessagePage> {
  const name = partitionName(place);
  const [starts, ends] = await Promise.all([
    broker.logStarts([place]),
    broker.lastStableOffsets([place]),
  ]);
  const start = starts.get(name) ?? 0;
  const end = ends.get(name) ?? 0;
  const { records, next } =
    from === undefined
      ? await readNewest(broker, place, { start, end }, limit)
      : await readOldest(broker, place, { start: Math.max(start, from), end }, limit);
  const decoded = await decodeNow(
    codec,
    records.map(({ value }) => value),
  );
  return { messages: records.map((record, index) => messageOf(record, decoded[index])), next };
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

async function readOldest(
  broker: Broker,
  place: TopicPartition,
  { start, end }: Stretch,
  limit: number,
): Promise<RecordPage> {
  const records: LogRecord[] = [];
  const deadline = Date.now() + limits.gapReadMs;
  const reached = await readStretch(broker, place, { start, end }, deadline, (more) => {
    records.push(...more);
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
  broker: Broker,
  place: TopicPartition,
  { start, end }: Stretch,
  limit: number,
): Promise<RecordPage> {
  const deadline = Date.now() + limits.gapReadMs;
  for (let offsets = limit * FIRST_STRETCH; ; offsets *= STRETCH_GROWTH) {
    const stretch = { start: Math.max(start, end - offsets), end };
    let records: readonly LogRecord[] = [];
    await readStretch(broker, place, stretch, deadline, (more) => {
      records = [...records, ...more].slice(-limit);
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
  broker: Broker,
  place: TopicPartition,
  { start, end }: Stretch,
  deadline: number,
  enough: (records: readonly LogRecord[]) => boolean,
): Promise<number> {
  if (start >= end) return end;
  const reader = broker.openReader();
  try {
    reader.assign(place, start);
    for (;;) {
      const leftMs = deadline - Date.now();
      if (leftMs <= 0) throw new EdgeError('LOG_UNAVAILABLE');
      for (const { records, nextOffset } of await reader.poll(leftMs)) {
        const isEnough = enough(records.filter(({ offset }) => offset < end));
        if (isEnough || nextOffset >= end) return Math.min(nextOffset, end);
      }
    }
  } finally {
    await reader.close();
  }
}

function messageOf(record: LogRecord, decoded: Decoded | undefined): TopicMessage {
  const { topic, partition, offset, timestamp, key, value } = record;
  const place = {
    topic,
    partition,
    offset,
    loggedAt: timestamp,
    key: key?.toString('utf8') ?? null,
  };
  if (decoded?.kind === 'event') {
    const { type, ...payload } = decoded.event;
    return { ...place, type, payload, problem: null };
  }
  const reason = decoded?.kind === 'undecodable' ? decoded.reason : 'its schema is not known';
  const problem = value === null ? 'a tombstone: the key was deleted' : reason;
  return { ...place, type: null, payload: null, problem };
}

type Places = ReadonlyMap<string, { readonly offset: number }>;

/** A partition without an offset is none of the app's inputs, or was never read. */
function lagOf(places: Places, ends: ReadonlyMap<string, number>): number {
  const lags = [...places].map(([name, { offset }]) => (ends.get(name) ?? offset) - offset);
  return lags.reduce((sum, lag) => sum + Math.max(0, lag), 0);
}

/** Undefined while the read models are away: how far the others have come is told all the same. */
async function placesOfViews(
  readModels: Pick<ReadModels, 'positions'>,
): Promise<Places | undefined> {
  try {
    const positions = await readModels.positions(eventTopics.map(({ name }) => name));
    return new Map(positions.map((place) => [partitionName(place), { offset: place.nextOffset }]));
  } catch (error) {
    if (error instanceof EdgeError && error.code === 'VIEWS_UNAVAILABLE') return undefined;
    throw error;
  }
}

/** A Kafka that stands still answers nothing at all: nobody waits for it longer than this. */
async function available<T>(answer: Promise<T>): Promise<T> {
  try {
    const result = await within(answer, limits.inspectionMs);
    if (result === TIMED_OUT) throw new EdgeError('LOG_UNAVAILABLE');
    return result;
  } catch (error) {
    if (isTransient(error)) throw new EdgeError('LOG_UNAVAILABLE', { cause: error });
    throw error;
  }
}
