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
import { readStretches } from '../../streams/runtime/log-stretches';
import { isTransient } from '../../streams/runtime/patience';
import { eventTopics } from '../../topics/catalogue';
import type { LogOffsets, TopicMessage } from '../contract/topic';
import { TIMED_OUT, timeLeft, within } from '../deadline';
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

/** Where a page begins and what is on it; without a beginning it has the newest. */
export interface MessageSearch {
  readonly from?: number;
  /** Ms since the epoch: the first record that was logged then or later; `from` is passed over. */
  readonly at?: number;
  /** Only records of this key, among the newest `keySearchOffsetsMax` offsets. */
  readonly key?: string;
}

/** All reject with `LOG_UNAVAILABLE`. */
export interface LogInspection {
  /** `limit` records where there are as many. */
  messages(place: TopicPartition, search: MessageSearch, limit: number): Promise<MessagePage>;
  lag(): Promise<readonly AppLag[]>;
  offsets(): Promise<LogOffsets>;
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
    search: MessageSearch,
    limit: number,
  ): Promise<MessagePage> {
    const { broker, codec } = this.log();
    return available(readPage(broker, codec, place, search, limit));
  }

  async offsets(): Promise<LogOffsets> {
    const { broker } = this.log();
    return available(this.offsetsOfAll(broker));
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
    const apps = await this.placesOfApps(broker);
    const ends = await broker.highWatermarks(this.places());
    return apps.map(({ app, places }) => ({
      app,
      lagRecords: places === undefined ? null : lagOf(places, ends),
    }));
  }

  private async offsetsOfAll(broker: Broker): Promise<LogOffsets> {
    const all = this.places();
    const apps = await this.placesOfApps(broker);
    const [starts, ends] = await Promise.all([broker.logStarts(all), broker.highWatermarks(all)]);
    return {
      at: Date.now(),
      topics: eventTopics.map(({ name }) => ({
        name,
        partitions: all
          .filter(({ topic }) => topic === name)
          .map((place) => {
            const end = ends.get(partitionName(place)) ?? 0;
            const start = starts.get(partitionName(place)) ?? 0;
            return { partition: place.partition, start, end };
          }),
      })),
      apps: apps.map(({ app, places }) => ({ app, positions: positionsIn(places, all) })),
    };
  }

  private places(): readonly TopicPartition[] {
    return eventTopics.flatMap(({ name }) =>
      Array.from({ length: this.partitions }, (_, partition) => ({ topic: name, partition })),
    );
  }

  /** To be asked for before the ends: an app that goes on meanwhile must not seem to be ahead of the log. */
  private async placesOfApps(broker: Broker): Promise<readonly AppPlaces[]> {
    const all = this.places();
    const [groups, views] = await Promise.all([
      Promise.all(GROUPS.map((group) => broker.committedOffsets(group, all))),
      placesOfViews(this.readModels),
    ]);
    return [
      ...GROUPS.map((app, index) => ({ app, places: groups[index] ?? new Map() })),
      { app: VIEWS, places: views },
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
  { from, at, key }: MessageSearch,
  limit: number,
): Promise<MessagePage> {
  const name = partitionName(place);
  const [starts, ends] = await Promise.all([
    broker.logStarts([place]),
    broker.lastStableOffsets([place]),
  ]);
  const start = starts.get(name) ?? 0;
  const end = ends.get(name) ?? 0;
  const leftMs = timeLeft(limits.gapReadMs, 'LOG_UNAVAILABLE');
  const wanted = ({ key: own }: LogRecord) => key === undefined || own?.toString('utf8') === key;
  const begin = at === undefined ? from : await offsetAt(broker, place, { start, end }, at, leftMs);
  const all = {
    start: key === undefined ? start : Math.max(start, end - limits.keySearchOffsetsMax),
    end,
  };
  const { records, next } =
    begin === undefined
      ? await readNewest(broker, place, all, { limit, wanted, leftMs })
      : await readOldest(
          broker,
          place,
          { start: Math.max(start, begin), end },
          { limit, wanted, leftMs },
        );
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

/** Which records a page is to have, and by when it has to be read. */
interface PageWish {
  readonly limit: number;
  readonly wanted: (record: LogRecord) => boolean;
  readonly leftMs: () => number;
}

/**
 * The offset of the first record that was logged at `at` or later, else the end: the log's time only
 * grows within a partition, so it is found by halves.
 */
async function offsetAt(
  broker: Broker,
  place: TopicPartition,
  { start, end }: Stretch,
  at: number,
  leftMs: () => number,
): Promise<number> {
  let [low, high] = [start, end];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    let found: LogRecord | undefined;
    await readStretch(broker, place, { start: middle, end: high }, leftMs, ([first]) => {
      found ??= first;
      return found !== undefined;
    });
    if (found === undefined || found.timestamp >= at) high = middle;
    else low = found.offset + 1;
  }
  return low;
}

async function readOldest(
  broker: Broker,
  place: TopicPartition,
  { start, end }: Stretch,
  { limit, wanted, leftMs }: PageWish,
): Promise<RecordPage> {
  const records: LogRecord[] = [];
  const reached = await readStretch(broker, place, { start, end }, leftMs, (more) => {
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
  broker: Broker,
  place: TopicPartition,
  { start, end }: Stretch,
  { limit, wanted, leftMs }: PageWish,
): Promise<RecordPage> {
  for (let offsets = limit * FIRST_STRETCH; ; offsets *= STRETCH_GROWTH) {
    const stretch = { start: Math.max(start, end - offsets), end };
    let records: readonly LogRecord[] = [];
    await readStretch(broker, place, stretch, leftMs, (more) => {
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
  broker: Broker,
  place: TopicPartition,
  { start, end }: Stretch,
  leftMs: () => number,
  enough: (records: readonly LogRecord[]) => boolean,
): Promise<number> {
  const stretch = { ...place, start, end };
  for await (const { records, nextOffset } of readStretches(broker, [stretch], leftMs)) {
    if (enough(records)) return Math.min(nextOffset, end);
  }
  return end;
}

function messageOf(record: LogRecord, decoded: Decoded | undefined): TopicMessage {
  const { topic, partition, offset, timestamp, key, value, headers } = record;
  const place = {
    topic,
    partition,
    offset,
    loggedAt: timestamp,
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

type Places = ReadonlyMap<string, { readonly offset: number }>;

interface AppPlaces {
  readonly app: string;
  /** Undefined while it cannot be told. */
  readonly places: Places | undefined;
}

function positionsIn(places: Places | undefined, all: readonly TopicPartition[]) {
  if (places === undefined) return null;
  return all.flatMap((place) => {
    const known = places.get(partitionName(place));
    return known === undefined ? [] : [{ ...place, offset: known.offset }];
  });
}

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
