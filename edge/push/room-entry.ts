/**
 * Lets a socket into a room: who may, the snapshot, then everything since.
 *
 *   log   ──o──o──o──|──o──o──o──o──>          o: records of the room
 *                    |        |
 *        snapshot ends here   the socket joins here: what lies between is replayed to it
 *
 * Who comes back names where it has come to, and that takes the place of the snapshot, on whichever
 * edge: the log is the same. Shown by "nothing is missed between the snapshot and the live events" in
 * the tests, and by `npm run prove:sockets`.
 */
import type {
  JoinReply,
  LiveEvent,
  OpsSnapshot,
  OrderSnapshot,
  OrderView,
  Position,
  ResumeReply,
} from '../contract/api-types';
import { EdgeError } from '../errors';
import { limits } from '../limits';
import { alertTopics, orderTopics, type Audience } from '../order-topics';
import type { ReadModels } from '../read-models/read-models';
import type { Admission } from '../sessions/admission';
import type { Session } from '../sessions/session-store';
import type { LiveFeed } from './live-feed';
import {
  OPS_CHANNEL,
  orderChannel,
  parseRoom,
  positionsNamed,
  roomPositions,
  type ParsedRoom,
} from './rooms';
import type { PushSocket } from './socket-server';

export interface RoomSources {
  readonly admission: Admission;
  readonly readModels: ReadModels;
  readonly feed: LiveFeed;
}

/** A room as this one sees it: operators are shown more of an order than its owner. */
interface View {
  readonly parsed: ParsedRoom;
  readonly channel: string;
  readonly topics: readonly string[];
}

/** Replies `joined` and joins, or rejects with an EdgeError and changes nothing. */
export async function enterRoom(
  sources: RoomSources,
  socket: PushSocket,
  name: unknown,
  reply: (answer: JoinReply) => void,
): Promise<void> {
  const { session, view } = await ask(sources, socket, name);
  await enterAfresh(sources, socket, { session, view }, reply);
}

/**
 * Replies `resumed` and joins, and sends what came since `named`; with `joined` and a snapshot where
 * the log cannot tell all of that, or not soon. Rejects with an EdgeError and changes nothing.
 */
export async function resumeRoom(
  sources: RoomSources,
  socket: PushSocket,
  { room, named }: { readonly room: unknown; readonly named: unknown },
  reply: (answer: ResumeReply) => void,
): Promise<void> {
  const { feed, readModels } = sources;
  const { session, view } = await ask(sources, socket, room);
  const { parsed, topics } = view;
  const positions = positionsNamed(parsed, { topics, partitions: feed.partitions }, named);
  if (positions === undefined) throw new EdgeError('INVALID_FIELD', { field: 'positions' });
  if (parsed.kind === 'order') {
    refuseOthers(session, await readModels.order(parsed.orderId));
  }
  try {
    await feed.refuseUnknown(positions);
    await follow(sources, socket, { view, positions }, () =>
      reply({ kind: 'resumed', room: parsed.room }),
    );
  } catch (error) {
    if (!(error instanceof EdgeError) || error.code !== 'VIEWS_BEHIND') throw error;
    await enterAfresh(sources, socket, { session, view }, reply);
  }
}

/** Whether the room is one, and whose it would be. Of an operators' room that says who may. */
async function ask(
  { admission }: RoomSources,
  socket: PushSocket,
  name: unknown,
): Promise<{ readonly session: Session; readonly view: View }> {
  const parsed = parseRoom(name);
  if (parsed === undefined) throw new EdgeError('UNKNOWN_ROOM', { field: 'room' });
  // The session may have ended since the handshake.
  const session = await admission.find(socket.data.token);
  if (session === null) throw new EdgeError('UNAUTHENTICATED');
  const isOperator = session.roles.includes('ops');
  if (parsed.kind === 'ops') {
    if (!isOperator) throw new EdgeError('FORBIDDEN');
    return { session, view: { parsed, channel: OPS_CHANNEL, topics: alertTopics } };
  }
  const audience: Audience = isOperator ? 'ops' : 'shopper';
  const channel = orderChannel(parsed.orderId, audience);
  return { session, view: { parsed, channel, topics: orderTopics[audience] } };
}

async function enterAfresh(
  sources: RoomSources,
  socket: PushSocket,
  { session, view }: { readonly session: Session; readonly view: View },
  reply: (answer: JoinReply) => void,
): Promise<void> {
  const { parsed, topics } = view;
  const snapshot = await snapshotOf(sources, session, view);
  const places = { topics, partitions: sources.feed.partitions };
  const positions = roomPositions(parsed, places, snapshot.positions);
  await follow(sources, socket, { view, positions }, () =>
    reply({ kind: 'joined', room: parsed.room, snapshot: { ...snapshot, positions } }),
  );
}

async function snapshotOf(
  { readModels }: RoomSources,
  session: Session,
  { parsed, topics }: View,
): Promise<OrderSnapshot | OpsSnapshot> {
  if (parsed.kind === 'ops') return readModels.opsSnapshot(topics);
  const snapshot = await readModels.orderSnapshot(parsed.orderId, topics);
  refuseOthers(session, snapshot.order ?? undefined);
  return snapshot;
}

/** An operator may see any order, also one that the read models do not have yet. */
function refuseOthers(session: Session, order: OrderView | undefined): void {
  const isOperator = session.roles.includes('ops');
  if (!isOperator && order?.userId !== session.userId) throw new EdgeError('NOT_FOUND');
}

/** Joins, replies, and sends what the log has from `positions` on. */
async function follow(
  { feed }: RoomSources,
  socket: PushSocket,
  { view, positions }: { readonly view: View; readonly positions: readonly Position[] },
  entered: () => void,
): Promise<void> {
  const { room } = view.parsed;
  const key = view.parsed.kind === 'order' ? view.parsed.orderId : undefined;
  await feed.replay(positions, key, (entries) => {
    if (!socket.connected) return;
    void socket.join(view.channel);
    entered();
    for (const entry of entries) {
      const event: LiveEvent = { ...entry, room };
      socket.emit('event', event);
    }
  });
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
