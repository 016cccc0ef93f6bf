/**
 * Reads every topic read_committed while the run lasts, and remembers what it was given: none of it
 * may be missing from the committed log in the end, nor be there differently.
 */
import { partitionName, type TopicPartition } from '../../streams/runtime/broker';
import { systemClock } from '../../platform/clock';
import { Delivered, type DeliveredRecord } from './delivered';
import { PlainReader } from './plain-reader';

type Watcher = (place: TopicPartition, record: DeliveredRecord) => void;

export class ReadAlong {
  private readonly byPlace = new Map<string, Delivered>();
  private readonly watchers = new Set<Watcher>();
  private newestAt = systemClock.now();
  private reader: PlainReader | undefined;

  static async open(brokers: readonly string[], topics: readonly string[]): Promise<ReadAlong> {
    const along = new ReadAlong();
    along.reader = await PlainReader.open({
      brokers,
      topics,
      aborted: false,
      visit: (place, records) => {
        const delivered = along.placeOf(partitionName(place), place);
        for (const record of records) if (delivered.add(record)) along.tell(place, record);
      },
    });
    return along;
  }

  /** Told of every record once. */
  watch(watcher: Watcher): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** The log-append time of the first record on the topic after a moment; undefined: none in time. */
  async firstAfter(topic: string, moment: number, withinMs: number): Promise<number | undefined> {
    const over = new AbortController();
    let found: number | undefined;
    const forget = this.watch((place, { timestamp }) => {
      if (place.topic !== topic || timestamp <= moment) return;
      found ??= timestamp;
      over.abort();
    });
    await systemClock.sleep(withinMs, over.signal);
    forget();
    return found;
  }

  /** How long nothing new has come, ms. */
  get quietMs(): number {
    return systemClock.now() - this.newestAt;
  }

  /** Times that the client stalled and another took over. */
  get clientsGivenUp(): number {
    return this.reader?.givenUp ?? 0;
  }

  get delivered(): readonly Delivered[] {
    return [...this.byPlace.values()];
  }

  toTheEnd(ends: ReadonlyMap<string, number>): Promise<void> {
    return this.reader?.toTheEnd(ends) ?? Promise.resolve();
  }

  async close(): Promise<void> {
    await this.reader?.close();
  }

  private placeOf(name: string, place: Delivered['place']): Delivered {
    const known = this.byPlace.get(name);
    if (known !== undefined) return known;
    const delivered = new Delivered(place);
    this.byPlace.set(name, delivered);
    return delivered;
  }

  private tell(place: TopicPartition, record: DeliveredRecord): void {
    this.newestAt = systemClock.now();
    for (const watcher of this.watchers) watcher(place, record);
  }
}
