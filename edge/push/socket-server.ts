/** socket.io, typed with what passes over it. */
import type { IncomingMessage } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import type { ClientToServer, ServerToClient } from '../contract/api-types';
import { limits } from '../limits';
import { isSameOrigin, sourceOf, type OriginPolicy } from '../same-origin';
import type { Session } from '../sessions/session-store';

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

/** Attaches to the HTTP server; pages of other origins are refused before the handshake. */
export function openSocketServer(http: HttpServer, policy: OriginPolicy): PushServer {
  return new Server(http, {
    path: '/socket.io',
    serveClient: false,
    maxHttpBufferSize: limits.socketMessageBytesMax,
    allowRequest: (request, done) => done(null, mayConnect(request, policy)),
  });
}

function mayConnect({ headers }: IncomingMessage, { origins, proxyDepth }: OriginPolicy): boolean {
  return isSameOrigin(sourceOf(headers, proxyDepth), origins);
}
