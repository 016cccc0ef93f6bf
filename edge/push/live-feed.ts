/**
 * The log as it grows: reads the topics that rooms show, keeps the newest records in memory, and
 * hands each fetch on. What always holds: a record is in its ring before it is handed on, so whoever
 * enters a room between the two is given it at least once and never misses it.
 */
import type { Codec } from '../../platform/avro/codec';
import {
  partitionName,
  type Broker,
  type FetchedPartition,
  type LogRecord,
  type TopicPartition,
} from '../../streams/runtime/broker';
import type { Clock } from '../../platform/clock';
import { isTransient } from '../../streams/runtime/patience';
import type { Position, TimelineEntry } from '../contract/api-types';
import { EdgeError } from '../errors';
import { limits } from '../limits';
import { schemasMissing } from '../log/decoding';
import type { OpenLog } from '../log/log-connection';
import { RecordFollower, type OpenedFollower } from '../log/record-follower';
import { readGaps, type Gap } from './gap-reader';
import { timelineEntryOf } from './live-record';
import { RecordRing } from './record-ring';

/** Rounds of a replay: schemas to learn, a gap to read, and what went on meanwhile. */
const REPLAY_ROUNDS_MAX = 5;

export type RecordsListener = (records: readonly LogRecord[], codec: Codec) => Promise<void>;

type Source =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'open'; readonly broker: Broker; readonly codec: Codec };

type Missed =
  | { readonly kind: 'held'; readonly records: readonly LogRecord[] }
  | { readonly kind: 'gap'; readonly gaps: readonly Gap[] };

export class LiveFeed {
  private source: Source = { kind: 'waiting' };
  private readonly rings = new Map<string, RecordRing>();
  private listener: RecordsListener = () => Promise.resolve();
  private gapReads = 0;

  constructor(
    readonly topics: readonly string[],
    readonly partitions: number,
  ) {}

  /** One listener; it is given records in log order, and the next fetch waits for it. */
  onRecords(listener: RecordsListener): void {
    this.listener = listener;
  }

  /** Begins a little before the log's end, so that the rings are warm. */
  async open({ broker, codec }: OpenLog, clock: Clock): Promise<OpenedFollower> {
    const all = this.allPartitions();
    const [starts, ends] = await Promise.all([broker.logStarts(all), broker.highWatermarks(all)]);
    const positions = all.map((partition) => {
      const name = partitionName(partition);
      const warm = (ends.get(name) ?? 0) - limits.ringRecordsMax;
      return { ...partition, offset: Math.max(starts.get(name) ?? 0, warm) };
    });
    const max = { recordsMax: limits.ringRecordsMax, bytesMax: limits.ringBytesMax };
    for (const position of positions) {
      this.rings.set(partitionName(position), new RecordRing(position.offset, max));
    }
    this.source = { kind: 'open', broker, codec };
    const follower = new RecordFollower(broker.openReader(), clock, (fetched) =>
      this.take(fetched, codec),
    );
    return { follower, run: () => follower.follow(positions) };
  }

  /**
   * Calls `enter` with what the log says from `positions` on, for `key` if one is given. Whatever
   * comes after that moment reaches the listener after it: `enter` joins the room in the same tick.
   */
  async replay(
    positions: readonly Position[],
    key: string | undefined,
    enter: (entries: readonly TimelineEntry[]) => void,
  ): Promise<void> {
    const { source } = this;
    if (source.kind === 'waiting') throw new EdgeError('LOG_UNAVAILABLE');
    const wanted = (record: LogRecord) => key === undefined || record.key?.toString('utf8') === key;
    const older: LogRecord[] = [];
    let from = positions;
    for (let round = 0; round < REPLAY_ROUNDS_MAX; round++) {
      const missed = this.missedSince(from);
      if (missed.kind === 'gap') {
        older.push(...(await this.read(source.broker, missed.gaps, wanted)));
        from = beyond(from, missed.gaps);
        continue;
      }
      const records = [...older, ...missed.records.filter(wanted)];
      const unknown = schemasMissing(records.map(({ value }) => source.codec.decode(value)));
      if (unknown.length === 0) {
        enter(entriesOf(source.codec, records));
        return;
      }
      await available(source.codec.learn(unknown));
    }
    throw new EdgeError('VIEWS_BEHIND');
  }

  /**
   * Rejects with `VIEWS_BEHIND` when the log does not reach as far as one of the positions, or does not
   * go back so far: it is another log than the one that they were read from, or an older stretch.
   */
  async refuseUnknown(positions: readonly Position[]): Promise<void> {
    const { source } = this;
    if (source.kind === 'waiting') throw new EdgeError('LOG_UNAVAILABLE');
    const outside = (beyond: (ring: RecordRing, nextOffset: number) => boolean) =>
      positions.filter((position) => {
        const ring = this.rings.get(partitionName(position));
        return ring === undefined || beyond(ring, position.nextOffset);
      });
    const [older, newer] = [
      outside((ring, nextOffset) => nextOffset < ring.start),
      outside((ring, nextOffset) => nextOffset > ring.end),
    ];
    if (older.length === 0 && newer.length === 0) return;
    const [starts, ends] = await available(
      Promise.all([source.broker.logStarts(older), source.broker.highWatermarks(newer)]),
    );
    const isKnown =
      older.every((place) => place.nextOffset >= (starts.get(partitionName(place)) ?? Infinity)) &&
      newer.every((place) => place.nextOffset <= (ends.get(partitionName(place)) ?? -1));
    if (!isKnown) throw new EdgeError('VIEWS_BEHIND');
  }

  private async take(fetched: readonly FetchedPartition[], codec: Codec): Promise<void> {
    for (const part of fetched) {
      const ring = this.rings.get(partitionName(part));
      // A fetch that comes again after a failed listener is in the ring already.
      if (ring !== undefined && ring.end < part.nextOffset)
        ring.push(part.records, part.nextOffset);
    }
    await this.listener(
      fetched.flatMap(({ records }) => records),
      codec,
    );
  }

  /** So many at once: each opens a reader, and anybody in a room may ask. */
  private async read(
    broker: Broker,
    gaps: readonly Gap[],
    wanted: (record: LogRecord) => boolean,
  ): Promise<readonly LogRecord[]> {
    if (this.gapReads >= limits.gapReadsMax) throw new EdgeError('VIEWS_BEHIND');
    this.gapReads += 1;
    try {
      return await available(readGaps(broker, gaps, wanted));
    } finally {
      this.gapReads -= 1;
    }
  }

  private missedSince(positions: readonly Position[]): Missed {
    const rings = positions.flatMap((position) => {
      const ring = this.rings.get(partitionName(position));
      return ring === undefined ? [] : [{ position, ring }];
    });
    const gaps = rings.flatMap(({ position: { topic, partition, nextOffset }, ring }) =>
      nextOffset < ring.start ? [{ topic, partition, from: nextOffset, to: ring.start }] : [],
    );
    if (gaps.length > 0) return { kind: 'gap', gaps };
    return {
      kind: 'held',
      records: rings.flatMap(({ position, ring }) => ring.from(position.nextOffset)),
    };
  }

  private allPartitions(): readonly TopicPartition[] {
    return this.topics.flatMap((topic) =>
      Array.from({ length: this.partitions }, (_, partition) => ({ topic, partition })),
    );
  }
}

/** By log time, so that a client may show them as they come. */
function entriesOf(codec: Codec, records: readonly LogRecord[]): readonly TimelineEntry[] {
  return [...records]
    .sort((a, b) => a.timestamp - b.timestamp)
    .flatMap((record) => {
      const decoded = codec.decode(record.value);
      const entry = decoded.kind === 'event' ? timelineEntryOf(record, decoded.event) : undefined;
      return entry === undefined ? [] : [entry];
    });
}

function beyond(positions: readonly Position[], gaps: readonly Gap[]): readonly Position[] {
  const reached = new Map(gaps.map((gap) => [partitionName(gap), gap.to]));
  return positions.map((position) => ({
    ...position,
    nextOffset: reached.get(partitionName(position)) ?? position.nextOffset,
  }));
}

async function available<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (isTransient(error)) {
      throw new EdgeError('LOG_UNAVAILABLE', { cause: error });
    }
    throw error;
  }
}
