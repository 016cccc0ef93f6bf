/**
 * What a run left in the log, as a plain read_committed reader sees it: in the simulated cluster, or
 * in a real one. The only thing that most checkers look at: they share nothing with the apps but the
 * schemas. A log too large for memory may be checked in parts, each with all there is about its
 * orders, where a checker says so.
 */
import type { Codec } from '../../../platform/avro/codec';
import type { AnyEvent } from '../../../schemas/event';
import { allTopics } from '../../../topics/catalogue';
import type { EventOn, Topic } from '../../../topics/topic';
import type { LogRecord } from '../../../streams/runtime/broker';
import type { MemoryCluster } from '../../../streams/runtime/memory/memory-cluster';

/** What stands on a topic, as opposed to a state record. */
export type LoggedEvent = Extract<AnyEvent, { readonly eventId: string }>;

export interface Logged<E = LoggedEvent> {
  readonly record: LogRecord;
  readonly event: E;
}

export class CommittedLog {
  private readonly decoded = new Map<string, readonly Logged<AnyEvent>[]>();

  /** Records by topic: by partition, in offset order. */
  constructor(
    private readonly records: ReadonlyMap<string, readonly LogRecord[]>,
    readonly codec: Codec,
  ) {}

  static ofCluster(cluster: MemoryCluster, codec: Codec, partitions: number): CommittedLog {
    const records = allTopics.map(({ name }) => {
      const places = Array.from({ length: partitions }, (_, partition) => ({
        topic: name,
        partition,
      }));
      return [name, places.flatMap((place) => cluster.committedRecords(place))] as const;
    });
    return new CommittedLog(new Map(records), codec);
  }

  /** By partition, in offset order; what does not decode is left out. */
  on<T extends Topic>(topic: T): readonly Logged<EventOn<T> & LoggedEvent>[] {
    return this.events(topic.name) as unknown as readonly Logged<EventOn<T> & LoggedEvent>[];
  }

  /** The same by name, for topics of any kind. */
  events(topic: string): readonly Logged<AnyEvent>[] {
    const known = this.decoded.get(topic);
    if (known !== undefined) return known;
    const events = this.recordsOn(topic).flatMap((record): Logged<AnyEvent>[] => {
      const decoded = this.codec.decode(record.value);
      return decoded.kind === 'event' ? [{ record, event: decoded.event }] : [];
    });
    this.decoded.set(topic, events);
    return events;
  }

  get eventsCount(): number {
    return [...this.records.values()].reduce((sum, records) => sum + records.length, 0);
  }

  recordsOn(topic: string): readonly LogRecord[] {
    return this.records.get(topic) ?? [];
  }

  /** Records that are no event, tombstones aside. */
  garbageOn(topic: string): readonly LogRecord[] {
    return this.recordsOn(topic).filter(
      ({ value }) => value !== null && this.codec.decode(value).kind !== 'event',
    );
  }
}

/** `what` of each, in groups of equal ones. */
export function grouped<T>(
  items: readonly T[],
  what: (item: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(what(item));
    if (group === undefined) groups.set(what(item), [item]);
    else group.push(item);
  }
  return groups;
}
