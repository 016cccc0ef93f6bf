/** What a socket must have been given of a room, by the log, held against what it was given. */
import type { LiveEvent, Position, Room } from '../../edge/contract/api-types';
import { alertTopics, orderTopics } from '../../edge/order-topics';
import { partitionName, type LogRecord } from '../../streams/runtime/broker';

/** What a socket in the room must have been given, from its first snapshot on. */
export function recordsDue(
  log: readonly LogRecord[],
  room: Room,
  begun: readonly Position[],
): readonly string[] {
  const from = new Map(begun.map((position) => [partitionName(position), position.nextOffset]));
  const topics = room === 'ops' ? alertTopics : orderTopics.shopper;
  const ofRoom = (key: string | undefined) => room === 'ops' || room === `order:${key ?? ''}`;
  return log
    .filter((record) => {
      const first = from.get(partitionName(record));
      const isKnown = first !== undefined && record.offset >= first;
      return isKnown && topics.includes(record.topic) && ofRoom(record.key?.toString('utf8'));
    })
    .map(placeOf);
}

export function placeOf(record: Pick<LiveEvent, 'topic' | 'partition' | 'offset'>): string {
  return `${partitionName(record)}@${String(record.offset)}`;
}

/** Topics have no order among each other, so that each partition is compared by itself. */
export function differenceOf(due: readonly string[], given: readonly string[]): string | undefined {
  const [right, seen] = [byPartition(due), byPartition(given)];
  for (const name of new Set([...right.keys(), ...seen.keys()])) {
    const [wanted, had] = [right.get(name) ?? [], seen.get(name) ?? []];
    const at = wanted.findIndex((place, n) => had[n] !== place);
    if (at >= 0) return `${wanted[at] ?? ''} was due, ${had[at] ?? 'nothing'} came`;
    if (had.length > wanted.length) return `${had[wanted.length] ?? ''} came, nothing was due`;
  }
  return undefined;
}

function byPartition(places: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const place of places) {
    const [name = ''] = place.split('@');
    found.set(name, [...(found.get(name) ?? []), place]);
  }
  return found;
}
