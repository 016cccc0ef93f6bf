/**
 * How a topic becomes rows: pure, and exhaustive over the events that may stand on it. A projection
 * sees one event and no rows, so what it writes depends on nothing that was read before.
 */
import type { AnyEvent, EventType } from '../../schemas/event';
import type { EventOn, Topic } from '../../topics/topic';
import type { LogPosition } from '../runtime/app';
import { remove, type Columns, type RowChange, type Table } from './table';

export interface Projection {
  readonly topic: Topic;
  /** For events that the topic carries; see `carries`. */
  // A method, so that a projection of some events is a Projection.
  rows(event: AnyEvent, position: LogPosition): readonly RowChange[];
  readonly deletion: Deletion;
}

/** What a null value on the topic means. */
export type Deletion =
  /** Nothing: the topic keeps every event, and a null value is bad input. */
  | { readonly kind: 'none' }
  /**
   * The row of that key is gone. `table` is written by this topic alone and carries
   * `source_partition`; `keyColumn` holds the record's key.
   */
  | { readonly kind: 'row'; readonly table: Table; readonly keyColumn: string };

/** A topic that keeps every event. */
export function projectEvents<T extends Topic>(
  topic: T,
  rows: (event: EventOn<T>, position: LogPosition) => readonly RowChange[],
): Projection {
  return { topic, rows, deletion: { kind: 'none' } };
}

/**
 * A compacted topic, whose newest record per key is one row. `history`: rows of what each record said,
 * which stay when it is replaced or deleted.
 */
export function projectLatest<T extends Topic, C extends Columns>(
  topic: T,
  table: Table<C>,
  row: (event: EventOn<T>, position: LogPosition) => RowChange,
  history: (event: EventOn<T>, position: LogPosition) => readonly RowChange[] = () => [],
): Projection {
  const [keyColumn] = table.key;
  if (keyColumn === undefined) throw new Error(`${table.name} has no key`);
  return {
    topic,
    rows: (event, position) => [
      row(event as EventOn<T>, position),
      ...history(event as EventOn<T>, position),
    ],
    deletion: { kind: 'row', table, keyColumn },
  };
}

export function deletedRow(deletion: Deletion & { kind: 'row' }, key: Buffer): RowChange {
  return remove(deletion.table, { [deletion.keyColumn]: key.toString('utf8') });
}

/** Whether an event of this type may stand on the topic. */
export function carries(topic: Topic, type: EventType): boolean {
  return topic.types.includes(type);
}
