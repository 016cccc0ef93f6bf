/**
 * A page, as far as its socket goes: it is in one room, and whenever its edge is gone it connects to the
 * next one and names how far it had come. It keeps every record that it was given.
 */
import { io, type Socket } from 'socket.io-client';
import type {
  ClientToServer,
  JoinReply,
  LiveEvent,
  Position,
  ResumeReply,
  Room,
  ServerToClient,
  TimelineEntry,
} from '../../edge/contract/api-types';
import { LogCursor } from '../../dashboard/live/log-cursor';

export interface FollowedRoomOptions {
  readonly room: Room;
  readonly cookie: string;
  /** It begins at the first of them. */
  readonly edgeUrls: readonly string[];
  /** Tells pages apart, so that they do not all come back in the same moment. */
  readonly number: number;
}

/** What happened to it, for the figures. */
export interface RoomCounts {
  /** How often a connection was lost. */
  lost: number;
  resumed: number;
  /** Snapshots after the first. */
  snapshots: number;
  /** Records that came again, which a page leaves out. */
  doubles: number;
  /** The edge that answered was another one than before. */
  moved: number;
}

type RoomSocket = Socket<ServerToClient, ClientToServer>;

const CONNECT_WITHIN_MS = 5_000;
const REPLY_WITHIN_MS = 10_000;
const AGAIN_FIRST_MS = 100;
const AGAIN_LONGEST_MS = 2_000;

export class FollowedRoom {
  readonly counts: RoomCounts = { lost: 0, resumed: 0, snapshots: 0, doubles: 0, moved: 0 };
  /** Of the first snapshot: what follows from there on is what must have come. */
  begun: readonly Position[] = [];
  /** In the order in which they were given. */
  readonly events: LiveEvent[] = [];
  /** When it was in its room again after the last loss, ms since the epoch. */
  backAt = 0;
  private cursor: LogCursor | undefined;
  private socket: RoomSocket | undefined;
  private edge = 0;
  private answeredBy: number | undefined;
  private tries = 0;
  private again: ReturnType<typeof setTimeout> | undefined;
  private state: 'out' | 'in' | 'closed' = 'out';

  constructor(private readonly options: FollowedRoomOptions) {}

  get isIn(): boolean {
    return this.state === 'in';
  }

  get positions(): readonly Position[] {
    return this.cursor?.positions ?? [];
  }

  open(): void {
    const url = this.options.edgeUrls[this.edge % this.options.edgeUrls.length] ?? '';
    const socket: RoomSocket = io(url, {
      extraHeaders: { cookie: this.options.cookie },
      transports: ['websocket'],
      ...{ reconnection: false, forceNew: true, timeout: CONNECT_WITHIN_MS },
    });
    this.socket = socket;
    socket.on('connect', () => this.enter(socket));
    socket.on('connect_error', () => this.comeBack(socket, 'next'));
    socket.on('disconnect', () => {
      this.counts.lost += 1;
      this.comeBack(socket, 'next');
    });
    socket.on('event', (event) => this.take(event));
  }

  close(): void {
    this.state = 'closed';
    clearTimeout(this.again);
    this.socket?.disconnect();
  }

  private enter(socket: RoomSocket): void {
    const { cursor } = this;
    const { room } = this.options;
    const asked = socket.timeout(REPLY_WITHIN_MS);
    const answered = (silence: Error | null, reply: ResumeReply): void => {
      if (socket !== this.socket || !socket.connected) return;
      if (silence === null && reply.kind !== 'refused') this.entered(reply);
      else this.comeBack(socket, 'same');
    };
    if (cursor === undefined) asked.emit('join', room, answered);
    else asked.emit('resume', room, cursor.positions, answered);
  }

  private entered(reply: Exclude<ResumeReply, { kind: 'refused' }>): void {
    if (this.answeredBy !== undefined && this.answeredBy !== this.edge) this.counts.moved += 1;
    this.answeredBy = this.edge;
    this.tries = 0;
    this.state = 'in';
    this.backAt = Date.now();
    if (reply.kind === 'resumed') this.counts.resumed += 1;
    else this.begin(reply);
  }

  private begin({ snapshot }: Extract<JoinReply, { kind: 'joined' }>): void {
    if (this.cursor === undefined) this.begun = snapshot.positions;
    else {
      this.counts.snapshots += 1;
      if (snapshot.kind === 'order') this.takeAll(snapshot.timeline);
    }
    this.cursor = new LogCursor(snapshot.positions);
  }

  /** What a snapshot says of the time that was missed. */
  private takeAll(timeline: readonly TimelineEntry[]): void {
    const inLogOrder = [...timeline].sort((a, b) => a.loggedAt - b.loggedAt || a.offset - b.offset);
    const missed = inLogOrder.filter((entry) => this.cursor?.take(entry) === true);
    const { room } = this.options;
    this.events.push(...missed.map((entry) => ({ ...entry, room })));
  }

  private take(event: LiveEvent): void {
    if (this.cursor?.take(event) === true) this.events.push(event);
    else this.counts.doubles += 1;
  }

  private comeBack(socket: RoomSocket, edge: 'same' | 'next'): void {
    if (socket !== this.socket || this.state === 'closed') return;
    socket.removeAllListeners();
    socket.disconnect();
    this.state = 'out';
    if (edge === 'next') this.edge = (this.edge + 1) % this.options.edgeUrls.length;
    const wholeMs = Math.min(AGAIN_LONGEST_MS, AGAIN_FIRST_MS * 2 ** this.tries);
    this.tries += 1;
    // Spread by the number of the page, and not by chance: a run can be had again.
    const share = 0.5 + ((this.options.number * 7 + this.tries * 13) % 50) / 100;
    clearTimeout(this.again);
    this.again = setTimeout(() => this.open(), wholeMs * share);
  }
}
