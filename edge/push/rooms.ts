/**
 * Rooms and the channels behind them. A client knows a room, `order:<orderId>` or `ops`; an order's
 * room has one channel per audience, because a shopper must not see what only operators may.
 */
import { partitionName, type LogRecord, type TopicPartition } from '../../streams/runtime/broker';
import { partitionFor } from '../../streams/runtime/kafka/partitioner';
import type { Position, Room } from '../contract/api-types';
import { alertTopics, orderTopics, type Audience } from '../order-topics';

export type ParsedRoom =
  | { readonly kind: 'order'; readonly room: Room; readonly orderId: string }
  | { readonly kind: 'ops'; readonly room: Room };

const ORDER_ROOM = /^order:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Undefined for anything that is not the name of a room. */
export function parseRoom(text: unknown): ParsedRoom | undefined {
  if (text === 'ops') return { kind: 'ops', room: 'ops' };
  const orderId = typeof text === 'string' ? ORDER_ROOM.exec(text)?.[1] : undefined;
  return orderId === undefined ? undefined : { kind: 'order', room: `order:${orderId}`, orderId };
}

export const OPS_CHANNEL = 'ops';

export function orderChannel(orderId: string, audience: Audience): string {
  return `order:${orderId}:${audience}`;
}

/** Who is sent a record: the room as the client knows it, and its channels. */
export interface Destination {
  readonly room: Room;
  readonly channels: readonly string[];
}

export function destinationsOf({ topic, key }: LogRecord): readonly Destination[] {
  const orderId = key?.toString('utf8') ?? '';
  const audiences = (['shopper', 'ops'] as const).filter((audience) =>
    orderTopics[audience].includes(topic),
  );
  const order: Destination = {
    room: `order:${orderId}`,
    channels: audiences.map((audience) => orderChannel(orderId, audience)),
  };
  const ops: Destination = { room: 'ops', channels: [OPS_CHANNEL] };
  return [...(audiences.length > 0 ? [order] : []), ...(alertTopics.includes(topic) ? [ops] : [])];
}

/** Where a room is in the log. */
interface RoomPlaces {
  readonly topics: readonly string[];
  /** Of each topic. */
  readonly partitions: number;
}

/** The positions of a room's snapshot; a partition that views never read stands at its beginning. */
export function roomPositions(
  parsed: ParsedRoom,
  places: RoomPlaces,
  known: readonly Position[],
): readonly Position[] {
  return placesOf(parsed, places).map(
    ({ topic, partition }) =>
      known.find((position) => position.topic === topic && position.partition === partition) ?? {
        topic,
        partition,
        nextOffset: 0,
      },
  );
}

/**
 * How far a client says that it has come. Undefined unless it names each partition of the room, once,
 * and nothing else: what it leaves out it would miss.
 */
export function positionsNamed(
  parsed: ParsedRoom,
  places: RoomPlaces,
  named: unknown,
): readonly Position[] | undefined {
  const wanted = placesOf(parsed, places);
  if (!Array.isArray(named) || named.length !== wanted.length) return undefined;
  const offsets = new Map<string, number>();
  for (const each of named as unknown[]) {
    if (!isPosition(each)) return undefined;
    offsets.set(partitionName(each), each.nextOffset);
  }
  const positions = wanted.flatMap((place) => {
    const nextOffset = offsets.get(partitionName(place));
    return nextOffset === undefined ? [] : [{ ...place, nextOffset }];
  });
  return positions.length === wanted.length ? positions : undefined;
}

function isPosition(value: unknown): value is Position {
  if (typeof value !== 'object' || value === null) return false;
  const { topic, partition, nextOffset } = value as Partial<Record<keyof Position, unknown>>;
  const isOffset = Number.isSafeInteger(nextOffset) && Number(nextOffset) >= 0;
  return typeof topic === 'string' && Number.isSafeInteger(partition) && isOffset;
}

function placesOf(
  parsed: ParsedRoom,
  { topics, partitions }: RoomPlaces,
): readonly TopicPartition[] {
  const numbers =
    parsed.kind === 'order'
      ? [partitionFor(parsed.orderId, partitions)]
      : Array.from({ length: partitions }, (_, partition) => partition);
  return topics.flatMap((topic) => numbers.map((partition) => ({ topic, partition })));
}
