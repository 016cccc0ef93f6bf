/**
 * An edge of nothing but rooms: a real socket.io server that answers as it is told and remembers
 * who is where, so that a test can cut connections and refuse rooms.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import type {
  ClientToServer,
  JoinReply,
  LiveEvent,
  OrderSnapshot,
  Position,
  PushError,
  ResumeReply,
  Room,
  ServerToClient,
} from '../../../edge/contract/api-types';

type Answer = (room: string) => JoinReply;
type ResumeAnswer = (room: string, positions: readonly Position[]) => ResumeReply;

export const topic = 'orders.events.v1';

export class PushServer {
  /** What a `join` is answered with. */
  answer: Answer = joinedFrom(0);
  /** What a handshake is refused with. */
  handshakeError: PushError | undefined;
  /** What a `resume` is answered with. */
  resumeAnswer: ResumeAnswer = (room) => ({ kind: 'resumed', room: room as Room });
  readonly joins: string[] = [];
  /** What was named with each `resume`. */
  readonly resumes: (readonly Position[])[] = [];
  readonly leaves: string[] = [];
  private readonly http = createServer();
  private readonly io = new Server<ClientToServer, ServerToClient>(this.http);

  constructor() {
    this.io.use((_socket, next) => {
      const { handshakeError: data } = this;
      next(data === undefined ? undefined : Object.assign(new Error(data.message), { data }));
    });
    this.io.on('connection', (socket) => {
      socket.on('join', (room, reply) => {
        this.joins.push(room);
        const answer = this.answer(room);
        if (answer.kind === 'joined') void socket.join(room);
        reply(answer);
      });
      socket.on('resume', (room, positions, reply) => {
        this.resumes.push(positions);
        const answer = this.resumeAnswer(room, positions);
        if (answer.kind !== 'refused') void socket.join(room);
        reply(answer);
      });
      socket.on('leave', (room, reply) => {
        this.leaves.push(room);
        void socket.leave(room);
        reply();
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.http.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${String((this.http.address() as AddressInfo).port)}`;
  }

  /** To whoever is in the room. */
  send(room: Room, offset: number): void {
    this.io.to(room).emit('event', record(room, offset));
  }

  tell(trouble: PushError): void {
    this.io.emit('trouble', trouble);
  }

  recover(): void {
    this.io.emit('recovered');
  }

  hangUp(): void {
    this.io.disconnectSockets(true);
  }

  async close(): Promise<void> {
    await this.io.close();
  }
}

/** A snapshot of an order that nobody has heard of, up to `nextOffset` of partition 0. */
export function joinedFrom(nextOffset: number): Answer {
  return (room) => {
    const positions = [{ topic, partition: 0, nextOffset }];
    const snapshot: OrderSnapshot = {
      ...{ kind: 'order', order: null, payment: null, timeline: [], positions },
    };
    return { kind: 'joined', room: room as Room, snapshot };
  };
}

export function refusedWith(error: PushError): Answer {
  return (room) => ({ kind: 'refused', room, error });
}

function record(room: Room, offset: number): LiveEvent {
  return {
    ...{ room, topic, partition: 0, offset },
    eventId: `event-${String(offset)}`,
    type: 'OrderCreated',
    occurredAt: offset,
    loggedAt: offset,
    payload: {},
  };
}
