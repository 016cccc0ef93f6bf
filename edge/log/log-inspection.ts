/**
 * The log as people look at it: single records, decoded, and how far each app has come. Joins no
 * group, so that looking changes nothing.
 */
import { partitionName, type Broker, type TopicPartition } from '../../streams/runtime/broker';
import { isTransient } from '../../streams/runtime/patience';
import { eventTopics } from '../../topics/catalogue';
import type { LogOffsets } from '../contract/topic';
import { TIMED_OUT, within } from '../deadline';
import { EdgeError } from '../errors';
import { limits } from '../limits';
import type { ReadModels } from '../read-models/read-models';
import type { OpenLog } from './log-connection';
import { readPage, type MessagePage, type MessageSearch } from './message-page';

export interface AppLag {
  readonly app: string;
  /** Null where it cannot be told now: the read models that keep its offsets are away. */
  readonly lagRecords: number | null;
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
