/**
 * Lets a socket into a room: who may, the snapshot, then everything since.
 *
 *   log   ──o──o──o──|──o──o──o──o──>          o: records of the room
 *                    |        |
 *        snapshot ends here   the socket joins here: what lies between is replayed to it
 *
 * Shown by "nothing is missed between the snapshot and the live events" in the tests.
 */
import type { JoinReply, LiveEvent, OpsSnapshot, OrderSnapshot } from '../contract/api-types';
import { EdgeError } from '../errors';
import { limits } from '../limits';
import { alertTopics, orderTopics, type Audience } from '../order-topics';
import type { ReadModels } from '../read-models/read-models';
import type { Admission } from '../sessions/admission';
import type { Session } from '../sessions/session-store';
import type { LiveFeed } from './live-feed';
import { OPS_CHANNEL, orderChannel, parseRoom, roomPositions, type ParsedRoom } from './rooms';
import type { PushSocket } from './socket-server';

export interface RoomSources {
  readonly admission: Admission;
  readonly readModels: ReadModels;
  readonly feed: LiveFeed;
}

interface Entry {
  readonly parsed: ParsedRoom;
  readonly channel: string;
  readonly topics: readonly string[];
  readonly snapshot: OrderSnapshot | OpsSnapshot;
}

/** Replies `joined` and joins, or rejects with an EdgeError and changes nothing. */
export async function enterRoom(
  sources: RoomSources,
  socket: PushSocket,
  name: unknown,
  reply: (answer: JoinReply) => void,
): Promise<void> {
  const parsed = parseRoom(name);
  if (parsed === undefined) throw new EdgeError('UNKNOWN_ROOM', { field: 'room' });
  // The session may have ended since the handshake.
  const session = await sources.admission.find(socket.data.token);
  if (session === null) throw new EdgeError('UNAUTHENTICATED');
  const { channel, topics, snapshot } = await prepare(sources, parsed, session);
  const key = parsed.kind === 'order' ? parsed.orderId : undefined;
  const positions = roomPositions(parsed, topics, snapshot.positions, sources.feed.partitions);
  await sources.feed.replay(positions, key, (entries) => {
    if (!socket.connected) return;
    void socket.join(channel);
    reply({ kind: 'joined', room: parsed.room, snapshot: { ...snapshot, positions } });
    for (const entry of entries) {
      const event: LiveEvent = { ...entry, room: parsed.room };
      socket.emit('event', event);
    }
  });
}

async function prepare(
  { readModels }: RoomSources,
  parsed: ParsedRoom,
  session: Session,
): Promise<Entry> {
  const isOperator = session.roles.includes('ops');
  if (parsed.kind === 'ops') {
    if (!isOperator) throw new EdgeError('FORBIDDEN');
    const snapshot = await readModels.opsSnapshot(alertTopics);
    return { parsed, channel: OPS_CHANNEL, topics: alertTopics, snapshot };
  }
  const audience: Audience = isOperator ? 'ops' : 'shopper';
  const topics = orderTopics[audience];
  const snapshot = await readModels.orderSnapshot(parsed.orderId, topics);
  const mine = isOperator || snapshot.order?.userId === session.userId;
  if (!mine) throw new EdgeError('NOT_FOUND');
  return { parsed, channel: orderChannel(parsed.orderId, audience), topics, snapshot };
}

/** Channels that the socket is in, without the one that socket.io gives each socket. */
function roomCount(socket: PushSocket): number {
  return [...socket.rooms].filter((room) => room === OPS_CHANNEL || room.startsWith('order:'))
    .length;
}

export function refuseTooManyRooms(socket: PushSocket): void {
  if (roomCount(socket) + socket.data.joining >= limits.roomsPerSocketMax) {
    throw new EdgeError('TOO_MANY_ROOMS');
  }
}
