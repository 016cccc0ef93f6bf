/** What two looks at the log's offsets say: how much there is, how fast it grows, who is behind. Pure. */
import type { LogOffsets } from '../../edge/contract/api-types';

export interface AppLag {
  readonly app: string;
  readonly lag: number;
}

export interface TopicFigures {
  readonly name: string;
  readonly partitions: number;
  /** Offsets between start and end: records, and the markers of transactions between them. */
  readonly records: number;
  /** Undefined until there are two looks. */
  readonly perSecond: number | undefined;
  /** Of each app that reads it and is behind, the furthest first. */
  readonly lags: readonly AppLag[];
}

export interface PartitionFigures {
  readonly partition: number;
  readonly start: number;
  readonly end: number;
  readonly lags: readonly AppLag[];
}

/** `before`: the look before this one. */
export function topicFigures(
  now: LogOffsets,
  before: LogOffsets | undefined,
): readonly TopicFigures[] {
  return now.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.length,
    records: sum(partitions.map(({ start, end }) => end - start)),
    perSecond: before === undefined ? undefined : rateOf(name, now, before),
    lags: lagsOf(now, name),
  }));
}

export function partitionFigures(now: LogOffsets, name: string): readonly PartitionFigures[] {
  const { partitions = [] } = now.topics.find((topic) => topic.name === name) ?? {};
  return partitions.map(({ partition, start, end }) => ({
    ...{ partition, start, end },
    lags: lagsOf(now, name, partition),
  }));
}

/** Records that `app` reads a second, over all of its inputs; undefined: it cannot be told. */
export function appRate(
  app: string,
  now: LogOffsets,
  before: LogOffsets | undefined,
): number | undefined {
  const positions = now.apps.find((each) => each.app === app)?.positions ?? undefined;
  const old = before?.apps.find((each) => each.app === app)?.positions ?? undefined;
  if (positions === undefined || old === undefined || before === undefined) return undefined;
  const known = new Map(old.map((place) => [placeName(place), place.offset]));
  const read = positions.map(
    (place) => place.offset - (known.get(placeName(place)) ?? place.offset),
  );
  return perSecond(sum(read), now.at - before.at);
}

/** Records that `app` has not read, over all of its inputs; undefined: it cannot be told. */
export function appLag(app: string, now: LogOffsets): number | undefined {
  const positions = now.apps.find((each) => each.app === app)?.positions ?? undefined;
  if (positions === undefined) return undefined;
  const ends = endsOf(now);
  return sum(positions.map((place) => behind(place, ends)));
}

/** Each partition in which an app is behind, the furthest first. */
export function lagRows(now: LogOffsets) {
  const ends = endsOf(now);
  return now.apps
    .flatMap(({ app, positions }) =>
      (positions ?? []).map((place) => ({
        ...{ app, ...place },
        end: ends.get(placeName(place)) ?? place.offset,
        lag: behind(place, ends),
      })),
    )
    .filter(({ lag }) => lag > 0)
    .sort((a, b) => b.lag - a.lag);
}

/** Records written a second to these topics. */
export function writtenPerSecond(
  now: LogOffsets,
  before: LogOffsets,
  isMeant: (topic: string) => boolean,
): number {
  const rates = now.topics
    .filter(({ name }) => isMeant(name))
    .map(({ name }) => rateOf(name, now, before));
  return sum(rates);
}

interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

function rateOf(name: string, now: LogOffsets, before: LogOffsets): number {
  return perSecond(endOf(now, name) - endOf(before, name), now.at - before.at);
}

function endOf({ topics }: LogOffsets, name: string): number {
  return sum(topics.find((topic) => topic.name === name)?.partitions.map(({ end }) => end) ?? []);
}

function lagsOf(now: LogOffsets, topic: string, partition?: number): readonly AppLag[] {
  const ends = endsOf(now);
  return now.apps
    .map(({ app, positions }) => {
      const own = (positions ?? []).filter(
        (place) =>
          place.topic === topic && (partition === undefined || place.partition === partition),
      );
      return { app, lag: sum(own.map((place) => behind(place, ends))) };
    })
    .filter(({ lag }) => lag > 0)
    .sort((a, b) => b.lag - a.lag);
}

function endsOf({ topics }: LogOffsets): ReadonlyMap<string, number> {
  return new Map(
    topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partition, end }) => [placeName({ topic: name, partition }), end] as const),
    ),
  );
}

function behind(place: Position, ends: ReadonlyMap<string, number>): number {
  return Math.max(0, (ends.get(placeName(place)) ?? place.offset) - place.offset);
}

function placeName({ topic, partition }: Pick<Position, 'topic' | 'partition'>): string {
  return `${topic}-${String(partition)}`;
}

function perSecond(records: number, ms: number): number {
  return ms <= 0 ? 0 : Math.max(0, (records * 1_000) / ms);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
