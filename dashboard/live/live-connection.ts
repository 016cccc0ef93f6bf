/**
 * The socket to the edge and the rooms that the page is in. What always holds: a listener is given
 * each record once, also over a lost connection: the room goes on where it had come to, at whichever
 * edge answers, or begins again with a snapshot where that edge cannot tell what was missed.
 *
 *   closed ──open──> connecting ──> connected <──> lost      (a lost one is retried for ever)
 */
import { shallowRef } from 'vue';
import type { Socket } from 'socket.io-client';
import type {
  ClientToServer,
  LiveEvent,
  OpsSnapshot,
  OrderSnapshot,
  PushError,
  ResumeReply,
  Room,
  ServerToClient,
  TimelineEntry,
} from '../../edge/contract/api-types';
import { Backoff } from '../backoff';
import { LogCursor } from './log-cursor';

export type ConnectionState =
  | { readonly kind: 'closed' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'lost'; readonly since: number };

/** The edge's own words, or NO_ANSWER when it has none. */
export type Refusal = Omit<PushError, 'code'> & {
  readonly code: PushError['code'] | 'NO_ANSWER';
};

/** Longer than the edge reads Postgres and Kafka for a room. */
const JOIN_WITHIN_MS = 10_000;
const NO_ANSWER: Refusal = {
  code: 'NO_ANSWER',
  message: 'The server does not answer.',
  retry: true,
};

export interface RoomListener {
  /** The state of the room as a whole; may come again after a reconnect, and does after a refusal. */
  snapshot(snapshot: OpsSnapshot | OrderSnapshot): void;
  /** One record, after the snapshot that it is not part of. */
  record(entry: TimelineEntry): void;
  /** The room could not be entered; it is retried when `retry` says so. */
  refused(refusal: Refusal): void;
}

export type LiveSocket = Socket<ServerToClient, ClientToServer>;

interface Stay {
  readonly room: Room;
  readonly listener: RoomListener;
  readonly backoff: Backoff;
  /** How far it was followed; undefined: it begins with a snapshot. */
  cursor: LogCursor | undefined;
  again: ReturnType<typeof setTimeout> | undefined;
}

export class LiveConnection {
  readonly state = shallowRef<ConnectionState>({ kind: 'closed' });
  /** What the edge itself misses right now, one per service. */
  readonly troubles = shallowRef<readonly PushError[]>([]);
  private readonly stays = new Map<Room, Stay>();
  private readonly backoff = new Backoff();
  private again: ReturnType<typeof setTimeout> | undefined;

  /** `socket` must not connect by itself. `onSessionEnded`: the edge does not know us any more. */
  constructor(
    private readonly socket: LiveSocket,
    private readonly onSessionEnded: () => void,
  ) {
    socket.on('connect', () => this.connected());
    socket.on('disconnect', () => this.lost());
    socket.on('connect_error', (error) => this.refused((error as RefusedHandshake).data));
    socket.on('event', (event) => this.take(event));
    socket.on('trouble', (error) => {
      const others = this.troubles.value.filter(({ code }) => code !== error.code);
      this.troubles.value = [...others, error];
    });
    socket.on('recovered', () => {
      this.troubles.value = [];
    });
  }

  open(): void {
    if (this.state.value.kind !== 'closed') return;
    this.state.value = { kind: 'connecting' };
    this.socket.connect();
  }

  close(): void {
    this.state.value = { kind: 'closed' };
    this.troubles.value = [];
    clearTimeout(this.again);
    this.socket.disconnect();
  }

  /** One listener per room. Call what is returned to leave it. */
  enter(room: Room, listener: RoomListener): () => void {
    const stay: Stay = {
      room,
      listener,
      backoff: new Backoff(),
      cursor: undefined,
      again: undefined,
    };
    this.end(this.stays.get(room));
    this.stays.set(room, stay);
    if (this.socket.connected) this.join(stay);
    return () => {
      if (this.stays.get(room) !== stay) return;
      this.end(stay);
      this.stays.delete(room);
      if (this.socket.connected) this.socket.emit('leave', room, () => undefined);
    };
  }

  private end(stay: Stay | undefined): void {
    if (stay !== undefined) clearTimeout(stay.again);
  }

  private connected(): void {
    this.state.value = { kind: 'connected' };
    this.troubles.value = [];
    this.backoff.succeeded();
    for (const stay of this.stays.values()) this.join(stay);
  }

  private lost(): void {
    if (this.state.value.kind === 'closed') return;
    this.markLost();
    for (const stay of this.stays.values()) clearTimeout(stay.again);
    this.reconnect();
  }

  private refused(error: PushError | undefined): void {
    if (this.state.value.kind === 'closed') return;
    if (error?.code === 'UNAUTHENTICATED') {
      this.onSessionEnded();
      return;
    }
    this.markLost();
    this.reconnect();
  }

  private markLost(): void {
    if (this.state.value.kind !== 'lost') this.state.value = { kind: 'lost', since: Date.now() };
  }

  /** Not left to socket.io, which stays away when it was the server that hung up. */
  private reconnect(): void {
    clearTimeout(this.again);
    this.again = setTimeout(() => this.socket.connect(), this.backoff.nextMs());
  }

  private join(stay: Stay): void {
    const { room, cursor } = stay;
    const answered = (silence: Error | null, reply: ResumeReply): void => {
      // A lost connection ends the wait, too; the next one joins anew.
      if (!this.socket.connected) return;
      const current = this.stays.get(room);
      if (current === undefined) this.socket.emit('leave', room, () => undefined);
      else if (current !== stay) return;
      else if (silence === null) this.entered(stay, reply);
      else this.turnedAway(stay, NO_ANSWER);
    };
    const asked = this.socket.timeout(JOIN_WITHIN_MS);
    if (cursor === undefined) asked.emit('join', room, answered);
    else asked.emit('resume', room, cursor.positions, answered);
  }

  private entered(stay: Stay, reply: ResumeReply): void {
    if (reply.kind === 'resumed') {
      stay.backoff.succeeded();
      return;
    }
    if (reply.kind === 'joined') {
      stay.backoff.succeeded();
      stay.cursor = new LogCursor(reply.snapshot.positions);
      stay.listener.snapshot(reply.snapshot);
      return;
    }
    if (reply.error.code === 'UNAUTHENTICATED') this.onSessionEnded();
    else this.turnedAway(stay, reply.error);
  }

  private turnedAway(stay: Stay, refusal: Refusal): void {
    // Whoever was told so waits for a snapshot.
    stay.cursor = undefined;
    stay.listener.refused(refusal);
    if (refusal.retry) stay.again = setTimeout(() => this.join(stay), stay.backoff.nextMs());
  }

  private take({ room, ...entry }: LiveEvent): void {
    const stay = this.stays.get(room);
    // Without a cursor the snapshot is still to come, and it will hold this record.
    if (stay?.cursor?.take(entry) === true) stay.listener.record(entry);
  }
}

/** What socket.io gives when the edge refused the handshake; without data the network did. */
type RefusedHandshake = Error & { readonly data?: PushError };
