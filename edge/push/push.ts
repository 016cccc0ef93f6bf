/**
 * Live updates over socket.io: lets in by the session cookie, lets into rooms, and sends each
 * room what the log says. What always holds: a socket that cannot be served is told why, in the
 * words of edge/errors.ts, and none buffers without bound.
 */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import { Counter, Gauge, type Registry } from 'prom-client';
import { decodeAll } from '../log/decoding';
import type { Codec } from '../../platform/avro/codec';
import type { Traces } from '../../platform/trace/spans';
import type { LogRecord } from '../../streams/runtime/broker';
import type { JoinReply, PushError, ResumeReply } from '../contract/api-types';
import { EdgeError } from '../errors';
import { limits } from '../limits';
import { timelineEntryOf } from './live-record';
import { JoinRates } from './join-rates';
import { tracePush } from './push-traces';
import { enterRoom, refuseTooManyRooms, resumeRoom, type RoomSources } from './room-entry';
import { OPS_CHANNEL, destinationsOf, orderChannel, parseRoom, type Destination } from './rooms';
import type { PushServer, PushSocket } from './socket-server';

export interface PushOptions extends RoomSources {
  /** The session token in the cookie, if there is one. */
  readonly tokenOf: (headers: IncomingHttpHeaders) => string | undefined;
  readonly logger: FastifyBaseLogger;
  readonly metrics: Registry;
  /** Absent where tracing is off. */
  readonly traces?: Traces;
}

type JoinCallback = (answer: JoinReply) => void;
type ResumeCallback = (answer: ResumeReply) => void;

export class Push {
  private readonly sent: Counter;
  private readonly rates = new JoinRates();

  constructor(
    private readonly io: PushServer,
    private readonly options: PushOptions,
  ) {
    const registers = [options.metrics];
    this.sent = new Counter({
      name: 'edge_push_records_total',
      help: 'Records of the log that were sent to at least one room.',
      registers,
    });
    new Gauge({
      name: 'edge_push_sockets',
      help: 'Sockets that are connected.',
      registers,
      collect() {
        this.set(io.sockets.sockets.size);
      },
    });
    io.use((socket, next) => {
      this.letIn(socket).then(
        () => next(),
        (error: unknown) => next(this.handshakeError(error)),
      );
    });
    io.on('connection', (socket) => this.serve(socket));
    options.feed.onRecords((records, codec) => this.send(records, codec));
  }

  /** Closes the sockets of a session that was ended. */
  endSession(token: string): void {
    this.io.in(sessionChannel(token)).disconnectSockets(true);
  }

  /** Closes the sockets of every session of a user. */
  endUser(userId: string): void {
    this.io.in(userChannel(userId)).disconnectSockets(true);
  }

  private async letIn(socket: PushSocket): Promise<void> {
    const token = this.options.tokenOf(socket.handshake.headers);
    const session = await this.options.admission.find(token);
    if (session === null || token === undefined) throw new EdgeError('UNAUTHENTICATED');
    const open = this.io.sockets.adapter.rooms.get(userChannel(session.userId))?.size ?? 0;
    if (open >= limits.socketsPerUserMax) throw new EdgeError('TOO_MANY_SOCKETS');
    socket.data = { session, token, joining: 0 };
  }

  private serve(socket: PushSocket): void {
    const { session, token } = socket.data;
    void socket.join([sessionChannel(token), userChannel(session.userId)]);
    const end = setTimeout(() => socket.disconnect(true), session.expiresAt - Date.now());
    socket.on('disconnect', () => clearTimeout(end));
    // What a client sends may be anything, whatever the types say.
    socket.on('join', (room: unknown, reply: unknown) => {
      if (typeof reply !== 'function') return;
      const answer = reply as JoinCallback;
      void this.enter(socket, room, answer, () => enterRoom(this.options, socket, room, answer));
    });
    socket.on('resume', (room: unknown, named: unknown, reply: unknown) => {
      if (typeof reply !== 'function') return;
      const resumed = reply as ResumeCallback;
      void this.enter(socket, room, resumed, () =>
        resumeRoom(this.options, socket, { room, named }, resumed),
      );
    });
    socket.on('leave', (room: unknown, reply: unknown) => {
      const parsed = parseRoom(room);
      if (parsed?.kind === 'ops') void socket.leave(OPS_CHANNEL);
      if (parsed?.kind === 'order') {
        void socket.leave(orderChannel(parsed.orderId, 'shopper'));
        void socket.leave(orderChannel(parsed.orderId, 'ops'));
      }
      if (typeof reply === 'function') (reply as () => void)();
    });
  }

  private async enter(
    socket: PushSocket,
    room: unknown,
    reply: JoinCallback,
    entering: () => Promise<void>,
  ): Promise<void> {
    try {
      this.rates.take(socket.data.session.userId, Date.now());
      refuseTooManyRooms(socket);
      socket.data.joining += 1;
      try {
        await entering();
      } finally {
        socket.data.joining -= 1;
      }
    } catch (error) {
      reply({
        kind: 'refused',
        room: typeof room === 'string' ? room : '',
        error: this.pushError(error),
      });
    }
  }

  private async send(records: readonly LogRecord[], codec: Codec): Promise<void> {
    const { rooms } = this.io.sockets.adapter;
    const awaited = ({ channels }: Destination) => channels.some((channel) => rooms.has(channel));
    const wanted = records.flatMap((record) => {
      const destinations = destinationsOf(record).filter(awaited);
      return destinations.length === 0 ? [] : [{ record, destinations }];
    });
    const decoded = await decodeAll(
      codec,
      wanted.map(({ record }) => record.value),
    );
    wanted.forEach(({ record, destinations }, index) => {
      const result = decoded[index];
      const entry = result?.kind === 'event' ? timelineEntryOf(record, result.event) : undefined;
      if (entry === undefined) return;
      this.sent.inc();
      for (const { room, channels } of destinations) {
        this.io.to([...channels]).emit('event', { ...entry, room });
      }
      const { traces } = this.options;
      if (traces === undefined || result?.kind !== 'event') return;
      tracePush(traces, record, result.event, destinations.length);
    });
  }

  private pushError(error: unknown): PushError {
    if (!(error instanceof EdgeError)) {
      this.options.logger.error({ err: error }, 'a join failed');
      return pushErrorOf(new EdgeError('INTERNAL'));
    }
    return pushErrorOf(error);
  }

  /** socket.io gives the client an error's message and `data`. */
  private handshakeError(error: unknown): Error {
    const data = this.pushError(error);
    return Object.assign(new Error(data.message), { data });
  }
}

export function pushErrorOf(error: EdgeError): PushError {
  const { code, message } = error;
  // An order that was placed a moment ago is not in the read models yet; a rate is over soon.
  const isSoon = code === 'NOT_FOUND' || code === 'TOO_MANY_REQUESTS';
  return { code, message, retry: error.retry || isSoon };
}

function userChannel(userId: string): string {
  return `user:${userId}`;
}

/** Adapters may print the names of channels, so the token itself is not one. */
function sessionChannel(token: string): string {
  return `session:${createHash('sha256').update(token).digest('hex')}`;
}
