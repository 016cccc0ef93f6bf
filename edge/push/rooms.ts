/**
 * Rooms and the channels behind them. A client knows a room, `order:<orderId>` or `ops`; an order's
 * room has one channel per audience, because a shopper must not see what only operators may.
 */
import type { LogRecord } from '../../streams/runtime/broker';
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

/** The positions of a room's snapshot; a partition that views never read stands at its beginning. */
export function roomPositions(
  parsed: ParsedRoom,
  topics: readonly string[],
  known: readonly Position[],
  partitions: number,
): readonly Position[] {
  const numbers =
    parsed.kind === 'order'
      ? [partitionFor(parsed.orderId, partitions)]
      : Array.from({ length: partitions }, (_, partition) => partition);
  return topics.flatMap((topic) =>
    numbers.map(
      (partition) =>
        known.find((position) => position.topic === topic && position.partition === partition) ?? {
          topic,
          partition,
          nextOffset: 0,
        },
    ),
  );
}
