/** socket.io, typed with what passes over it, and who may connect at all. */
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import type { ClientToServer, ServerToClient } from '../contract/api-types';
import { limits } from '../limits';
import { isSameOrigin, sourceOf, type OriginPolicy } from '../same-origin';
import type { Session } from '../sessions/session-store';
import { WaitingSockets, type Connection } from './waiting-sockets';

/** Set by the handshake, which lets no socket in without it. */
export interface SocketData {
  session: Session;
  token: string;
  /** Rooms that were asked for and are not entered yet. */
  joining: number;
}

type NoEvents = Record<string, never>;
export type PushServer = Server<ClientToServer, ServerToClient, NoEvents, SocketData>;
export type PushSocket = Socket<ClientToServer, ServerToClient, NoEvents, SocketData>;

/**
 * Attaches to the HTTP server. Refused before the handshake: pages of other origins, and more sockets
 * at once than may wait to say who they are.
 */
export function openSocketServer(http: HttpServer, policy: OriginPolicy): PushServer {
  const waiting = new WaitingSockets(policy.proxyDepth);
  const io: PushServer = new Server(http, {
    path: '/socket.io',
    serveClient: false,
    maxHttpBufferSize: limits.socketMessageBytesMax,
    allowRequest: (request, done) => {
      done(null, mayConnect(request, policy) && waiting.hasRoomFor(request));
    },
  });
  io.engine.on('connection', (connection: Connection) => waiting.add(connection));
  io.on('connection', ({ conn }) => waiting.admit(conn));
  return io;
}

function mayConnect({ headers }: IncomingMessage, { origins, proxyDepth }: OriginPolicy): boolean {
  return isSameOrigin(sourceOf(headers, proxyDepth), origins);
}
